/** A CSV on its way into a publish: what the API says of it, and every call there is. */
import type { Detected as FileDetected, Reading } from '../../worker/import/reading.ts';
import {
  CANONICAL_FIELDS,
  type CanonicalField,
  type ImportState,
} from '../../worker/vocabulary.ts';
import { ApiError, type FailureCode, get, lines, upload } from '../lib/api.ts';
import { type pathsOf, withQuery } from './org.ts';
import type { FileResult, Problem } from './types.ts';

/** How the file is cut into cells: what decides which columns there are. */
export type Cut = Pick<Reading, 'encoding' | 'delimiter' | 'headerLine'>;
export type { Reading };
/** What the file's beginning says, with who last confirmed a file of this shape, and when (ISO). */
export type Detected = FileDetected & { profile: { usedAt: string; by: string } | null };
export type ImportView = {
  id: string;
  publishId: string | null;
  fileName: string;
  /** Bytes. */
  size: number;
  state: ImportState;
  rows: number;
  skipped: number;
  blank: number;
  items: number;
  createdAt: string;
  detected?: Detected;
  /** The same bytes, staged before. */
  alreadyStaged?: { importId: string; at: string };
};

/** How far staging is. */
export type Progress = { position: number; size: number; rows: number };
export type Outcome = {
  id: string;
  rows: number;
  items: number;
  skipped: number;
  blank: number;
  unknownColumns: string[];
  duplicateColumns: string[];
  /** The first {@link LISTED_PROBLEMS_MAX}, in the order of the file. */
  problems: Problem[];
};
export type Staged = { publishId: string; import: Outcome };
/** The API lists this many problems; the download has the rows of all of them. */
export const LISTED_PROBLEMS_MAX = 1_000;

type Refusal = { code: FailureCode; fields?: Record<string, string>; requestId?: string };
type StagingLine = Progress | ({ done: true } & Staged) | { error: Refusal };

/** Which files have their rows. The lists are cut at 100 each, the counts are not. */
export type Matching = {
  unmatched: string[];
  missing: { key: string; fileName: string | null }[];
  counts: { matched: number; unmatched: number; missing: number };
};

export type Paths = ReturnType<typeof pathsOf>;

export const isField = (name: string): name is CanonicalField => name in CANONICAL_FIELDS;

/** Keeps a CSV and gives what its beginning says. @throws {ApiError} */
export async function uploadCsv(
  paths: Paths,
  publishId: string,
  file: Blob & { name: string },
  onProgress: (part: number) => void,
  signal: AbortSignal,
): Promise<ImportView> {
  const path = withQuery(paths.api('imports'), { name: file.name, publish: publishId });
  const options = { contentType: 'text/csv', onProgress, signal };
  return (await upload<{ import: ImportView }>('POST', path, file, options)).import;
}

/** An import as it stands; read anew where `cut` says how its cells are cut. @throws {ApiError} */
export async function readImport(
  paths: Paths,
  id: string,
  cut: Partial<Cut> = {},
  signal?: AbortSignal,
): Promise<ImportView> {
  const { encoding, delimiter, headerLine } = cut;
  const said = { encoding, delimiter, headerLine: headerLine?.toString() };
  const path = withQuery(paths.api(`imports/${encodeURIComponent(id)}`), said);
  return (await get<{ import: ImportView }>(path, signal)).import;
}

/**
 * Stages an import, telling after each part how far it is. What broke off may be asked for again:
 * it begins at the first byte, and nothing doubles.
 *
 * @throws {ApiError} a refusal; `offline` when the connection broke before the last line
 */
export async function stageImport(
  paths: Paths,
  id: string,
  reading: Reading,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<Staged> {
  let staged: Staged | undefined;
  const path = paths.api(`imports/${encodeURIComponent(id)}/staging`);
  await lines<StagingLine>(
    path,
    { reading },
    (line) => {
      if ('error' in line) throw new ApiError(line.error.code, line.error);
      if ('done' in line) staged = { publishId: line.publishId, import: line.import };
      else onProgress(line);
    },
    signal,
  );
  if (staged === undefined) throw new ApiError('offline');
  return staged;
}

/** Where the rows with problems are downloaded, as they stand in the file. */
export const problemsPath = (paths: Paths, id: string): string =>
  paths.api(`imports/${encodeURIComponent(id)}/problems.csv`);

/** @throws {ApiError} */
export const readMatching = (paths: Paths, publishId: string): Promise<Matching> =>
  get<Matching>(paths.api(`publishes/${encodeURIComponent(publishId)}/matching`));

/**
 * Names a PDF whose bytes the supplier already has, without sending them.
 *
 * @param sha256 of the file, in hex
 * @returns null where the bytes are not known, and have to be sent
 * @throws {ApiError}
 */
export async function nameKnownFile(
  path: string,
  sha256: string,
  signal: AbortSignal,
): Promise<FileResult | null> {
  try {
    const options = { contentType: 'application/pdf', signal };
    return await upload<FileResult>('PUT', withQuery(path, { sha256 }), new Blob(), options);
  } catch (thrown) {
    if (isCode(thrown, 'file_unknown')) return null;
    throw thrown;
  }
}

/** Whether something thrown is the API's refusal of this code. */
export function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof ApiError && (thrown.code as string) === code; // a code is a string
}
