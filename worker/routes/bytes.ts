import type { R2ObjectBody } from '@cloudflare/workers-types';
import { AppError } from '../errors.ts';

/** Bytes with a buffer of their own, which is what the bucket and WebCrypto take. */
type Bytes = Uint8Array<ArrayBuffer>;

/** The first buffer of a body that does not say its length. */
const UNDECLARED_BYTES = 64 * 1024;

/** An object's stream as a response's body, untouched: native piping keeps memory flat. */
export function bodyOf(object: R2ObjectBody): BodyInit {
  // One stream with two declarations: the bucket's types and the global ones do not know each other.
  return object.body as unknown as BodyInit;
}

/**
 * The whole body of a request, refused as soon as it is known to be too long: by its declared
 * length before a byte is read, and by count, since the declaration may lie.
 *
 * @throws AppError `too_large`
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Bytes> {
  const refuse = () =>
    new AppError('too_large', `the body is longer than ${maxBytes} bytes`, {
      fields: { body: `at most ${Math.floor(maxBytes / 1000)} kB` },
    });
  const declared = Number(request.headers.get('Content-Length') ?? 0);
  if (declared > maxBytes) {
    throw refuse();
  }
  // Into one buffer of the declared length: pieces that are put together at the end take twice as much.
  let bytes: Bytes = new Uint8Array(declared > 0 ? declared : UNDECLARED_BYTES);
  let length = 0;
  for await (const chunk of request.body ?? []) {
    const next = length + chunk.byteLength;
    if (next > maxBytes) {
      throw refuse();
    }
    if (next > bytes.byteLength) {
      const longer: Bytes = new Uint8Array(Math.min(maxBytes, 2 * next));
      longer.set(bytes.subarray(0, length));
      bytes = longer;
    }
    bytes.set(chunk, length);
    length = next;
  }
  return length === bytes.byteLength ? bytes : bytes.slice(0, length);
}

/** Text as a body, sent as it is made. One that nobody reads on is not made on. */
export function streamOf(texts: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await texts.next();
      if (done) {
        controller.close();
      } else {
        controller.enqueue(encoder.encode(value));
      }
    },
    async cancel() {
      await texts.return(undefined);
    },
  });
}
