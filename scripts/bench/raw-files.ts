/** The bare Worker of bare-files.ts, started and filled, and how both sides' answers are read. */
import { randomBytes } from 'node:crypto';
import type { R2Bucket } from '@cloudflare/workers-types';
import { createTestHarness } from 'wrangler';
import type { Stack } from '../../worker/test/stack.ts';

/** Compression is the edge's, not ours: here it would only make both sides slower. */
export const PLAIN = { 'Accept-Encoding': 'identity' };

export type RawFiles = {
  put(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** A request to it, such as `raw?key=A`. */
  fetch(path: string): Promise<Response>;
  stop(): Promise<void>;
};

/** Starts the Worker under the same settings as ours, with an empty bucket and a role without rights. */
export async function startRawFiles(stack: Stack): Promise<RawFiles> {
  const password = randomBytes(16).toString('hex');
  await stack.sql(`create role counterfoil_bench login password '${password}'`);
  const harness = createTestHarness({
    root: new URL('../..', import.meta.url).pathname,
    workers: [
      {
        config: {
          name: 'bare-files',
          main: 'scripts/bench/bare-files.ts',
          compatibility_date: '2026-11-01',
          assets: {
            directory: 'web/dist',
            binding: 'ASSETS',
            run_worker_first: ['/*', '!/assets/*'],
          },
          r2_buckets: [{ binding: 'BUCKET', bucket_name: 'bare-files' }],
          vars: {
            DATABASE_URL: `postgres://counterfoil_bench:${password}@local.test/postgres`,
            DATABASE_ENDPOINT: stack.database.url,
          },
        },
      },
    ],
  });
  await harness.listen();
  const { BUCKET } = await harness.getWorker<{ BUCKET: R2Bucket }>().getEnv();
  return {
    async put(key, bytes) {
      await BUCKET.put(key, bytes);
    },
    // Node's and the Worker's Response are one shape with two declarations.
    fetch: (path) =>
      harness.fetch(`http://bare.test/${path}`, { headers: PLAIN }) as unknown as Promise<Response>,
    async stop() {
      await harness.close();
      await stack.sql('drop role counterfoil_bench');
    },
  };
}

export type Body = ReadableStreamDefaultReader<Uint8Array>;

/**
 * The body of an answer, to be read now or later. Its reader is taken at once: a body that nobody reads
 * is cancelled when its response is collected, and then ends as if it were empty.
 */
export async function openBody(answer: Promise<Response>): Promise<Body> {
  const response = await answer;
  if (!response.ok || response.body === null) {
    throw new Error(`answered ${response.status}: ${await response.text()}`);
  }
  return response.body.getReader();
}

/**
 * Reads a body to its end and keeps none of it.
 *
 * @returns when its first bytes came, as `performance.now()`
 * @throws Error for a body that is not of `length` bytes; any length will do when it is null
 */
export async function readToEnd(body: Body, length: number | null): Promise<number> {
  let firstAt = 0;
  let bytes = 0;
  for (let read = await body.read(); !read.done; read = await body.read()) {
    firstAt ||= performance.now();
    bytes += read.value.byteLength;
  }
  if (bytes === 0 || (length !== null && bytes !== length)) {
    throw new Error(`expected ${length} bytes, not ${bytes}`);
  }
  return firstAt;
}
