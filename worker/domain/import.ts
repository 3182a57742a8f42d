/** Imports: a CSV from its upload to the last of its rows. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import { isRead } from '../import/guess.ts';
import type { Detected, Reading } from '../import/reading.ts';
import type { Problem } from '../import/stage.ts';
import type { StandingLine } from '../import/unplaced.ts';
import { CANONICAL_FIELDS, type ImportState, type PublishStatus } from '../vocabulary.ts';
import { type ItemsJson, type ReportedProblem, withSeverity } from './staged-item.ts';

/** Where an import's bytes are in the bucket. */
export function importKey(orgId: string, importId: string): string {
  return `${orgId}/imports/${importId}`;
}

/** A file that is wrong in every row is told by its first thousand; `skipped` counts them all. */
export const SHOWN_PROBLEMS_MAX = 1_000;

export type ImportRow = {
  id: string;
  publishId: string | null;
  /** Null while there is no publish. */
  publishStatus: PublishStatus | null;
  fileName: string;
  /** Bytes. */
  size: number;
  sha256: string;
  state: ImportState;
  reading: Reading | null;
  rows: number;
  skipped: number;
  blank: number;
  /** While it is being read: items staged so far, those that repeat counted each time. */
  items: number;
  unknownColumns: string[];
  createdAt: string;
};

/** One import, or no row when it is not of this org. */
export function readImport(db: Db, id: string) {
  return db.execute<ImportRow>(sql`
    select i.id, i.publish_id as "publishId", p.status as "publishStatus", i.file_name as "fileName", i.size::float8 as size,
           i.sha256, i.state, i.reading, i.rows, i.skipped, i.blank, i.items, i.unknown_columns as "unknownColumns",
           ${instant(sql`i.created_at`)} as "createdAt"
      from staff.imports i left join staff.publishes p on p.id = i.publish_id
     where i.id = ${id}::uuid`);
}

/** The publish that an import goes to: no row when it is not of this org. */
export function readPublishStatus(db: Db, publishId: string | null) {
  return db.execute<{ status: PublishStatus }>(
    sql`select status from staff.publishes where id = ${publishId}::uuid`,
  );
}

type UploadFacts = Pick<ImportRow, 'id' | 'publishId' | 'fileName' | 'size' | 'sha256'>;

/** What was uploaded, with its event. A publish that is no longer staged fails the batch (CF001). */
export function insertImport(db: Db, { id, publishId, fileName, size, sha256 }: UploadFacts) {
  return db.execute<{ id: string }>(sql`
    with made as (
      insert into staff.imports (id, org_id, publish_id, file_name, size, sha256, imported_by)
      select ${id}::uuid, s.org_id, staff.hold_publish(${publishId}::uuid), ${fileName}, ${size}, ${sha256}, s.member_id
        from staff.context() s
      returning id
    )
    select id, staff.audit('import.uploaded', 'import', id::text,
                           jsonb_build_object('name', ${fileName}::text, 'sha256', ${sha256}::text))::text from made`);
}

/**
 * Takes out the imports that nobody staged within a week, with their events. Gives the ids whose bytes may
 * go: theirs, and those of the last days again.
 */
export function collectImports(db: Db, orgId: string, limit: number) {
  return db.execute<{ id: string }>(
    sql`select id from staff.collect_imports(${orgId}::uuid, ${limit}::int)`,
  );
}

/** The same bytes, where this org has staged them before: the newest import of them. */
export function readStagedBefore(db: Db, sha256: string, butId: string) {
  return db.execute<{ importId: string; at: string }>(sql`
    select i.id as "importId", ${instant(sql`coalesce(i.staged_at, i.created_at)`)} as at
      from staff.imports i
     where i.sha256 = ${sha256} and i.id <> ${butId}::uuid and i.state = 'staged'
     order by coalesce(i.staged_at, i.created_at) desc limit 1`);
}

type MappingProfile = { reading: Reading; usedAt: string; by: string };

/** How files with these headers were read the last time. */
export function readProfile(db: Db, fingerprint: string) {
  return db.execute<MappingProfile>(sql`
    select f.reading, ${instant(sql`f.used_at`)} as "usedAt", m.name as by
      from staff.mapping_profiles f join staff.members m on m.id = f.used_by
     where f.fingerprint = ${fingerprint}`);
}

export type DetectedWithProfile = Detected & {
  profile: Pick<MappingProfile, 'usedAt' | 'by'> | null;
};

/**
 * What the file's beginning says, with what was confirmed for these headers before: the fields always,
 * the conventions where the file itself leaves them open. A convention by which some of its cells could
 * not be read is not assumed, and stays a question.
 */
export function withProfile(
  detected: Detected,
  profile: MappingProfile | undefined,
): DetectedWithProfile {
  if (profile === undefined || profile.reading.fields.length !== detected.columns.length) {
    return { ...detected, profile: null };
  }
  const { reading, usedAt, by } = profile;
  // What is not read cannot be misread.
  const read = (what: keyof typeof isRead) =>
    detected.ruledOut.filter((_, column) => {
      const field = reading.fields[column];
      return field && field in CANONICAL_FIELDS && isRead[what](field);
    });
  const fits = {
    dates: !read('dates').some(({ dateOrders }) => dateOrders.includes(reading.dateOrder)),
    decimals: !read('decimals').some(({ decimals }) => decimals.includes(reading.decimal)),
  };
  const takes = (question: keyof typeof fits) =>
    detected.questions.includes(question) && fits[question];
  return {
    ...detected,
    fields: reading.fields.map((field) =>
      field !== null && field in CANONICAL_FIELDS ? field : null,
    ),
    dateOrder: takes('dates') ? reading.dateOrder : detected.dateOrder,
    decimal: takes('decimals') ? reading.decimal : detected.decimal,
    questions: detected.questions.filter((question) => {
      // Another encoding than the last time is worth a look.
      if (question === 'encoding') return reading.encoding !== detected.encoding;
      return question !== 'columns' && !fits[question];
    }),
    profile: { usedAt, by },
  };
}

