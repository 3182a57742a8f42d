/** A console in small, the double for the tests of push: real HTTP, the routes that push asks, and faults on demand. */
import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { type LocalAnswer, listenFetch } from '../../scripts/local/http.ts';

export const CLIENT = { clientId: 'erp.access', clientSecret: 'secret' };

type Publish = {
  status: string;
  /** Documents by key: the name of the file that each wants. */
  documents: Map<string, string>;
  files: Map<string, { name: string; sha256: string; size: number }>;
};
type Import = { id: string; sha256: string; lines: string[]; publishId: string | null };

/** What stands where a CSV is read: `[]` is a file that the console knows how to read. */
const DETECTED = {
  encoding: 'utf-8',
  delimiter: ',',
  headerLine: 1,
  dateOrder: 'ymd',
  decimal: '.',
  fields: ['document_number', 'file_name'],
  columns: [],
  fingerprint: 'f',
  preview: [],
  preamble: 0,
  profile: null,
};

/** Starts it on any free port. A CSV of `key,file name` lines below a header is what it reads. */
export async function startSmallConsole() {
  const publishes = new Map<string, Publish>();
  const imports = new Map<string, Import>();
  const bytes = new Map<string, number>();
  const state = {
    questions: [] as string[],
    /** Gives an answer instead of the console's own, or null; it may count and change its mind. */
    fault: (_request: Request): LocalAnswer | null | Promise<LocalAnswer | null> => null,
    /** The answer of a staging breaks off so many times. */
    breaks: 0,
    readings: [] as unknown[],
    asked: [] as string[],
    /** How many files are on their way now. */
    sending: 0,
  };
  const hash = (body: ArrayBuffer) =>
    createHash('sha256').update(new Uint8Array(body)).digest('hex');
  const refuse = (code: string, fields?: Record<string, string>) => ({
    error: { code, message: `refused: ${code}`, fields, requestId: 'r' },
  });
  const matchingOf = ({ documents, files }: Publish) => {
    const wanted = new Set([...documents.values()].map((name) => name.toLowerCase()));
    const unmatched = [...files].filter(([key]) => !wanted.has(key)).map(([, { name }]) => name);
    const missing = [...documents].filter(([, name]) => !files.has(name.toLowerCase()));
    return { unmatched, missing, matched: documents.size - missing.length };
  };

  const app = new Hono()
    .basePath('/api/admin/acme')
    .post('/imports', async (c) => {
      const body = await c.req.arrayBuffer();
      const sha256 = hash(body);
      const before = [...imports.values()].find(
        (one) => one.sha256 === sha256 && one.publishId !== null,
      );
      const id = crypto.randomUUID();
      const lines = new TextDecoder().decode(body).trim().split('\n').slice(1);
      imports.set(id, { id, sha256, lines, publishId: null });
      const detected = { ...DETECTED, questions: state.questions };
      const at = '2026-11-20T02:00:00Z';
      const alreadyStaged = before ? { alreadyStaged: { importId: before.id, at } } : {};
      return c.json({ import: { id, publishId: null, detected, ...alreadyStaged } }, 201);
    })
    .get('/imports/:id', (c) => {
      const { id, publishId = null, lines = [] } = imports.get(c.req.param('id')) ?? {};
      return c.json({ import: { id, publishId, rows: lines.length, skipped: 0, blank: 0 } });
    })
    .post('/imports/:id/staging', async (c) => {
      const one = imports.get(c.req.param('id'));
      if (one === undefined) return c.json(refuse('not_found'), 404);
      state.readings.push((await c.req.json()).reading);
      const part = `${JSON.stringify({ position: 5, size: 10, rows: 1 })}\n`;
      const type = { 'Content-Type': 'application/x-ndjson' };
      if (state.breaks-- > 0) return c.body(`${part}{"posi`, 200, type);
      const publishId = one.publishId ?? crypto.randomUUID();
      one.publishId = publishId;
      // The cells are the tests' own: no quotes, two a line.
      const documents = new Map(one.lines.map((text) => text.split(',') as [string, string]));
      publishes.set(publishId, { status: 'staged', documents, files: new Map() });
      const rows = one.lines.length;
      const told = { id: one.id, rows, items: rows, skipped: 0, blank: 0, problems: [] };
      return c.body(`${part}${JSON.stringify({ done: true, publishId, import: told })}`, 200, type);
    })
    .get('/publishes/:id/files', (c) =>
      c.json({ files: [...(publishes.get(c.req.param('id'))?.files.values() ?? [])] }),
    )
    .put('/publishes/:id/files/:name', async (c) => {
      const publish = publishes.get(c.req.param('id'));
      if (publish?.status !== 'staged') return c.json(refuse('publish_not_staged'), 409);
      const body = await c.req.arrayBuffer();
      const told = c.req.query('sha256') ?? '';
      const name = c.req.param('name');
      if (body.byteLength === 0 && !bytes.has(told)) return c.json(refuse('file_unknown'), 404);
      if (body.byteLength > 0) {
        if (!new TextDecoder().decode(body).startsWith('%PDF-')) {
          return c.json(refuse('not_a_pdf', { name }), 422);
        }
        if (hash(body) !== told)
          return c.json(refuse('invalid', { sha256: 'of other bytes' }), 422);
        bytes.set(told, body.byteLength);
      }
      publish.files.set(name.toLowerCase(), { name, sha256: told, size: bytes.get(told) ?? 0 });
      return c.json({ file: {}, unchanged: false, findings: [] }, 201);
    })
    .get('/publishes/:id/matching', (c) => {
      const publish = publishes.get(c.req.param('id'));
      if (publish === undefined) return c.json(refuse('not_found'), 404);
      const { matched, unmatched, missing } = matchingOf(publish);
      const counts = { matched, unmatched: unmatched.length, missing: missing.length };
      const named = missing.map(([key, fileName]) => ({ key, fileName }));
      return c.json({ matched, unmatched, missing: named, counts });
    })
    .get('/publishes/:id/review', (c) => {
      const publish = publishes.get(c.req.param('id'));
      if (publish === undefined) return c.json(refuse('not_found'), 404);
      const items = publish.documents.size;
      const blocked = matchingOf(publish).missing.length;
      const totals = { items, new: items, changed: 0, same: 0, revision: 0, conflict: 0, blocked };
      return c.json({ publish: { status: publish.status }, totals: { ...totals, warnings: 0 } });
    });

  const answerTo = async (request: Request): Promise<LocalAnswer> => {
    const { headers } = request;
    const answer = await state.fault(request);
    if (answer !== null) return answer;
    const isLetIn =
      headers.get('CF-Access-Client-Id') === CLIENT.clientId &&
      headers.get('CF-Access-Client-Secret') === CLIENT.clientSecret;
    if (!isLetIn) return new Response('<html>Forbidden</html>', { status: 403 });
    return app.fetch(request);
  };
  const server = await listenFetch(async (request) => {
    const { pathname } = new URL(request.url);
    state.asked.push(`${request.method} ${pathname.replace('/api/admin/acme/', '')}`);
    const files = request.method === 'PUT' ? 1 : 0;
    state.sending += files;
    const answer = await answerTo(request);
    state.sending -= files;
    return answer;
  });
  return { state, url: server.loopbackUrl, stop: server.stop, publishes, imports };
}
