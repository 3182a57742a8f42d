/** What a CSV says, kept until a person decides. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { Problem, StagedImport, StagedItem } from '../import/stage.ts';
import { type ItemKind, PROBLEMS, type Severity } from '../vocabulary.ts';

/** A problem as it is kept and shown: its severity goes with it, so that SQL can judge it. */
export type ReportedProblem = Problem & { severity: Severity };

export const withSeverity = (problem: Problem): ReportedProblem => ({
  ...problem,
  severity: PROBLEMS[problem.code],
});

/** A file that is wrong in every row is told by its first thousand; `skipped` counts them all. */
const KEPT_PROBLEMS_MAX = 1_000;

type ImportFacts = {
  id: string;
  publishId: string;
  fileName: string;
  sha256: string;
  staged: StagedImport;
};

/** The publish that an import goes to: no row when it is not of this org. */
export function readPublishStatus(db: Db, publishId: string) {
  return db.execute<{ status: string }>(
    sql`select status from staff.publishes where id = ${publishId}::uuid`,
  );
}

/** The import itself, with its event. A publish that is no longer staged fails the batch (CF001). */
export function insertImport(db: Db, { id, publishId, fileName, sha256, staged }: ImportFacts) {
  const kept = staged.problems.slice(0, KEPT_PROBLEMS_MAX);
  const problems = JSON.stringify(kept.map(withSeverity));
  return db.execute<{ id: string }>(sql`
    with made as (
      insert into staff.imports (id, org_id, publish_id, file_name, sha256, rows, skipped, items, unknown_columns, problems, imported_by)
      select ${id}::uuid, p.org_id, p.id, ${fileName}, ${sha256}, ${staged.rows}, ${staged.skipped}, ${staged.items.length},
             array(select jsonb_array_elements_text(${JSON.stringify(staged.unknownColumns)}::jsonb)),
             ${problems}::jsonb, s.member_id
        from staff.publishes p, staff.context() s
       where p.id = (select staff.hold_publish(${publishId}::uuid))
      returning id
    )
    select id, staff.audit('import.staged', 'publish', ${publishId}::text,
                           jsonb_build_object('import', id, 'rows', ${staged.rows}::int))::text from made`);
}

/** Staged items as one parameter: an array for each, in the order that {@link insertItems} reads. */
export type ItemsJson = string & { readonly _: 'ItemsJson' };

export function itemsJson(items: readonly StagedItem[]): ItemsJson {
  // The brand says only that the text came from here.
  return JSON.stringify(
    items.map((item) => [
      item.kind,
      item.key,
      item.customerKey,
      item.orderKey,
      item.line,
      item.position,
      item.fields,
      item.problems.map(withSeverity),
    ]),
  ) as ItemsJson;
}

const isSameCustomer = sql`(old.customer_key in ('', excluded.customer_key) or excluded.customer_key = '')`;

/**
 * The items, all in one statement. An item that an earlier import of the same publish brought takes
 * the new values over the old and loses its tick; an earlier problem stays until the cell it is
 * about is given anew, so that a file which only mentions an order does not clear it. One that was
 * another customer's keeps nothing of theirs.
 */
export function insertItems(db: Db, publishId: string, items: ItemsJson) {
  return db.execute(sql`
    insert into staff.publish_items as old (org_id, publish_id, kind, key, customer_key, order_key, line, position, fields, problems)
    select p.org_id, p.id, r->>0, r->>1, r->>2, r->>3, (r->>4)::int, (r->>5)::int, r->6, r->7
      from staff.publishes p, jsonb_array_elements(${items}::jsonb) r
     where p.id = ${publishId}::uuid
    on conflict (publish_id, kind, key) do update
       set customer_key = coalesce(nullif(excluded.customer_key, ''), old.customer_key),
           order_key = coalesce(excluded.order_key, old.order_key),
           line = excluded.line, position = excluded.position,
           fields = case when ${isSameCustomer} then old.fields else '{}' end || excluded.fields,
           problems = excluded.problems || coalesce((
             select jsonb_agg(x) from jsonb_array_elements(old.problems) x
              where ${isSameCustomer}
                and not excluded.problems @> jsonb_build_array(x - array['line', 'otherLine', 'severity', 'value'])
                and not case
                  when coalesce(x->>'field', 'customer_code') = 'customer_code' then excluded.customer_key <> ''
                  when x->>'field' = 'order_number' then excluded.order_key is not null
                  -- An invoice has no such field of its own: its two numbers disagreed.
                  when x->>'field' = 'document_number' and excluded.kind = 'invoice' then true
                  else excluded.fields ? (x->>'field') end), '[]'),
           ticked = false`);
}

/** What an approver saw of an item when they answered for it: its file, and what was found. */
export type SeenProblems = {
  sha256: string | null;
  problems: readonly { code: string; value?: string | undefined }[];
};
type Override = { reason: string; seen: SeenProblems } | { reason: null; seen: null };

/**
 * An approver answers, with a reason, for the overridable problems that they saw; a null reason
 * takes the answer back.
 */
export function overrideItem(
  db: Db,
  publishId: string,
  { kind, key, reason, seen }: { kind: ItemKind; key: string } & Override,
) {
  return db.execute<{
    status:
      | 'ok'
      | 'forbidden'
      | 'not_found'
      | 'not_staged'
      | 'nothing_to_override'
      | 'review_stale';
  }>(sql`
    select status
      from staff.override_item(${publishId}::uuid, ${kind}, ${key}, ${reason}, ${JSON.stringify(seen)}::jsonb)`);
}

type ItemKey = { kind: ItemKind; key: string };
const keysJson = (items: readonly ItemKey[]) =>
  JSON.stringify(items.map(({ kind, key }) => [kind, key]));

/** Ticks (or unticks) revisions and new recipients, with one event; gives how many there were. */
export function tickItems(db: Db, publishId: string, items: readonly ItemKey[], ticked: boolean) {
  return db.execute<{ ticked: number }>(
    sql`select ticked from staff.tick_items(${publishId}::uuid, ${keysJson(items)}::jsonb, ${ticked}::boolean)`,
  );
}

/** Leaves items, or all of some customers, out of a staged publish, or takes them in again. */
export function excludeFromPublish(
  db: Db,
  publishId: string,
  { items, customers }: { items: readonly ItemKey[]; customers: readonly string[] },
  excluded: boolean,
) {
  return db.execute<{ changed: number }>(sql`
    select changed from staff.exclude(${publishId}::uuid, ${keysJson(items)}::jsonb,
      array(select jsonb_array_elements_text(${JSON.stringify(customers)}::jsonb)), ${excluded}::boolean)`);
}
