/** Many documents as one ZIP: everything is known before the first byte, so its length is exact. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer, documentUnavailable } from '../../access/guards.ts';
import { combineCrc32, crc32 } from '../../crc32.ts';
import { type Cell, csvFile } from '../../csv.ts';
import { takeDocuments, type ZippedDocument, type ZipWanted } from '../../domain/document.ts';
import { AppError } from '../../errors.ts';
import { utf8 } from '../../utf8.ts';
import { ZIP_MAX_BYTES, ZIP_MAX_DOCUMENTS, ZIP_MAX_SELECTED } from '../../vocabulary.ts';
import { planZip, uniqueNames, type ZipEntry } from '../../zip.ts';
import type { NotWritten } from '../export-files.ts';
import { attachmentHeaders } from '../file-headers.ts';
import {
  bodyOfLength,
  drawnBytes,
  logoOf,
  objectOf,
  openCopy,
  type Piece,
  sendPieces,
  splicedOf,
} from './document-body.ts';

const INDEX_NAME = 'index.csv';
/** Objects that are asked for at once: as many connections as may be open. */
const ASKED_AT_ONCE = 6;

/** A file of the ZIP: what it weighs, and how its bytes are opened when their turn comes. */
type Zipped = Omit<ZipEntry, 'name' | 'modifiedAt'> & { open: () => Promise<Piece | null> };

/**
 * Serves the documents of an order, of a selection or of a filter, as a ZIP.
 *
 * @throws AppError `not_found`, `too_many_documents`, `zip_too_large`; `document_unavailable`, naming
 *   the document, before the first byte
 */
export async function serveZip(
  c: Context<AppEnv>,
  name: string,
  wanted: ZipWanted,
): Promise<Response> {
  if (wanted.ids && wanted.ids.length > ZIP_MAX_SELECTED) {
    throw tooMany(String(wanted.ids.length), ZIP_MAX_SELECTED);
  }
  const isHead = c.req.method === 'HEAD';
  const [{ rows }] = await asCustomer(c, null, (db) => [takeDocuments(db, { ...wanted, isHead })]);
  const documents = documentsOf(rows);
  if (documents.length === 0) {
    throw new AppError('not_found', 'no documents');
  }
  return sendZip(c, name, documents);
}

/**
 * What was taken for a ZIP; nothing where there is none.
 *
 * @throws AppError `too_many_documents`, `zip_too_large`
 */
export function documentsOf(
  rows: Awaited<ReturnType<typeof takeDocuments>>['rows'],
): ZippedDocument[] {
  const [first] = rows;
  if (first === undefined || first.status === 'none') {
    return [];
  }
  if (first.status === 'too_many') {
    throw tooMany(`more than ${ZIP_MAX_DOCUMENTS}`, ZIP_MAX_DOCUMENTS);
  }
  if (first.status === 'too_large') {
    throw new AppError('zip_too_large', 'too many bytes for one ZIP', {
      fields: { bytes: first.bytes, limit: String(ZIP_MAX_BYTES) },
    });
  }
  return rows;
}

/** What a ZIP holds that is no document of its own: files, and what its export had to leave out and why. */
type Made = {
  files: readonly MadeFile[];
  notWritten: readonly NotWritten[];
};
export type MadeFile = {
  name: string;
  kind: 'statement' | 'export';
  bytes: Uint8Array<ArrayBuffer>;
  /** Of its stamp. */
  reference?: string | null;
};

/**
 * Sends what was taken as a ZIP, with an index of it; a HEAD gets no body.
 *
 * @param made files that are made for this ZIP, behind the index, and what is not in it and why
 * @throws AppError `document_unavailable`, naming the document, before the first byte
 */
export async function sendZip(
  c: Context<AppEnv>,
  name: string,
  documents: readonly ZippedDocument[],
  made?: Made,
): Promise<Response> {
  await refuseMissing(c, documents);
  const headers = attachmentHeaders(`${name}.zip`, 'application/zip');
  if (c.req.method === 'HEAD') {
    return new Response(null, { headers });
  }

  const drawing = documents.find((document) => document.drawing !== null)?.drawing ?? null;
  const logo = await logoOf(c.env.ports.bucket, drawing);
  const files: Zipped[] = [];
  for (const document of documents) {
    // One after the other: 200 drawn at once would take more memory than an isolate has.
    files.push(await zippedOf(c, document, logo));
  }
  const names = uniqueNames([
    INDEX_NAME,
    ...(made?.files ?? []).map((file) => file.name),
    ...documents.map(({ number }) => `${number}.pdf`),
  ]);
  const index = indexBytes(names.slice(1), documents, made);
  const modifiedAt = new Date(documents[0]?.stampedAt ?? Date.now());
  const held = [index, ...(made?.files ?? []).map(({ bytes }) => bytes)].map((bytes) => ({
    size: bytes.byteLength,
    crc32: crc32(bytes),
    open: async () => bytes,
  }));
  const all: Zipped[] = [...held, ...files];
  const plan = planZip(
    all.map(({ size, crc32 }, at) => ({ name: names[at] ?? '', size, crc32, modifiedAt })),
  );
  headers.set('Content-Length', String(plan.length));
  const body = bodyOfLength(plan.length, (writable) => sendPieces(writable, piecesOf(plan, all)));
  return new Response(body, { status: 200, headers });
}

