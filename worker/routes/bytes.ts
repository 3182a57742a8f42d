import type { R2ObjectBody } from '@cloudflare/workers-types';
import { AppError } from '../errors.ts';

/** Bytes with a buffer of their own, which is what the bucket and WebCrypto take. */
type Bytes = Uint8Array<ArrayBuffer>;

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
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) {
    throw refuse();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > maxBytes) {
      throw refuse();
    }
    chunks.push(chunk);
  }
  const bytes: Bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
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
