/** The review: what would go out, to whom, and what stands in its way. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type {
  CanonicalField,
  DocumentKind,
  ExposableField,
  ItemChange,
  ItemKind,
  Served,
} from '../vocabulary.ts';
import type { ReportedProblem } from './staged-item.ts';

export const REVIEW_PAGE_SIZE = 100;

/** A problem as the review tells it: whether an approver may answer for it, and has. */
export type ReviewProblem = ReportedProblem & { overridable?: true; overridden?: true };

export type ReviewItem = {
  kind: ItemKind;
  key: string;
  customerKey: string;
  orderKey: string | null;
  line: number;
  fields: Partial<Record<CanonicalField, string>>;
  before: Partial<Record<CanonicalField, string>> | null;
  change: ItemChange;
  problems: ReviewProblem[];
  blocked: boolean;
  needsTick: boolean;
  ticked: boolean;
  passes: boolean;
  file: ReviewFile | null;
  /** An approver has answered for its overridable problems. */
  override: { reason: string; by: string } | null;
};
export type ReviewFile = {
  name: string;
  size: number;
  sha256: string;
  /** Null for a file that an earlier publish brought. */
  pages: number | null;
  served: Served | null;
  /** Its rendition is made, or it needs none. */
  ready: boolean;
};
export type ReviewTotals = Record<
  'items' | 'passes' | 'blocked' | 'warnings' | 'awaitingTick' | 'overridden' | ItemChange,
  number
> & {
  /** What an approval would bring that is not there yet; contacts are new recipients. */
  passing: Record<'customers' | 'orders' | 'documents' | 'contacts', number>;
};
export type ReviewCustomer = {
  key: string;
  name: string | null;
  items: number;
  orders: number;
  documents: number;
  contacts: number;
  passes: number;
  blocked: number;
  /** Nothing has been approved for this customer before. */
  isFirst: boolean;
  kinds: DocumentKind[];
  fields: ExposableField[];
};
export type ReviewImport = {
  id: string;
  fileName: string;
  rows: number;
  items: number;
  skipped: number;
  unknownColumns: string[];
  problems: ReportedProblem[];
  importedBy: string;
  createdAt: string;
};
/** Why an approval would be refused now; `ownImport`: this only approver must say so in words. */
export type ReviewApproval = {
  allowed: boolean;
  reason: 'role' | 'own_import' | 'nothing_passes' | 'not_staged' | null;
  ownImport: boolean;
};
export type ReviewFilter = {
  kind?: ItemKind | undefined;
  change?: ItemChange | undefined;
  show: 'all' | 'problems' | 'ticks' | 'overrides';
  customer?: string | undefined;
  offset: number;
};
export type ReviewBody = {
  hash: string;
  totals: ReviewTotals;
  customers: ReviewCustomer[];
  items: ReviewItem[];
  matching: number;
  /** Files whose rendition is not made yet; an approval waits for those that would pass. */
  preparing: number;
  unmatchedFiles: { name: string; size: number }[];
  imports: ReviewImport[];
  approval: ReviewApproval;
};