function tooMany(count: string, limit: number): AppError {
  return new AppError('too_many_documents', 'too many documents for one ZIP', {
    fields: { count, limit: String(limit) },
  });
}

/** The ZIP's pieces, in order. The next files are opened while one is sent: the bucket's first byte is not waited for. */
async function* piecesOf(
  { headers, end }: ReturnType<typeof planZip>,
  files: readonly Zipped[],
): AsyncGenerator<Piece> {
  const opening: Promise<Piece | null>[] = [];
  for (const [at, header] of headers.entries()) {
    for (const { open } of files.slice(at + opening.length, at + ASKED_AT_ONCE)) {
      const opened = open();
      // It is heard of when its turn comes; after a client that went away, nobody asks.
      opened.catch(() => undefined);
      opening.push(opened);
    }
    const piece = await opening.shift();
    if (!piece) {
      throw new Error('an object went away under its ZIP');
    }
    yield header;
    yield piece;
  }
  yield end;
}

/** Asks for every object before the first byte: a ZIP with a hole in it is worse than none. */
async function refuseMissing(c: Context<AppEnv>, documents: readonly ZippedDocument[]) {
  const stored = documents.filter((document) => document.objectSha256 !== null);
  for (let from = 0; from < stored.length; from += ASKED_AT_ONCE) {
    const asked = stored.slice(from, from + ASKED_AT_ONCE).map(async (document) => {
      const { key, size } = objectOf(document);
      const object = await c.env.ports.bucket.head(key);
      return object?.size === size ? null : document;
    });
    const missing = (await Promise.all(asked)).find((document) => document !== null);
    if (missing) {
      throw await documentUnavailable(c, missing.id, missing.number);
    }
  }
}

async function zippedOf(
  c: Context<AppEnv>,
  document: ZippedDocument,
  logo: Awaited<ReturnType<typeof logoOf>>,
): Promise<Zipped> {
  const { bucket } = c.env.ports;
  const drawn = await drawnBytes(document, logo);
  if (drawn) {
    return { size: drawn.byteLength, crc32: crc32(drawn), open: async () => drawn };
  }
  const spliced = splicedOf(document);
  return {
    size: spliced.length,
    crc32: document.headCrc === null ? await readCrc(c, document) : crcOf(document, spliced),
    open: () => openCopy(bucket, objectOf(document), spliced),
  };
}

/** The CRC-32 of a document that was published before any was kept; no stamp stands in such a one. */
async function readCrc(c: Context<AppEnv>, document: ZippedDocument): Promise<number> {
  const object = await c.env.ports.bucket.get(objectOf(document).key);
  if (object === null) {
    throw await documentUnavailable(c, document.id, document.number);
  }
  return crc32(new Uint8Array(await object.arrayBuffer()));
}

/** The whole copy's CRC-32, from those that were kept of its object and that of its stamp. */
function crcOf(
  { headCrc, tailCrc, slotOffset }: ZippedDocument,
  { length, slot }: ReturnType<typeof splicedOf>,
): number {
  const head = Number(headCrc);
  if (slot === null) {
    return head;
  }
  const text = utf8(slot.text);
  const tailLength = length - Number(slotOffset) - text.byteLength;
  const stamped = combineCrc32(head, crc32(text), text.byteLength);
  return combineCrc32(stamped, Number(tailCrc), tailLength);
}

/** What is in the ZIP, for whoever files it: one row a file, and one for each document that is in no file. */
function indexBytes(
  names: readonly string[],
  documents: readonly ZippedDocument[],
  made: Made | undefined,
) {
  const { files, notWritten } = made ?? { files: [], notWritten: [] };
  const rows: Cell[][] = [
    ...files.map(({ kind, reference = null }, at) => [
      names[at] ?? '',
      kind,
      null,
      null,
      null,
      reference,
      null,
    ]),
    ...documents.map((document, at) => [
      names[files.length + at] ?? '',
      document.kind,
      document.number,
      document.datedOn,
      document.orderNumber,
      document.reference,
      null,
    ]),
    ...notWritten.map(({ kind, number, reason }) => [null, kind, number, null, null, null, reason]),
  ];
  const header = ['file', 'kind', 'number', 'date', 'order', 'reference', 'left_out'];
  // Only a pack leaves something out.
  const columns = made ? header.length : header.length - 1;
  return utf8(csvFile([header, ...rows].map((row) => row.slice(0, columns))));
}
