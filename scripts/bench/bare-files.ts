/**
 * The Worker that downloads are measured against, with a bucket of its own. It knows the keys, checks
 * nobody, counts and logs nothing. `/raw` is the bucket's stream of an object; `/batched` the same
 * after a batch that reads no table; `/streams` the streams of many, one after the other, as one body;
 * `/rewritten` as `/batched`, but with the object parsed by pdf-lib, a line put on every page, and saved;
 * `/held` the object held whole, which is what memory would look like if ours were.
 */
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { neon, neonConfig } from '@neondatabase/serverless';

type Env = { BUCKET: R2Bucket; DATABASE_URL: string; DATABASE_ENDPOINT: string };

const HEADERS = { 'Content-Type': 'application/pdf', 'Cache-Control': 'private, no-store' };
const LINE = '2026-11-21 20:14 UTC  link ab3F  ref 7A3F-09BC-41DE-55C0';

let opened: ReturnType<typeof neon<false, false>> | undefined;
function open(env: Env) {
  neonConfig.fetchEndpoint = env.DATABASE_ENDPOINT;
  opened ??= neon(env.DATABASE_URL, { isolationLevel: 'ReadCommitted' });
  return opened;
}

async function askNothing(env: Env): Promise<void> {
  const sql = open(env);
  await sql.transaction([sql`select 1`]);
}

async function find({ BUCKET }: Env, key: string): Promise<R2ObjectBody> {
  const object = await BUCKET.get(key);
  if (object === null) {
    throw new Error(`the bucket does not hold ${key}`);
  }
  return object;
}

// One stream with two declarations: the bucket's types and the global ones do not know each other.
const streamOf = ({ body }: R2ObjectBody) => body as unknown as ReadableStream<Uint8Array>;

async function raw(env: Env, key: string): Promise<Response> {
  const object = await find(env, key);
  return new Response(streamOf(object), {
    headers: { ...HEADERS, 'Content-Length': String(object.size) },
  });
}

/** The objects `{key}0` to `{key}{count - 1}`, of `length` bytes in all. */
function streams(env: Env, key: string, count: number, length: number): Response {
  const { readable, writable } = new FixedLengthStream(length);
  const send = async () => {
    let next = find(env, `${key}0`);
    for (let at = 1; at <= count; at += 1) {
      const object = await next;
      next = at < count ? find(env, `${key}${at}`) : next;
      await streamOf(object).pipeTo(writable, { preventClose: true });
    }
    await writable.close();
  };
  send().catch((error: unknown) => writable.abort(error));
  return new Response(readable, { headers: HEADERS });
}

async function rewritten(env: Env, key: string): Promise<Response> {
  const object = await find(env, key);
  // As fast as it goes: by default it stops for a breath after each 100 objects.
  const document = await PDFDocument.load(await object.arrayBuffer(), {
    parseSpeed: Number.POSITIVE_INFINITY,
    updateMetadata: false,
  });
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const page of document.getPages()) {
    page.drawText(LINE, { font, size: 6, x: 20, y: 10 });
  }
  const bytes = await document.save({ objectsPerTick: Number.POSITIVE_INFINITY });
  // Its own declarations leave open which buffer: it is `new Uint8Array(size)`.
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: HEADERS });
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams: asked } = new URL(request.url);
    const key = asked.get('key') ?? '';
    switch (pathname) {
      case '/raw':
        return raw(env, key);
      case '/batched':
        await askNothing(env);
        return raw(env, key);
      case '/streams':
        return streams(env, key, Number(asked.get('count')), Number(asked.get('length')));
      case '/rewritten':
        await askNothing(env);
        return rewritten(env, key);
      case '/held':
        return new Response(await (await find(env, key)).arrayBuffer(), { headers: HEADERS });
      default:
        return new Response(null, { status: 404 });
    }
  },
};
