/** What came of an approval: what went out to whom, who was told, who looked, what was taken back. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { DocumentKind, OUTBOX_STATES } from '../vocabulary.ts';
import { type TakingTotals, takingTotals, withTakings } from './taking.ts';

export const PARTS_PAGE_SIZE = 20;
export const PART_DOCUMENTS_PAGE_SIZE = 50;

export type Withdrawal = {
  at: string;
  by: string | null;
  reason: string | null;
  items: number;
  /** Null for all of the publish, as the document is for more than one. */
  customer: { key: string; name: string } | null;
  document: { kind: DocumentKind; number: string } | null;
  /** The publish that was taken back, and whose repeats went with it; null for one of this publish. */
  with: { id: string; name: string } | null;
};
export type Outcome = {
  /** The only approver approved their own import, and said so. */
  ownImportConfirmed: boolean;
  withdrawals: Withdrawal[];
  letters: Record<(typeof OUTBOX_STATES)[number], number>;
  seen: TakingTotals;
};
export type Letter = {
  contact: string;
  email: string;
  state: (typeof OUTBOX_STATES)[number];
  at: string;
};
/** A customer's part of a publish. */
export type PublishedPart = {
  key: string;
  /** Null for a customer that is not known any more. */
  id: string | null;
  name: string;
  documents: Partial<Record<DocumentKind, number>>;
  orders: number;
  /** People who were not in an earlier publish. */
  recipients: number;
  items: number;
  withdrawn: number;
  letters: Letter[];
  seen: TakingTotals;
};
/** `replaced`: a later publish brought another file. */
export type DocumentState = 'current' | 'replaced' | 'withdrawn';
export type PublishedDocument = {
  key: string;
  kind: DocumentKind;
  number: string;
  orderNumber: string | null;
  state: DocumentState;
  seen: TakingTotals;
};

/** The outcome of a publish; no row when it was never approved, or is not of this org. */
export function readOutcome(db: Db, publishId: string) {
  return db.execute<{ body: Outcome }>(sql`
    ${withTakings(publishId, sql`i.kind in ('document', 'order', 'invoice')`)}
    select jsonb_build_object(
      'ownImportConfirmed', p.own_import_confirmed,
      'withdrawals', (
        select coalesce(jsonb_agg(jsonb_build_object(
                 'at', ${instant(sql`(w->>'at')::timestamptz`)}, 'by', m.name, 'reason', w->>'reason', 'items', (w->>'items')::int,
                 'customer', case when w ? 'customer' then jsonb_build_object('key', w->>'customer', 'name', coalesce(b.name, w->>'customer')) end,
                 'document', case when w ? 'document' then jsonb_build_object(
                   'kind', split_part(w->>'document', ':', 1),
                   'number', coalesce(i.fields->>'document_number', substr(w->>'document', strpos(w->>'document', ':') + 1))) end,
                 'with', case when w ? 'with' then jsonb_build_object('id', w->>'with', 'name', q.name) end)
               order by w->>'at' desc), '[]')
          from jsonb_array_elements(case
                 when p.summary ? 'withdrawals' then p.summary->'withdrawals'
                 -- One from before reasons were asked for.
                 when p.withdrawn_at is not null then jsonb_build_array(jsonb_build_object(
                   'at', p.withdrawn_at, 'by', p.withdrawn_by, 'items', (p.summary->>'items')::int))
                 else '[]' end) w
          left join staff.members m on m.id = (w->>'by')::uuid
          left join portal.customers b on b.org_id = p.org_id and b.code_key = w->>'customer'
          left join staff.publish_items i on i.publish_id = p.id and i.kind = 'document' and i.key = w->>'document'
          left join staff.publishes q on q.id = (w->>'with')::uuid),
      'letters', (
        select jsonb_build_object('queued', count(*) filter (where o.state = 'queued'), 'sent', count(*) filter (where o.state = 'sent'),
                                  'dead', count(*) filter (where o.state = 'dead'))
          -- By each customer's own event, one by one: an outbox of years is not searched for a beginning.
          from portal.customers b
         cross join lateral (
           select x.state from staff.outbox x
            where x.org_id = b.org_id and x.event = 'publish.approved/' || p.id || '/' || b.code_key
              and x.template = 'documents-ready' offset 0) o
         where b.org_id = p.org_id),
      'seen', (select ${takingTotals} from takings t)) as body
      from staff.publishes p
     where p.id = (select x.id from publish x)`);
}

