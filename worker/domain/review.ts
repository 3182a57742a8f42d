/** The review: what would go out, to whom, and what stands in its way. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type {
  CanonicalField,
  ImportState,
  ItemChange,
  ItemKind,
  ProblemCode,
  ReviewShow,
  Served,
} from '../vocabulary.ts';
import {
  customerJson,
  isWidened,
  REVIEW_CUSTOMERS_PAGE_SIZE,
  type ReviewCustomer,
} from './review-customer.ts';
import type { ReportedProblem } from './staged-item.ts';

export const REVIEW_PAGE_SIZE = 100;
const WIDENED_NAMED = 3;
const UNMATCHED_NAMED = 100;

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
  /** Somebody left it, its order or its customer out of this publish. */
  excluded: boolean;
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
  | 'items'
  | 'passes'
  | 'blocked'
  | 'warnings'
  | 'awaitingTick'
  | 'overridden'
  | 'excluded'
  | ItemChange,
  number
> & {
  /** What an approval would bring that is not there yet; contacts are new recipients, `widened` see more. */
  passing: Record<
    'customers' | 'firstCustomers' | 'widened' | 'orders' | 'documents' | 'contacts',
    number
  >;
};
/** What became of the rows; with those that the imports skipped, all of them. */
export type ReviewRows = Record<'created' | 'changed' | 'same' | 'blocked' | 'excluded', number>;
/** In all, and in what would go out: documents by kind, invoice totals and payments by currency (exact decimals). */
export type ReviewControl = Record<
  'documents' | 'invoices' | 'payments',
  { name: string; all: string; goes: string }[]
>;
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
  /** One that is `reading` has begun, and not ended. */
  state: ImportState;
};
/** Why an approval would be refused now; `ownImport`: this only approver must say so in words. */
export type ReviewApproval = {
  allowed: boolean;
  reason: 'role' | 'own_import' | 'nothing_passes' | 'not_staged' | 'import_unfinished' | null;
  ownImport: boolean;
};
export type ReviewFilter = {
  kind?: ItemKind | undefined;
  change?: ItemChange | undefined;
  show: ReviewShow;
  customer?: string | undefined;
  problem?: ProblemCode | undefined;
  /** The place that the last page ended with. */
  after: number;
};
export type ReviewBody = {
  hash: string;
  totals: ReviewTotals;
  became: ReviewRows;
  control: ReviewControl;
  /** The first of them: see {@link listReviewCustomers}. */
  customers: ReviewCustomer[];
  customerCount: number;
  /** Who would see more than they do, by name: the first of them. */
  widened: ReviewCustomer[];
  items: ReviewItem[];
  /** Whose the items of this page are, wherever they stand among the customers. */
  itemCustomers: ReviewCustomer[];
  /** The place of the last item, when there are more. */
  nextPlace: number | null;
  matching: number;
  /** Files whose rendition is not made yet; an approval waits for those that would pass. */
  preparing: number;
  /** Files that no document wants: the first of them by name. */
  unmatchedFiles: { name: string; size: number }[];
  unmatchedCount: number;
  imports: ReviewImport[];
  approval: ReviewApproval;
};

function matching(publishId: string, { kind, change, show, customer, problem }: ReviewFilter): SQL {
  const conditions = [
    sql`r.publish_id = ${publishId}::uuid`,
    kind && sql`r.kind = ${kind}`,
    change && sql`r.change = ${change}`,
    customer && sql`r.customer_key = ${customer}`,
    problem && sql`r.problems @> ${JSON.stringify([{ code: problem }])}::jsonb`,
    show === 'problems' && sql`r.problems <> '[]'`,
    show === 'blocked' && sql`r.blocked and not r.excluded`,
    show === 'ticks' && sql`r.needs_tick`,
    show === 'overrides' && sql`r.override_reason is not null`,
    show === 'excluded' && sql`r.excluded`,
  ].filter((condition) => typeof condition === 'object');
  return sql.join(conditions, sql` and `);
}