function matching({ kind, change, show, customer }: ReviewFilter): SQL {
  const conditions = [
    kind ? sql`r.kind = ${kind}` : undefined,
    change ? sql`r.change = ${change}` : undefined,
    customer ? sql`r.customer_key = ${customer}` : undefined,
    show === 'problems' ? sql`r.problems <> '[]'` : undefined,
    show === 'ticks' ? sql`r.needs_tick` : undefined,
    show === 'overrides' ? sql`r.override_reason is not null` : undefined,
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** The review of a staged publish, as one JSON value: compared once, then counted, grouped, paged. */
export function readReview(db: Db, publishId: string, filter: ReviewFilter) {
  return db.execute<{ body: ReviewBody }>(sql`
    with r as materialized (select x.*, staff.review_line(x) as hash_line from staff.review(${publishId}::uuid) x),
    hashed as (
      select staff.review_hash(${publishId}::uuid, string_agg(hash_line, E'\n' order by kind, key),
                               array_agg(distinct customer_key)) as value
        from r
    ),
    totals as (
      select jsonb_build_object(
        'items', count(*), 'passes', count(*) filter (where passes), 'blocked', count(*) filter (where blocked),
        'warnings', count(*) filter (where problems @> '[{"severity": "warning"}]'),
        'awaitingTick', count(*) filter (where needs_tick and not ticked and not blocked),
        'overridden', count(*) filter (where override_reason is not null),
        'new', count(*) filter (where change = 'new'), 'changed', count(*) filter (where change = 'changed'),
        'same', count(*) filter (where change = 'same'), 'revision', count(*) filter (where change = 'revision'),
        'conflict', count(*) filter (where change = 'conflict'),
        'passing', jsonb_build_object(
          'customers', count(distinct customer_key) filter (where passes and change <> 'same'),
          'orders', count(*) filter (where passes and kind = 'order' and change <> 'same'),
          'documents', count(*) filter (where passes and kind = 'document' and change <> 'same'),
          'contacts', count(*) filter (where passes and kind = 'contact' and change = 'new'))) as value,
        count(*) filter (where passes) as passing,
        count(*) filter (where not ready and customer_key <> '' and not problems @> '[{"code": "stamp_failed"}]'
                           and not exists (select 1 from jsonb_array_elements(problems) x
                                            where x->>'code' like 'pdf_%' and not x ? 'overridable')) as preparing
        from r
    ), by_customer as (
      select r.customer_key, count(*) as items, count(*) filter (where r.kind = 'order') as orders,
             count(*) filter (where r.kind = 'document') as documents, count(*) filter (where r.kind = 'contact') as contacts,
             count(*) filter (where r.passes) as passes, count(*) filter (where r.blocked) as blocked,
             max(r.fields->>'customer_name') filter (where r.kind = 'customer') as staged_name
        from r group by r.customer_key
    ), customers as (
      select coalesce(jsonb_agg(jsonb_build_object(
               'key', b.customer_key, 'name', coalesce(b.staged_name, c.name), 'items', b.items, 'orders', b.orders,
               'documents', b.documents, 'contacts', b.contacts, 'passes', b.passes, 'blocked', b.blocked,
               'isFirst', c.id is null, 'kinds', w.kinds, 'fields', w.fields)
               order by coalesce(b.staged_name, c.name), b.customer_key), '[]') as value
        from by_customer b
        left join portal.customers c on c.code_key = b.customer_key
        left join staff.wanted_exposure((select s.org_id from staff.context() s), array(select customer_key from by_customer)) w
          on w.customer_key = b.customer_key
    ), shown as (
      select r.* from r where ${matching(filter)}
       order by r.customer_key, r.order_key nulls first, r.position, r.kind, r.key
       limit ${REVIEW_PAGE_SIZE} offset ${filter.offset}
    ), items as (
      select coalesce(jsonb_agg(jsonb_build_object(
               'kind', s.kind, 'key', s.key, 'customerKey', s.customer_key, 'orderKey', s.order_key, 'line', s.line,
               'fields', s.fields, 'before', s.before, 'change', s.change, 'problems', s.problems, 'blocked', s.blocked,
               'needsTick', s.needs_tick, 'ticked', s.ticked, 'passes', s.passes,
               'file', case when s.file_sha256 is not null then
                 jsonb_build_object('name', s.file_name, 'size', s.file_size, 'sha256', s.file_sha256,
                                    'pages', s.pages, 'served', s.served, 'ready', s.ready) end,
               'override', case when s.override_reason is not null then
                 jsonb_build_object('reason', s.override_reason,
                                    'by', (select m.name from staff.members m where m.id = s.overridden_by)) end)
               order by s.customer_key, s.order_key nulls first, s.position, s.kind, s.key), '[]') as value
        from shown s
    ), unmatched as (
      select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'size', f.size) order by f.name), '[]') as value
        from staff.staged_files f
       where f.publish_id = ${publishId}::uuid
         and not exists (select 1 from staff.match_files(${publishId}::uuid) m where m.file_id = f.id)
    ), imports as (
      select coalesce(jsonb_agg(jsonb_build_object(
               'id', i.id, 'fileName', i.file_name, 'rows', i.rows, 'items', i.items, 'skipped', i.skipped,
               'unknownColumns', i.unknown_columns, 'problems', i.problems, 'importedBy', m.name, 'createdAt', i.created_at)
               order by i.created_at), '[]') as value
        from staff.imports i join staff.members m on m.id = i.imported_by
       where i.publish_id = ${publishId}::uuid and i.state <> 'uploaded'
    ), approver as (
      select s.role in ('approver', 'owner') and not s.is_service as may_approve,
             p.status = 'staged' as is_staged,
             o.requires_two_persons and staff.is_own_import(p.id, s.member_id) as is_own,
             exists (select 1 from staff.members m
                      where m.active and m.service_name is null and m.role in ('approver', 'owner')
                        and m.id <> s.member_id) as has_second
        from staff.publishes p, staff.context() s, portal.orgs o
       where p.id = ${publishId}::uuid
    ), approval as (
      select jsonb_build_object('allowed', v.reason is null, 'reason', v.reason, 'ownImport', v.is_own and not v.has_second) as value
        from (select a.*, case when not a.is_staged then 'not_staged'
                               when not a.may_approve then 'role'
                               when a.is_own and a.has_second then 'own_import'
                               when (select t.passing from totals t) = 0 then 'nothing_passes' end as reason
                from approver a) v
    )
    select jsonb_build_object(
      'hash', (select h.value from hashed h), 'totals', t.value, 'customers', c.value, 'items', i.value,
      'matching', (select count(*) from r where ${matching(filter)}), 'preparing', t.preparing,
      'unmatchedFiles', u.value, 'imports', m.value, 'approval', a.value) as body
      from totals t, customers c, items i, unmatched u, imports m, approval a`);
}
