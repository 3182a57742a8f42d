/** An import's file, as the bucket holds it. */
import type { R2Bucket } from '@cloudflare/workers-types';
import { type ImportRow, importKey } from '../../domain/import.ts';
import { AppError } from '../../errors.ts';
import { type Detected, detect, HEAD_BYTES, type Reading } from '../../import/reading.ts';
import type { StageError } from '../../import/stage.ts';

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
export async function readPart(
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