export type ImportView = Pick<
  ImportRow,
  | 'id'
  | 'publishId'
  | 'fileName'
  | 'size'
  | 'state'
  | 'rows'
  | 'skipped'
  | 'blank'
  | 'items'
  | 'createdAt'
> & {
  detected?: DetectedWithProfile;
  alreadyStaged?: { importId: string; at: string };
};

/** An import as its clerk sees it. */
export function viewImport(
  row: ImportRow,
  more: Pick<ImportView, 'detected' | 'alreadyStaged'> = {},
): ImportView {
  const { id, publishId, fileName, size, state, rows, skipped, blank, items, createdAt } = row;
  return { id, publishId, fileName, size, state, rows, skipped, blank, items, createdAt, ...more };
}

const IDENTIFIERS = JSON.stringify(
  Object.entries(CANONICAL_FIELDS)
    .filter(([, type]) => type === 'identifier')
    .map(([field]) => field),
);

/**
 * Stages some of an import's items, after `from` others; makes its publish when it has none. Gives the
 * publish; no row when the import is not of this org. Items that are staged already are passed over.
 *
 * @param rows rows of the file so far, these among them
 * Fails the batch when the publish is decided (CF001), or when the file was begun to be read otherwise (CF006).
 */
export function stageItems(
  db: Db,
  importId: string,
  {
    reading,
    from,
    rows,
    items,
  }: { reading: Reading; from: number; rows: number; items: ItemsJson },
) {
  return db.execute<{ publishId: string }>(sql`
    select publish_id as "publishId" from staff.stage_items(
      ${importId}::uuid, ${JSON.stringify(reading)}::jsonb, ${from}::int, ${rows}::int, ${items}::jsonb,
      array(select jsonb_array_elements_text(${IDENTIFIERS}::jsonb)))`);
}

/**
 * The lines of some orders that other imports of its publish brought; and those of its own that are held,
 * with the lines of their rows as `heldLine`, which is null for the others.
 */
export function readStandingLines(db: Db, importId: string, orderKeys: readonly string[]) {
  return db.execute<StandingLine & { heldLine: number | null }>(sql`
    select t.key, t.order_key as "orderKey", t.fields,
           case when t.import_id = i.id then t.line end as "heldLine"
      from staff.imports i
      join staff.publish_items t on t.publish_id = i.publish_id and t.kind = 'order_line'
     where i.id = ${importId}::uuid and (t.import_id is distinct from i.id) = (t.fields ? 'line_number')
       -- Asked so, it stays a condition, and the keys are hashed once: as a join it may go through them for every line.
       and (t.order_key in (select jsonb_array_elements_text(${JSON.stringify(orderKeys)}::jsonb))) is true`);
}

/** What no item tells of an import. */
export type ImportTold = {
  rows: number;
  skipped: number;
  blank: number;
  unknownColumns: readonly string[];
  /** Of rows that made no item; the first thousand are kept. */
  problems: readonly Problem[];
  fingerprint: string;
};

/** Ends an import's staging with its event, once, and remembers how the file was read. */
export function finishImport(db: Db, importId: string, told: ImportTold) {
  const problems = told.problems.slice(0, SHOWN_PROBLEMS_MAX).map(withSeverity);
  return db.execute<{ publishId: string }>(sql`
    select publish_id as "publishId" from staff.finish_import(${importId}::uuid, ${JSON.stringify({ ...told, problems })}::jsonb)`);
}

/** Problems of the items that an import was the last to bring, without those that an earlier one left. */
const itemProblems = sql`
  select t.problem from staff.publish_items p, jsonb_array_elements(p.problems) t(problem)
   where p.publish_id = i.publish_id and p.import_id = i.id and p.problems <> '[]' and not t.problem ? 'import'`;

/** What was found in an import's rows, by line: the first thousand of it. */
export function readImportProblems(db: Db, importId: string) {
  return db.execute<{ problem: ReportedProblem }>(sql`
    select x.problem
      from staff.imports i
     cross join lateral (
       select t.problem from jsonb_array_elements(i.problems) t(problem)
       union all ${itemProblems}) x
     where i.id = ${importId}::uuid
     order by (x.problem->>'line')::int
     limit ${SHOWN_PROBLEMS_MAX}::int`);
}

/** What only the database could say of an import's rows: what rows say differently of one item. The first 10,000 of it. */
export function readLateProblems(db: Db, importId: string) {
  return db.execute<{ problem: ReportedProblem }>(sql`
    select x.problem from staff.imports i cross join lateral (${itemProblems}) x
     where i.id = ${importId}::uuid and x.problem->>'code' in ('contradiction', 'number_of_two_kinds')
     order by (x.problem->>'line')::int
     limit 10000`);
}
