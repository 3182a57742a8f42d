/** Staging a file in parts: read from the bucket, staged in batches, told line by line. */
import type { Context } from 'hono';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import {
  finishImport,
  type ImportRow,
  type ImportTold,
  readImport,
  readImportProblems,
  SHOWN_PROBLEMS_MAX,
  stageItems,
} from '../../domain/import.ts';
import { keepHeader } from '../../domain/mapping-profile.ts';
import {
  ITEMS_MAX_CHARACTERS,
  type ItemsBatch,
  itemBatches,
  NO_ITEMS,
  type ReportedProblem,
} from '../../domain/staged-item.ts';
import { AppError } from '../../errors.ts';
import { openCount, PART_BYTES, type Problem, type StageError } from '../../import/stage.ts';
import { keepApart } from '../../import/unplaced.ts';
import { CSV_MAX_ROWS } from '../../vocabulary.ts';
import { holdPlaces } from './hold-places.ts';
import { existing, type FileTerms, importBytes, partsOf, readable } from './import-file.ts';

type StagingReport = {
  done: true;
  publishId: string;
  import: {
    id: string;
    rows: number;
    items: number;
    skipped: number;
    unknownColumns: string[];
    duplicateColumns: string[];
    blank: number;
    problems: ReportedProblem[];
  };
};
/** One line of the answer; the last is a report. */
type StagingLine = { position: number; size: number; rows: number } | StagingReport;

export type StagingTerms = FileTerms & {
  fingerprint: string;
  /** The file's own names for its columns. */
  header: string[];
  unknownColumns: string[];
  duplicateColumns: string[];
};

/** A staged import, as its last line tells it. */
export function reportOf(
  row: ImportRow,
  duplicateColumns: string[],
  problems: ReportedProblem[],
): StagingReport {
  const { id, publishId, rows, items, skipped, blank, unknownColumns } = row;
  return {
    done: true,
    // A staged import is in a publish: staging made it, where there was none.
    publishId: publishId ?? '',
    import: { id, rows, items, skipped, blank, unknownColumns, duplicateColumns, problems },
  };
}

/**
 * Stages an import from its first byte to its last. The rows of a file that takes several parts are counted
 * before anything of it is staged, so that one which cannot be read to its end leaves nothing behind; one
 * that breaks off between two parts is asked for again, and what is there already is passed over. While a
 * part is staged, the next one is on its way, and the one behind it is read. Whoever asked and is gone leaves
 * what is staged as it is.
 */
export async function* stageInParts(
  c: Context<AppEnv>,
  terms: StagingTerms,
): AsyncGenerator<StagingLine> {
  const { size } = terms.row;
  if (size > PART_BYTES) {
    yield { position: 0, size, rows: 0 };
    await refuseUnreadable(c, terms);
  }
  const problems: Problem[] = [];
  let blank = 0;
  let skipped = 0;
  let sent = 0;
  // Two are under way at most: while one is staged, the next one travels.
  let older: Promise<StagingLine> | undefined;
  let newer: Promise<StagingLine> | undefined;
  for await (const { parts, position, rows, isLast } of partsOf(c, terms)) {
    refuseLong(rows);
    for (const part of parts) {
      problems.push(...part.problems.slice(0, SHOWN_PROBLEMS_MAX - problems.length));
      blank += part.blank;
      skipped += part.skipped;
    }
    // Before its first items are staged, an import without a publish has nothing beside it.
    if (sent > 0 || terms.row.publishId !== null) {
      await holdPlaces(c, terms.row.id, parts, newer);
    }
    for (const part of parts) {
      keepApart(part, terms.row.id);
    }
    const batches = parts.flatMap((part) => itemBatches(part.items));
    // The items are text now, and are not kept while the next part is read.
    parts.length = 0;
    const ending = isLast ? lastTogether(batches) : [];
    const others = batches.slice(0, batches.length - ending.length);
    if (older !== undefined) {
      yield await older;
    }
    older = newer;
    const from = sent;
    sent += others.reduce((total, { count }) => total + count, 0);
    const staging = behind(older, () => stageBatches(c, terms, others, { from, rows }));
    newer = staging.then(() => ({ position, size, rows }));
    // It is waited for with a later part, and until then its failure is nobody's.
    newer.catch(() => {});
    if (isLast) {
      if (older !== undefined) {
        yield await older;
      }
      await newer;
      yield await stageEnding(c, terms, ending, { from: sent, rows, skipped, blank, problems });
    }
  }
}

