/**
 * Takings: who has opened or saved what a publish brought. They are stamps, which outlive the document,
 * its link and its withdrawal; what staff saw through a preview is none.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { ContactAccess, DocumentKind, LinkPurpose, TAKEN_AS } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';
import type { Part } from './withdrawal.ts';

export const TAKINGS_PAGE_SIZE = 50;
/** More than this is for a narrower report: one customer's part, or one document. */
export const TAKINGS_CSV_MAX = 20_000;

export type Taking = {
  id: string;
  at: string;
  takenAs: (typeof TAKEN_AS)[number];
  /** What stands on the copy. */
  reference: string;
  document: { kind: DocumentKind; number: string; orderNumber: string | null };
  customer: { id: string; key: string; name: string };
  /** Whether they may come again is as it stands now. */
  contact: { name: string | null; email: string; access: ContactAccess };
  link: {
    id: string;
    last4: string;
    label: string | null;
    purpose: LinkPurpose;
    revokedAt: string | null;
  };
};
export type TakingTotals = {
  viewed: number;
  downloaded: number;
  documents: number;
  people: number;
  customers: number;
  first: string | null;
  last: string | null;
};

/**
 * The beginning of a query, with `items` (what an approval took, of these) and `takings` (of their
 * documents: their own files, and what we drew from their orders and invoices). A taking counts while
 * the item stood; a withdrawal under way may let one through that began a little later.
 *
 * @param which a condition on `i`, a row of staff.publish_items
 * @param first CTEs that the condition needs, each followed by a comma; they may use `publish`
 */
export function withTakings(publishId: string, which: SQL, first: SQL = sql``): SQL {
  return sql`
    with publish as materialized (
      select p.id, p.org_id, p.name, p.decided_at, p.status = 'withdrawn' as is_withdrawn, p.withdrawn_at, p.summary
        from staff.publishes p
       where p.id = ${publishId}::uuid and p.status in ('approved', 'withdrawn')
    ), ${first} items as materialized (
      select i.kind, i.key, i.customer_key, i.order_key, i.fields, i.file_sha256, i.file_size, i.file_name, i.rendition_id,
             i.withdrawn or p.is_withdrawn as is_withdrawn, p.decided_at,
             case when i.withdrawn then coalesce(i.taken_back_at, staff.withdrawn_at(p.summary, i.kind, i.key, i.customer_key))
                  when p.is_withdrawn then p.withdrawn_at end as withdrawn_at
        from publish p
        join staff.publish_items i on i.publish_id = p.id and i.included
       where ${which}
    ), papers as (
      select i.key as item_key, i.customer_key, split_part(i.key, ':', 1) as kind, substr(i.key, strpos(i.key, ':') + 1) as number_key,
             coalesce(n.sha256, i.file_sha256) as object_sha256, i.withdrawn_at
        from items i left join staff.renditions n on n.id = i.rendition_id
       where i.kind = 'document'
      union all
      select null, i.customer_key, case i.kind when 'order' then 'order_confirmation' else coalesce(i.fields->>'document_kind', 'invoice') end,
             i.key, null, i.withdrawn_at
        from items i where i.kind in ('order', 'invoice')
    ), taken as materialized (
      select s.id, s.at, s.taken_as, s.reference, s.kind, s.number, staff.normalise_key(s.number) as number_key, s.order_number,
             s.object_sha256, s.contact_id, s.link_id, b.id as customer_id, b.code_key as customer_key, b.name as customer_name
        from (select distinct w.customer_key from papers w) k
        join portal.customers b on b.org_id = (select p.org_id from publish p) and b.code_key = k.customer_key
        join staff.access_links l on l.org_id = b.org_id and l.customer_id = b.id and l.purpose <> 'preview'
        join staff.stamps s on s.link_id = l.id and s.at >= (select p.decided_at from publish p)
    ), takings as materialized (
      select t.*, w.item_key
        from taken t
        join papers w on w.customer_key = t.customer_key and w.kind = t.kind and w.number_key = t.number_key
         and w.object_sha256 is not distinct from t.object_sha256
         and (w.withdrawn_at is null or t.at < w.withdrawn_at + interval '1 minute')
    )`;
}

