/** An import's file, as the bucket holds it. */
import type { R2Bucket } from '@cloudflare/workers-types';
import type { Context } from 'hono';
import type { AppEnv } from '../../access/guards.ts';
import { unlikelyNumbers } from '../../carriers/tracking-page.ts';
import { type ImportRow, importKey } from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { type Detected, detect, HEAD_BYTES, type Reading } from '../../import/reading.ts';
import { openStaging, PART_BYTES, type StagedPart, type StageError } from '../../import/stage.ts';

/** Whose file it is, and how it is read. */
export type FileTerms = { orgId: string; row: ImportRow; reading: Reading };

/** The import of this org. @throws AppError `not_found` */
export function existing(rows: readonly ImportRow[]): ImportRow {
  const [row] = rows;
  if (row === undefined) {
    throw new AppError('not_found', 'no such import');
  }
  return row;
}

/** What could be read. @throws AppError `csv_…`, with the line where one can be named */
export function readable<T extends object>(read: T | StageError): T {
  if ('error' in read) {
    const fields = read.line === undefined ? {} : { line: String(read.line) };
    throw new AppError(read.error, 'the CSV cannot be read', { fields });
  }
  return read;
}

/** Some of an import's bytes. @throws AppError `document_unavailable` when the bucket does not hold them */
async function readPart(
  bucket: R2Bucket,
  orgId: string,
  { id }: Pick<ImportRow, 'id'>,
  range: { offset: number; length: number },
): Promise<Uint8Array> {
  const object = range.length === 0 ? null : await bucket.get(importKey(orgId, id), { range });
  if (object === null) {
    throw new AppError('document_unavailable', 'the bucket does not hold the file');
  }
  return new Uint8Array(await object.arrayBuffer());
}

/** The beginning of an import's file: as much as {@link detect} reads. */
export function readHead(bucket: R2Bucket, orgId: string, row: ImportRow): Promise<Uint8Array> {
  return readPart(bucket, orgId, row, { offset: 0, length: Math.min(HEAD_BYTES, row.size) });
}

/** What a confirmed reading finds at the beginning of its file. @throws AppError `csv_…` */
export function columnsOf(head: Uint8Array, reading: Reading): Detected {
  const { encoding, delimiter, headerLine } = reading;
  return readable(detect(head, { encoding, delimiter, headerLine }));
}

type ReadPart = {
  parts: StagedPart[];
  /** Bytes read so far. */
  position: number;
  /** Rows read so far. */
  rows: number;
  isLast: boolean;
};

/** A file's bytes from the bucket, a part at a time. @throws AppError `document_unavailable` */
export async function* importBytes(
  c: Context<AppEnv>,
  { orgId, row }: Pick<FileTerms, 'orgId' | 'row'>,
): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < row.size; offset += PART_BYTES) {
    const length = Math.min(PART_BYTES, row.size - offset);
    yield await readPart(c.env.ports.bucket, orgId, row, { offset, length });
  }
}

/** A file's parts in their order; the last comes with what only the end of the file completes. */
export async function* partsOf(c: Context<AppEnv>, terms: FileTerms): AsyncGenerator<ReadPart> {
  const file = openStaging(terms.reading, unlikelyNumbers());
  let position = 0;
  let rows = 0;
  for await (const bytes of importBytes(c, terms)) {
    position += bytes.byteLength;
    const isLast = position === terms.row.size;
    const parts = [readable(file.push(bytes))];
    if (isLast) {
      parts.push(readable(file.end()));
    }
    rows += parts.reduce((total, next) => total + next.rows, 0);
    yield { parts, position, rows, isLast };
  }
}
