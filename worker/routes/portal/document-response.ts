/** One document, over HTTP: whole, in part, not again, or not at all (RFC 9110 §13 and §14). */
import type { Context } from 'hono';
import { type AppEnv, asCustomer, documentUnavailable } from '../../access/guards.ts';
import { type HowTaken, type TakenDocument, takeDocument } from '../../domain/document.ts';
import { AppError } from '../../errors.ts';
import { readRange } from '../../pdf/splice.ts';
import type { Disposition } from '../../vocabulary.ts';
import { fileHeaders } from '../file-headers.ts';
import {
  bodyOfLength,
  drawnBytes,
  logoOf,
  objectOf,
  openCopy,
  sendPieces,
  splicedOf,
} from './document-body.ts';

type Wanted = { documentId: string; orderId: string | null; disposition: Disposition };

/** An ETag of ours: what the bytes are made of, and the stamp on this copy. */
const ETAG = /"([0-9a-f]{32}-[0-9A-F]{4}(?:-[0-9A-F]{4}){3})"/;
const etagOf = ({ objectSha256: hash, reference }: TakenDocument) =>
  hash === null || reference === null ? null : `"${hash.slice(0, 32)}-${reference}"`;
const copyIn = (header: string | undefined) => header?.match(ETAG)?.[1] ?? null;

/** A range that does not begin at the beginning: somebody already has that. */
const FURTHER_RANGE = /^bytes=[ \t]*(?:0*[1-9]\d*-\d*|-\d+)[ \t]*$/i;

/** Whether the request may belong to an earlier taking, and which copy it names. */
function howTaken(c: Context<AppEnv>): { how: HowTaken; copy: string | null } {
  if (c.req.method === 'HEAD') {
    return { how: 'look', copy: null };
  }
  const range = c.req.header('Range');
  // RFC 9110 §13.1.5: without a Range there is nothing for If-Range to be about.
  const ifRange = range === undefined ? null : copyIn(c.req.header('If-Range'));
  const copy = copyIn(c.req.header('If-None-Match')) ?? ifRange;
  const continues = copy !== null || (range !== undefined && FURTHER_RANGE.test(range));
  return { how: continues ? 'continue' : 'take', copy };
}

/**
 * Serves a document. The check and the event are one transaction, before the first byte; a HEAD, a
 * further range and a question whether a copy is still good write nothing new.
 *
 * @throws AppError `not_found`; `document_unavailable` when its bytes are gone, which staff are told
 */
export async function serveDocument(c: Context<AppEnv>, wanted: Wanted): Promise<Response> {
  const { how, copy } = howTaken(c);
  const { documentId, disposition } = wanted;
  const [{ rows }] = await asCustomer(
    c,
    null,
    (db) => [takeDocument(db, { ...wanted, how, copy })],
    how === 'take' ? undefined : { documentId, takenAs: disposition, copy },
  );
  const [document] = rows;
  if (document === undefined) {
    throw new AppError('not_found', 'no such document');
  }
  if (how === 'look') {
    return lookAt(c, document, disposition);
  }
  if (document.drawing !== null) {
    return answerDrawn(c, document, disposition);
  }
  const length = Number(document.objectSize);
  const etag = etagOf(document);
  const headers = headersOf(document, length, etag, disposition);
  if (etag !== null && c.req.header('If-None-Match')?.includes(etag)) {
    headers.delete('Content-Length');
    return new Response(null, { status: 304, headers });
  }
  const ifRange = c.req.header('If-Range');
  const range =
    ifRange === undefined || ifRange === etag
      ? readRange(c.req.header('Range') ?? null, length)
      : null;
  if (range === 'unsatisfiable') {
    return new Response(null, {
      status: 416,
      headers: { 'Content-Range': `bytes */${length}`, 'Accept-Ranges': 'bytes' },
    });
  }
  const { from, to } = range ?? { from: 0, to: length };
  if (range !== null) {
    headers.set('Content-Range', `bytes ${from}-${to - 1}/${length}`);
    headers.set('Content-Length', String(to - from));
  }
  const spliced = splicedOf(document);
  const opened = await openCopy(c.env.ports.bucket, objectOf(document), spliced, from, to);
  if (opened === null) {
    throw await documentUnavailable(c, documentId);
  }
  const body =
    opened instanceof Uint8Array
      ? opened
      : bodyOfLength(to - from, (writable) => sendPieces(writable, [opened]));
  return new Response(body, { status: range === null ? 200 : 206, headers });
}

/** A document that we draw: small, drawn anew for each taking, and so always whole. */
async function answerDrawn(
  c: Context<AppEnv>,
  document: TakenDocument,
  disposition: Disposition,
): Promise<Response> {
  const bytes = await drawnBytes(document, await logoOf(c.env.ports.bucket, document.drawing));
  const headers = headersOf(document, bytes?.byteLength ?? 0, null, disposition);
  headers.set('Accept-Ranges', 'none');
  return new Response(bytes, { status: 200, headers });
}

function headersOf(
  { number }: TakenDocument,
  length: number,
  etag: string | null,
  disposition: Disposition,
): Headers {
  const headers = fileHeaders(`${number}.pdf`, length, disposition);
  headers.set('Accept-Ranges', 'bytes');
  if (etag !== null) {
    headers.set('ETag', etag);
  }
  return headers;
}

/** A HEAD: the headers of the copy that this session has, if it has one; no body, and nothing taken. */
async function lookAt(
  c: Context<AppEnv>,
  document: TakenDocument,
  disposition: Disposition,
): Promise<Response> {
  const length = Number(document.objectSize);
  const etag = etagOf(document);
  const headers = headersOf(document, length, etag, disposition);
  if (document.drawing !== null) {
    // Each copy has a length of its own, known once it is drawn: left out, as RFC 9110 §9.3.2 allows.
    headers.delete('Content-Length');
  } else if ((await c.env.ports.bucket.head(objectOf(document).key))?.size !== length) {
    throw await documentUnavailable(c, document.id);
  }
  return new Response(null, { headers });
}