/** A page of a publish's customers and one row more, by their key. */
export function listParts(db: Db, publishId: string, after: string | undefined) {
  const keys = sql`keys as materialized (
      select distinct i.customer_key as key
        from publish p join staff.publish_items i on i.publish_id = p.id and i.included
       where i.customer_key > ${after ?? ''}
       order by 1 limit ${PARTS_PAGE_SIZE + 1}
    ),`;
  return db.execute<{ part: PublishedPart }>(sql`
    ${withTakings(publishId, sql`i.customer_key in (select k.key from keys k)`, keys)}, kinds as (
      select n.customer_key, jsonb_object_agg(n.kind, n.documents) as documents
        from (select i.customer_key, split_part(i.key, ':', 1) as kind, count(*) as documents
                from items i where i.kind = 'document' group by 1, 2) n
       group by 1
    ), counts as (
      select i.customer_key, count(*) as items, count(*) filter (where i.is_withdrawn) as withdrawn,
             count(*) filter (where i.kind = 'order') as orders,
             count(*) filter (where i.kind = 'contact' and not exists (
               select 1 from staff.publish_items e
                 join staff.publishes q on q.id = e.publish_id and q.status in ('approved', 'withdrawn')
                where e.org_id = (select p.org_id from publish p) and e.kind = 'contact' and e.key = i.key and e.included
                  and q.decided_at < i.decided_at)) as recipients
        from items i group by 1
    ), seen as (
      select t.customer_key, ${takingTotals} as totals from takings t group by 1
    )
    select jsonb_build_object(
      'key', k.key, 'id', b.id, 'name', coalesce(b.name, k.key), 'documents', coalesce(d.documents, '{}'),
      'orders', n.orders, 'recipients', n.recipients, 'items', n.items, 'withdrawn', n.withdrawn,
      'letters', (
        select coalesce(jsonb_agg(jsonb_build_object('contact', coalesce(c.name, o.recipient), 'email', o.recipient, 'state', o.state,
                                                     'at', ${instant(sql`coalesce(o.sent_at, o.created_at)`)}) order by o.recipient), '[]')
          from staff.outbox o left join portal.contacts c on c.id = o.contact_id
         where o.org_id = (select p.org_id from publish p) and o.event = 'publish.approved/' || (select p.id from publish p) || '/' || k.key),
      'seen', coalesce(s.totals, (select ${takingTotals} from takings t where false))) as part
      from keys k
      join counts n on n.customer_key = k.key
      left join kinds d on d.customer_key = k.key
      left join seen s on s.customer_key = k.key
      left join portal.customers b on b.org_id = (select p.org_id from publish p) and b.code_key = k.key
     order by k.key`);
}

/** A page of the documents that a publish brought a customer and one row more, by their key. */
export function listPartDocuments(
  db: Db,
  publishId: string,
  customer: string,
  after: string | undefined,
) {
  const shown = sql`shown as materialized (
      select i.key
        from publish p join staff.publish_items i on i.publish_id = p.id and i.included
       where i.kind = 'document' and i.customer_key = ${customer} and i.key > ${after ?? ''}
       order by 1 limit ${PART_DOCUMENTS_PAGE_SIZE + 1}
    ),`;
  return db.execute<{ document: PublishedDocument }>(sql`
    ${withTakings(publishId, sql`i.kind = 'document' and i.key in (select s.key from shown s)`, shown)}
    select jsonb_build_object(
      'key', i.key, 'kind', split_part(i.key, ':', 1), 'number', i.fields->>'document_number', 'orderNumber', i.order_key,
      'state', case when i.is_withdrawn then 'withdrawn' when r.file_sha256 = i.file_sha256 then 'current' else 'replaced' end,
      'seen', (select ${takingTotals} from takings t where t.item_key = i.key)) as document
      from items i
      left join staff.records r on r.org_id = (select p.org_id from publish p) and r.kind = 'document' and r.key = i.key
     order by i.key`);
}
