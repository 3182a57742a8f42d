/**
 * The bytes of a document as one customer gets them: its object with the stamp spliced in, or drawn
 * anew. What is not small is a native stream end to end, so memory stays flat whatever the size.
 */
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { readLogo } from '../../brand.ts';
import type { TakenDocument } from '../../domain/document.ts';
import type { Drawing } from '../../domain/drawing.ts';
import { fileKey } from '../../domain/staged-file.ts';
import { figuresOf } from '../../domain/statement.ts';
import { compose } from '../../pdf/compose.ts';
import { composeStatement } from '../../pdf/compose-statement.ts';
import type { DrawnDocument } from '../../pdf/drawing/drawn-document.ts';
import { type Patch, patchOf, type Spliced, stampText } from '../../pdf/splice.ts';

type Stamped = Pick<TakenDocument, 'reference' | 'stampedAt' | 'linkLast4' | 'slotOffset'>;

/** The text of this copy's stamp; a look at a document that was not taken yet has none. */
export function stampTextOf({ reference, stampedAt, linkLast4 }: Stamped): string | null {
  if (reference === null || stampedAt === null || linkLast4 === null) {
    return null;
  }
  return stampText({ at: stampedAt, linkLast4, reference });
}

/** How the stored object becomes this copy. */
export function splicedOf(document: Stamped & { objectSize: string | null }): Spliced {
  const text = stampTextOf(document);
  const { slotOffset: offset } = document;
  return {
    length: Number(document.objectSize),
    slot: offset === null || text === null ? null : { offset: Number(offset), text },
  };
}

/** The supplier's logo, for what is drawn; null where there is none, or nothing to draw. */
export async function logoOf(
  bucket: R2Bucket,
  drawing: Pick<Drawing, 'hasLogo' | 'orgCode'> | null,
): Promise<DrawnDocument['logo']> {
  const logo = drawing?.hasLogo ? await readLogo(bucket, drawing.orgCode) : null;
  const type = logo?.httpMetadata?.contentType === 'image/png' ? 'image/png' : 'image/svg+xml';
  return logo && { bytes: await logo.arrayBuffer(), type };
}

/** The document drawn, for this customer and this taking; null for one that has a file. */
export async function drawnBytes(
  document: Pick<TakenDocument, 'drawing'> & Stamped,
  logo: DrawnDocument['logo'],
): Promise<Uint8Array<ArrayBuffer> | null> {
  const { drawing } = document;
  if (drawing === null) {
    return null;
  }
  const { orgCode: _, hasLogo: __, ...drawn } = drawing;
  if (drawn.kind === 'statement') {
    const stamp = { customerName: drawn.customer.name, text: stampTextOf(document) ?? '' };
    return composeStatement({ ...drawn, statement: figuresOf(drawn.statement), logo, stamp });
  }
  return compose({
    ...drawn,
    logo,
    // Its rows are what is published at this moment, however long the document has been there.
    asOf: document.stampedAt ?? drawn.asOf,
    isCopy: drawn.kind !== 'order_confirmation',
    stamp: { customerName: drawn.customer.name, text: stampTextOf(document) ?? '' },
  });
}

/** A stored object: its key, and the size it must have. */
export type StoredObject = { key: string; size: number };
export const objectOf = (document: {
  orgId: string;
  objectSha256: string | null;
  objectSize: string | null;
}): StoredObject => ({
  key: fileKey(document.orgId, document.objectSha256 ?? ''),
  size: Number(document.objectSize),
});

/** A piece that is ready to be sent: bytes that are here, or the bucket's own stream with its stamp. */
export type Piece = Uint8Array<ArrayBuffer> | { object: R2ObjectBody; patch: Patch | null };

/** What is read and held rather than streamed: so little that many clients at once do not matter. */
const HELD_MAX_BYTES = 128_000;

