/**
 * The Worker that downloads are measured against. It checks, counts and logs nothing, and needs to
 * know the keys: `/raw` is the bucket's own stream of an object, `/batched` the same after a batch of one
 * statement that touches nothing, `/rewritten` the object read by pdf-lib, stamped and written anew, and
 * `/streams` the streams of many objects, one after the other, as one body.
 */
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { neon, neonConfig } from '@neondatabase/serverless';

type Env = { BUCKET: R2Bucket; DATABASE_URL: string; DATABASE_ENDPOINT: string };

const HEADERS = { 'Content-Type': 'application/pdf', 'Cache-Control': 'private, no-store' };
const STAMP = '2026-11-21 20:14 UTC  link ab3F  ref 7A3F-09BC-41DE-55C0';

let opened: ReturnType<typeof neon<false, false>> | undefined;
function open(env: Env) {
  neonConfig.fetchEndpoint = env.DATABASE_ENDPOINT;
  opened ??= neon(env.DATABASE_URL, { isolationLevel: 'ReadCommitted' });
  return opened;
}

async function find(env: Env, key: string): Promise<R2ObjectBody> {
  const object = await env.BUCKET.get(key);
  if (object === null) {
    throw new Error(`the bucket does not hold ${key}`);
  }
  return object;
}

// One stream with two declarations: the bucket's types and the global ones do not know each other.
const bodyOf = (object: R2ObjectBody) => object.body as unknown as ReadableStream<Uint8Array>;

async function raw(env: Env, key: string): Promise<Response> {
  const object = await find(env, key);
  return new Response(bodyOf(object), {
    headers: { ...HEADERS, 'Content-Length': String(object.size) },
  });
}

async function rewritten(env: Env, key: string): Promise<Response> {
  const object = await find(env, key);
  const document = await PDFDocument.load(await object.arrayBuffer());
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const page of document.getPages()) {
    page.drawText(STAMP, { font, size: 6, x: 20, y: 10 });
  }
  const bytes = await document.save();
  // Its own declarations leave open which buffer: it is `new Uint8Array(size)`.
  return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: HEADERS });
}

/** `keys` are `from` to `to` of `prefix`: an address holds few names. */
function streams(env: Env, prefix: string, count: number, length: number): Response {
  const { readable, writable } = new FixedLengthStream(length);
  const send = async () => {
    let next = find(env, `${prefix}0`);
    for (let at = 0; at < count; at += 1) {
      const object = await next;
      next = at + 1 < count ? find(env, `${prefix}${at + 1}`) : next;
      await bodyOf(object).pipeTo(writable, { preventClose: true });
    }
    await writable.close();
  };
  send().catch((error: unknown) => writable.abort(error));
  return new Response(readable, { headers: HEADERS });
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const key = searchParams.get('key') ?? '';
    switch (pathname) {
      case '/raw':
        return raw(env, key);
      case '/batched': {
        const sql = open(env);
        await sql.transaction([sql`select 1`]);
        return raw(env, key);
      }
      case '/rewritten':
        return rewritten(env, key);
      case '/streams':
        return streams(
          env,
          key,
          Number(searchParams.get('count')),
          Number(searchParams.get('length')),
        );
      default:
        return new Response(null, { status: 404 });
    }
  },
};