/** The kept review of a staged publish, as one JSON value: its figures, and a page of its items. */
export function readReview(db: Db, publishId: string, filter: ReviewFilter) {
  return db.execute<{ body: ReviewBody }>(sql`
    with publish as (
      select p.* from staff.publishes p where p.id = ${publishId}::uuid
    ), sums as materialized (
      select f.key as name, sum(f.value::numeric) as value
        from staff.reviewed_customers c cross join lateral jsonb_each_text(c.counts) f
       where c.publish_id = ${publishId}::uuid group by f.key
    ), figures as (
      select coalesce(jsonb_object_agg(s.name, s.value), '{}') as value from sums s
    ), controls as (
      select split_part(s.name, '.', 1) as sort,
             jsonb_agg(jsonb_build_object('name', split_part(s.name, '.', 2), 'all', s.value::text,
                                          'goes', coalesce(g.value, 0)::text) order by s.name) as value
        from sums s left join sums g on g.name = 'goes.' || s.name
       where s.name like 'documents.%' or s.name like 'invoices.%' or s.name like 'payments.%' group by 1
    ), totals as (
      select jsonb_build_object(
        'items', coalesce(v->'items', '0'), 'passes', coalesce(v->'passes', '0'), 'blocked', coalesce(v->'blocked', '0'),
        'warnings', coalesce(v->'warnings', '0'), 'awaitingTick', coalesce(v->'awaitingTick', '0'),
        'overridden', coalesce(v->'overridden', '0'), 'excluded', coalesce(v->'excluded', '0'),
        'new', coalesce(v->'new', '0'), 'changed', coalesce(v->'changed', '0'), 'same', coalesce(v->'same', '0'),
        'revision', coalesce(v->'revision', '0'), 'conflict', coalesce(v->'conflict', '0'),
        'passing', jsonb_build_object(
          'customers', (select count(*) from staff.reviewed_customers c
                         where c.publish_id = ${publishId}::uuid and c.counts->>'goes' <> '0'),
          'firstCustomers', (select count(*) from staff.reviewed_customers c
                              where c.publish_id = ${publishId}::uuid and c.counts->>'goes' <> '0' and c.is_first),
          'widened', (select count(*) from staff.reviewed_customers c
                       where c.publish_id = ${publishId}::uuid and ${isWidened}),
          'orders', coalesce(v->'goes.orders', '0'), 'documents', coalesce(v->'goes.documents', '0'),
          'contacts', coalesce(v->'goes.contacts', '0'))) as value,
        jsonb_build_object(
          'created', coalesce(v->'rows.created', '0'), 'changed', coalesce(v->'rows.changed', '0'),
          'same', coalesce(v->'rows.same', '0'), 'blocked', coalesce(v->'rows.blocked', '0'),
          'excluded', coalesce(v->'rows.excluded', '0')) as became,
        jsonb_build_object(
          'documents', coalesce((select k.value from controls k where k.sort = 'documents'), '[]'),
          'invoices', coalesce((select k.value from controls k where k.sort = 'invoices'), '[]'),
          'payments', coalesce((select k.value from controls k where k.sort = 'payments'), '[]')) as control
        from (select f.value as v from figures f) x
    ), customers as (
      select coalesce(jsonb_agg(x.customer order by x.place), '[]') as value
        from (select ${customerJson} as customer, row_number() over (order by left(coalesce(c.name, ''), 100), c.customer_key) as place
                from staff.reviewed_customers c where c.publish_id = ${publishId}::uuid
               order by left(coalesce(c.name, ''), 100), c.customer_key limit ${REVIEW_CUSTOMERS_PAGE_SIZE}) x
    ), widened as (
      select coalesce(jsonb_agg(x.customer order by x.place), '[]') as value
        from (select ${customerJson} as customer, row_number() over (order by left(coalesce(c.name, ''), 100), c.customer_key) as place
                from staff.reviewed_customers c where c.publish_id = ${publishId}::uuid and ${isWidened}
               order by left(coalesce(c.name, ''), 100), c.customer_key limit ${WIDENED_NAMED}) x
    ), shown as materialized (
      select r.* from staff.reviewed_items r
       where ${matching(publishId, filter)} and r.place > ${filter.after}
       order by r.place limit ${REVIEW_PAGE_SIZE + 1}
    ), items as (
      select coalesce(jsonb_agg(jsonb_build_object(
               'kind', s.kind, 'key', s.key, 'customerKey', s.customer_key, 'orderKey', s.order_key, 'line', s.line,
               'fields', s.fields, 'before', s.before, 'change', s.change, 'problems', s.problems, 'blocked', s.blocked,
               'needsTick', s.needs_tick, 'ticked', s.ticked, 'passes', s.passes, 'excluded', s.excluded,
               'file', case when s.file_sha256 is not null then
                 jsonb_build_object('name', s.file_name, 'size', s.file_size, 'sha256', s.file_sha256,
                                    'pages', s.pages, 'served', s.served, 'ready', s.ready or exists (
                                      select 1 from staff.renditions n
                                       where n.org_id = s.org_id and n.source_sha256 = s.file_sha256
                                         and n.customer_key = s.customer_key and n.made_at is not null and not n.lost
                                         and n.stamp_version = staff.stamp_version())) end,
               'override', case when s.override_reason is not null then
                 jsonb_build_object('reason', s.override_reason,
                                    'by', (select m.name from staff.members m where m.id = s.overridden_by)) end)
               order by s.place), '[]') as value
        from (select s.* from shown s order by s.place limit ${REVIEW_PAGE_SIZE}) s
    ), stray as materialized (
      select f.name, f.size from staff.staged_files f
       where f.publish_id = ${publishId}::uuid
         and f.id not in (select m.file_id from staff.match_files(${publishId}::uuid) m)
    ), unmatched as (
      select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'size', f.size) order by f.name), '[]') as value
        from (select s.* from stray s order by s.name limit ${UNMATCHED_NAMED}) f
    ), imports as (
      select coalesce(jsonb_agg(jsonb_build_object(
               'id', i.id, 'fileName', i.file_name, 'rows', i.rows, 'items', i.items, 'skipped', i.skipped,
               'unknownColumns', i.unknown_columns, 'problems', i.problems, 'importedBy', m.name, 'createdAt', i.created_at, 'state', i.state)
               order by i.created_at), '[]') as value
        from staff.imports i join staff.members m on m.id = i.imported_by
       where i.publish_id = ${publishId}::uuid and i.state <> 'uploaded'
    ), approval as (
      select jsonb_build_object('allowed', v.reason is null, 'reason', v.reason, 'ownImport', v.is_own and not v.has_second) as value
        from (select a.*, case when not a.is_staged then 'not_staged'
                               when not a.may_approve then 'role'
                               when a.is_own and a.has_second then 'own_import'
                               when a.is_unfinished then 'import_unfinished'
                               when coalesce((select s.value from sums s where s.name = 'passes'), 0) = 0 then 'nothing_passes'
                          end as reason
                from (select s.role in ('approver', 'owner') and not s.is_service as may_approve,
                             p.status = 'staged' as is_staged,
                             exists (select 1 from staff.imports i
                                      where i.publish_id = p.id and i.state = 'reading') as is_unfinished,
                             o.requires_two_persons and staff.is_own_import(p.id, s.member_id) as is_own,
                             exists (select 1 from staff.members m
                                      where m.active and m.service_name is null and m.role in ('approver', 'owner')
                                        and m.id <> s.member_id) as has_second
                        from publish p, staff.context() s, portal.orgs o) a) v
    )
    select jsonb_build_object(
      'hash', p.kept_hash, 'totals', t.value, 'became', t.became, 'control', t.control, 'customers', c.value,
      'customerCount', (select count(*) from staff.reviewed_customers c where c.publish_id = p.id), 'widened', w.value, 'items', i.value,
      'itemCustomers', (select coalesce(jsonb_agg(${customerJson}), '[]') from staff.reviewed_customers c
                         where c.publish_id = p.id and c.customer_key in (select s.customer_key from shown s)),
      'nextPlace', case when (select count(*) from shown) > ${REVIEW_PAGE_SIZE}
                        then (select s.place from shown s order by s.place limit 1 offset ${REVIEW_PAGE_SIZE - 1}) end,
      'matching', (select count(*) from staff.reviewed_items r where ${matching(publishId, filter)}),
      'preparing', case when p.unprepared then staff.preparing(p.id, false) else 0 end,
      'unmatchedFiles', u.value, 'unmatchedCount', (select count(*) from stray),
      'imports', m.value, 'approval', a.value) as body
      from publish p, totals t, customers c, widened w, items i, unmatched u, imports m, approval a`);
}
