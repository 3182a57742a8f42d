/** What a CSV says, kept until a person decides. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { Problem, StagedItem } from '../import/stage.ts';
import { type ItemChange, type ItemKind, PROBLEMS, type Severity } from '../vocabulary.ts';

/** A problem as it is kept and shown: its severity goes with it, so that SQL can judge it. */
export type ReportedProblem = Problem & {
  severity: Severity;
  /** Of another import's rows, which its lines are of, when it is not the item's last one. */
  import?: string;
};

export const withSeverity = (problem: Problem): ReportedProblem => ({
  ...problem,
  severity: PROBLEMS[problem.code],
});

/** Staged items as one parameter: an array for each, in the order that staff.stage_items reads. */
export type ItemsJson = string & { readonly _: 'ItemsJson' };
export type ItemsBatch = { json: ItemsJson; count: number };

/** Neon takes 10 MiB a request, and the items travel quoted and as UTF-8. */
export const ITEMS_MAX_CHARACTERS = 4_000_000;

/**
 * Items in as few parameters as fit, in their order; none for no items. A key stands once in each, since
 * one statement cannot merge an item twice.
 */
export function itemBatches(
  items: readonly StagedItem[],
  maxCharacters = ITEMS_MAX_CHARACTERS,
): ItemsBatch[] {
  const batches: ItemsBatch[] = [];
  let texts: string[] = [];
  let keys = new Set<string>();
  let length = 0;
  const close = () => {
    if (texts.length > 0) {
      // The brand says only that the text came from here.
      batches.push({ json: `[${texts.join(',')}]` as ItemsJson, count: texts.length });
    }
    texts = [];
    keys = new Set();
    length = 0;
  };
  for (const item of items) {
    const text = JSON.stringify([
      item.kind,
      item.key,
      item.customerKey,
      item.orderKey,
      item.line,
      item.position,
      item.fields,
      item.problems.map(withSeverity),
      item.rows,
    ]);
    const key = `${item.kind} ${item.key}`;
    if (length + text.length > maxCharacters || keys.has(key)) {
      close();
    }
    keys.add(key);
    texts.push(text);
    length += text.length + 1;
  }
  close();
  return batches;
}

/** No items: for an import that names none, or none at its end. */
export const NO_ITEMS: ItemsBatch = { json: '[]' as ItemsJson, count: 0 };

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

/** An item as it was before whoever ticks it: its file, where it has one, and what it changes. */
export type SeenItem = ItemKey & { sha256: string | null; change: ItemChange | null };

/**
 * Ticks (or unticks) revisions and new recipients, with one event; gives how many there were, or null
 * where one of those to tick is no longer what was seen: then none is ticked.
 */
export function tickItems(db: Db, publishId: string, items: readonly SeenItem[], ticked: boolean) {
  const seen = JSON.stringify(
    items.map(({ kind, key, sha256, change }) => [kind, key, sha256, change]),
  );
  return db.execute<{ ticked: number | null }>(
    sql`select ticked from staff.tick_items(${publishId}::uuid, ${seen}::jsonb, ${ticked}::boolean)`,
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