/** Bytes [from, to) of a copy, opened at the bucket; null when the object is gone or not the one approved. */
export async function openCopy(
  bucket: R2Bucket,
  { key, size }: StoredObject,
  spliced: Spliced,
  from = 0,
  to = spliced.length,
): Promise<Piece | null> {
  const patch = patchOf(spliced, from, to);
  const object = await getRange(bucket, { key, size }, from, to);
  if (object?.size !== size) {
    await object?.body.cancel();
    return null;
  }
  if (to - from > HELD_MAX_BYTES) {
    return { object, patch };
  }
  const bytes = new Uint8Array(await object.arrayBuffer());
  if (patch) {
    bytes.set(patch.bytes, patch.at);
  }
  return bytes;
}

/** A range beyond the end throws, and so does a bucket that does not answer: only the first is gone. */
async function getRange(
  bucket: R2Bucket,
  { key, size }: StoredObject,
  from: number,
  to: number,
): Promise<R2ObjectBody | null> {
  try {
    return await bucket.get(key, { range: { offset: from, length: to - from } });
  } catch (error) {
    if ((await bucket.head(key))?.size === size) {
      throw error;
    }
    return null;
  }
}

/** Fewer bytes wait for those after them: each write is a round through the runtime. */
const WRITTEN_MIN_BYTES = 64_000;

/** Sends pieces one after the other; but for its stamp, a stream of the bucket's goes through untouched. */
export async function sendPieces(
  writable: WritableStream<Uint8Array>,
  pieces: Iterable<Piece> | AsyncIterable<Piece>,
): Promise<void> {
  let waiting: Uint8Array[] = [];
  const write = async (bytes: Uint8Array) => {
    waiting.push(bytes);
    if (lengthOf(waiting) >= WRITTEN_MIN_BYTES) {
      await writeWaiting();
    }
  };
  const writeWaiting = async () => {
    if (waiting.length > 0) {
      const writer = writable.getWriter();
      await writer.write(joined(waiting));
      writer.releaseLock();
      waiting = [];
    }
  };
  for await (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      await write(piece);
      continue;
    }
    if (piece.patch) {
      for await (const bytes of patchedHead(piece.object, piece.patch)) {
        await write(bytes);
      }
    }
    await writeWaiting();
    // One stream with two declarations: the bucket's types and the global ones do not know each other.
    const body = piece.object.body as unknown as ReadableStream<Uint8Array>;
    await body.pipeTo(writable, { preventClose: true });
  }
  await writeWaiting();
}

/**
 * A stream's bytes up to where the patch ends, with it written over them. The slot is near the file's
 * beginning, so this is one read; where it is not, they pass by in pieces.
 */
async function* patchedHead(
  { body }: R2ObjectBody,
  { at, bytes }: Patch,
): AsyncGenerator<Uint8Array> {
  const end = at + bytes.byteLength;
  const reader = body.getReader({ mode: 'byob' });
  for (let from = 0; from < end; ) {
    const length = Math.min(WRITTEN_MIN_BYTES, end - from);
    const { value } = await reader.readAtLeast(length, new Uint8Array(length));
    if (value?.byteLength !== length) {
      throw new Error('an object that ends before its slot');
    }
    const [first, last] = [Math.max(at, from), from + length];
    if (first < last) {
      value.set(bytes.subarray(first - at, last - at), first - from);
    }
    yield value;
    from += length;
  }
  reader.releaseLock();
}

const lengthOf = (parts: readonly Uint8Array[]) =>
  parts.reduce((sum, { byteLength }) => sum + byteLength, 0);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first, second] = parts;
  if (first !== undefined && second === undefined) {
    return first;
  }
  const all = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** A body of exactly `length` bytes, fed by `send`. A failure midway ends the connection, not quietly the file. */
export function bodyOfLength(
  length: number,
  send: (writable: WritableStream<Uint8Array>) => Promise<void>,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new FixedLengthStream(length);
  send(writable)
    .then(() => writable.close())
    .catch((error: unknown) => writable.abort(error).catch(() => undefined));
  return readable;
}
