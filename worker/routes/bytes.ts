import { AppError } from '../errors.ts';

/**
 * The whole body of a request, refused as soon as it is known to be too long: by its declared
 * length before a byte is read, and by count, since the declaration may lie.
 *
 * @throws AppError `too_large`
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const refuse = () =>
    new AppError('too_large', `the body is longer than ${maxBytes} bytes`, {
      fields: { body: `at most ${Math.floor(maxBytes / 1024)} kB` },
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
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** SHA-256 as 64 hex digits: a file's name in the bucket. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