/** Sends what the database takes only behind what is `ahead` of it, and again should it have come first. */
async function behind(ahead: Promise<unknown> | undefined, send: () => Promise<void>) {
  try {
    await send();
  } catch (error) {
    if (ahead === undefined) {
      throw error;
    }
    // Refused for what it came behind, if that failed: then this is its failure.
    await ahead;
    await send();
  }
}

/** @throws AppError `csv_…`, `too_many_rows`, `document_unavailable` */
async function refuseUnreadable(c: Context<AppEnv>, terms: FileTerms): Promise<void> {
  const file = openCount(terms.reading);
  let rows = 0;
  const count = (more: number | StageError) => {
    rows += typeof more === 'number' ? more : readable<never>(more);
    refuseLong(rows);
  };
  for await (const bytes of importBytes(c, terms)) {
    count(file.push(bytes));
  }
  count(file.end());
}

/** Stages a part's items after `from` others. @throws AppError `not_found`, or what the batch failed with */
async function stageBatches(
  c: Context<AppEnv>,
  { row, reading }: FileTerms,
  batches: readonly ItemsBatch[],
  { from, rows }: { from: number; rows: number },
): Promise<void> {
  let sent = from;
  for (const { json, count } of batches) {
    const before = sent;
    const [{ rows: found }] = await asStaff(c, (db) => [
      stageItems(db, row.id, { reading, from: before, rows, items: json }),
    ]);
    existing(found.length === 0 ? [] : [row]);
    sent += count;
  }
}

/** Stages the last items of a file, after `from` others, and ends its import. */
async function stageEnding(
  c: Context<AppEnv>,
  { row, reading, fingerprint, header, unknownColumns, duplicateColumns }: StagingTerms,
  ending: readonly ItemsBatch[],
  { from, ...told }: Omit<ImportTold, 'unknownColumns' | 'fingerprint'> & { from: number },
): Promise<StagingReport> {
  const { id } = row;
  const { rows } = told;
  const [first = NO_ITEMS, second = NO_ITEMS, third = NO_ITEMS] = ending;
  const afterFirst = from + first.count;
  const afterSecond = afterFirst + second.count;
  const [, , , , { rows: staged }, { rows: found }] = await asStaff(c, (db) => [
    stageItems(db, id, { reading, from, rows, items: first.json }),
    stageItems(db, id, { reading, from: afterFirst, rows, items: second.json }),
    stageItems(db, id, { reading, from: afterSecond, rows, items: third.json }),
    finishImport(db, id, { ...told, unknownColumns, fingerprint }),
    readImport(db, id),
    readImportProblems(db, id),
    keepHeader(db, fingerprint, header),
  ]);
  // Files that came before their rows are matched now.
  c.env.kick('make-renditions');
  return reportOf(
    existing(staged),
    duplicateColumns,
    found.map(({ problem }) => problem),
  );
}

/** The last batches that go with the import's end in one transaction: three at most, all of a small file. */
function lastTogether(batches: readonly ItemsBatch[]): readonly ItemsBatch[] {
  const three = batches.slice(-3);
  const length = three.reduce((total, { json }) => total + json.length, 0);
  return length <= ITEMS_MAX_CHARACTERS ? three : three.slice(-1);
}

/** @throws AppError `too_many_rows` */
function refuseLong(rows: number): void {
  if (rows > CSV_MAX_ROWS) {
    throw new AppError('too_many_rows', 'the file has too many rows', {
      fields: { rows: `at most ${CSV_MAX_ROWS}` },
    });
  }
}