/** How often, by how many, and from when to when: a JSON value of rows `t` of takings. */
export const takingTotals = sql`jsonb_build_object(
  'viewed', count(*) filter (where t.taken_as = 'inline'), 'downloaded', count(*) filter (where t.taken_as <> 'inline'),
  'documents', count(distinct (t.customer_key, t.kind, t.number_key)), 'people', count(distinct t.contact_id),
  'customers', count(distinct t.customer_key), 'first', ${instant(sql`min(t.at)`)}, 'last', ${instant(sql`max(t.at)`)})`;

const ofCustomer = ({ customer }: Part) =>
  customer === undefined ? sql`true` : sql`i.customer_key = ${customer}`;
/** Whether an item `i` shows that its publish has such a part. */
const isOf = (part: Part) =>
  part.document === undefined
    ? ofCustomer(part)
    : sql`i.kind = 'document' and i.key = ${part.document} and ${ofCustomer(part)}`;
/** Whether takings of an item `i` are of the part: an invoice that we drew is of its document. */
const isSeenIn = (part: Part) => {
  const { document } = part;
  const kinds = sql`i.kind in ('document', 'order', 'invoice') and ${ofCustomer(part)}`;
  return document === undefined
    ? kinds
    : sql`${kinds} and (i.kind = 'document' and i.key = ${document}
        or i.kind = 'invoice' and ${document} in ('invoice:' || i.key, 'credit_note:' || i.key))`;
};

export type ExposureReport = { publish: { name: string }; totals: TakingTotals; takings: Taking[] };

/**
 * Who took what of a publish or of a part of it: a page and one row more, newest first. No row when
 * nothing of the kind was approved.
 */
export function readExposureReport(
  db: Db,
  publishId: string,
  part: Part,
  page: { cursor?: Cursor | undefined; limit: number },
) {
  const { cursor, limit } = page;
  const behind = cursor
    ? sql`(t.at, t.id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
    : sql`true`;
  return db.execute<{ body: ExposureReport }>(sql`
    ${withTakings(publishId, isSeenIn(part))}
    select jsonb_build_object(
      'publish', (select jsonb_build_object('name', p.name) from publish p),
      'totals', (select ${takingTotals} from takings t),
      'takings', (select coalesce(jsonb_agg(jsonb_build_object(
          'id', t.id, 'at', ${instant(sql`t.at`)}, 'takenAs', t.taken_as, 'reference', t.reference,
          'document', jsonb_build_object('kind', t.kind, 'number', t.number, 'orderNumber', t.order_number),
          'customer', jsonb_build_object('id', t.customer_id, 'key', t.customer_key, 'name', t.customer_name),
          'contact', jsonb_build_object('name', c.name, 'email', c.email, 'access', c.access),
          'link', jsonb_build_object('id', l.id, 'last4', l.last4, 'label', l.label, 'purpose', l.purpose,
                                     'revokedAt', ${instant(sql`l.revoked_at`)})) order by t.at desc, t.id desc), '[]')
        from (select * from takings t where ${behind} order by t.at desc, t.id desc limit ${limit + 1}) t
        join portal.contacts c on c.id = t.contact_id
        join staff.access_links l on l.id = t.link_id)) as body
     where exists (select 1 from publish p join staff.publish_items i on i.publish_id = p.id and i.included where ${isOf(part)})`);
}

/** Notes that staff took the report with them, if there is one. */
export function noteReported(db: Db, publishId: string, part: Part) {
  const { customer = null, document = null } = part;
  return db.execute(sql`
    select staff.audit('exposure.reported', 'publish', p.id::text,
             jsonb_strip_nulls(jsonb_build_object('customer', ${customer}::text, 'document', ${document}::text)),
             (select c.id from portal.customers c where c.code_key = ${customer}))::text
      from staff.publishes p
     where p.id = ${publishId}::uuid and p.status in ('approved', 'withdrawn')
       and exists (select 1 from staff.publish_items i where i.publish_id = p.id and i.included and ${isOf(part)})`);
}
