import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Resend } from 'resend';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readBody } from './http.ts';
import { type ReceivedMail, type ResendServer, startResend } from './resend.ts';

const API_KEY = 're_local_key';
const WEBHOOK_SECRET = `whsec_${Buffer.from('a secret of this test only').toString('base64')}`;
const mail = {
  from: 'Acme <portal@acme.example>',
  to: ['Anna <anna@buyer.example>'],
  subject: 'Your <order> is on its way',
  html: '<p>Hello <a href="http://localhost/x">open</a></p>',
  text: 'Hello',
  headers: { 'List-Unsubscribe': '<https://acme.example/u>' },
  tags: [{ name: 'kind', value: 'order_shipped' }],
};

type Hook = { headers: Record<string, unknown>; body: string };

let folder: string;
let hooks: Hook[] = [];
let hookServer: Server;
let hookStatus = 200;
let server: ResendServer;
let resend: Resend;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-resend-'));
  hookServer = createServer(async (request, response) => {
    hooks.push({ headers: request.headers, body: (await readBody(request, 100_000)) ?? '' });
    response.writeHead(hookStatus).end();
  });
  await new Promise<void>((resolve) => hookServer.listen(0, '127.0.0.1', resolve));
  const { port } = hookServer.address() as AddressInfo;
  server = await startResend({
    apiKey: API_KEY,
    storeFile: join(folder, 'mails.jsonl'),
    webhook: { url: `http://127.0.0.1:${port}/hooks/resend`, secret: WEBHOOK_SECRET },
  });
  resend = new Resend(API_KEY, { baseUrl: server.apiUrl });
});

afterAll(async () => {
  await server.stop();
  hookServer.close();
  hookServer.closeAllConnections();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  await server.clear();
  hooks = [];
  hookStatus = 200;
});
afterEach(() => {
  server.fault = null;
});

const inbox = (path: string, init?: RequestInit) => fetch(`${server.apiUrl}${path}`, init);

function verify({ headers, body }: Hook) {
  return resend.webhooks.verify({
    payload: body,
    headers: {
      id: String(headers['svix-id']),
      timestamp: String(headers['svix-timestamp']),
      signature: String(headers['svix-signature']),
    },
    webhookSecret: WEBHOOK_SECRET,
  });
}

describe('sending', () => {
  test('a mail is kept whole', async () => {
    const { data, error } = await resend.emails.send({ ...mail, replyTo: 'help@acme.example' });
    expect(error).toBeNull();
    expect(server.mails()).toEqual([
      {
        ...mail,
        id: data?.id,
        cc: [],
        bcc: [],
        replyTo: ['help@acme.example'],
        createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  test('a batch keeps every mail or none', async () => {
    const { data } = await resend.batch.send([mail, { ...mail, to: 'ben@buyer.example' }]);
    expect(data?.data.map(({ id }) => id).toReversed()).toEqual(server.mails().map((m) => m.id));
    const { error } = await resend.batch.send([mail, { ...mail, to: 'nobody' }]);
    expect(error).toMatchObject({ statusCode: 422, name: 'validation_error' });
    expect(server.mails()).toHaveLength(2);
  });

  test('only the right key may send', async () => {
    const { error } = await new Resend('re_wrong', { baseUrl: server.apiUrl }).emails.send(mail);
    expect(error).toEqual({
      statusCode: 401,
      name: 'invalid_api_key',
      message: 'API key is invalid.',
    });
    const response = await inbox('/emails', { method: 'POST', body: JSON.stringify(mail) });
    expect([response.status, (await response.json()).name]).toEqual([401, 'missing_api_key']);
    expect(server.mails()).toEqual([]);
  });

  test.each([
    ['no recipient', { to: [] }, 'validation_error', 'to'],
    ['a bad sender', { from: 'acme' }, 'validation_error', 'from'],
    ['no subject', { subject: undefined }, 'missing_required_field', 'subject'],
    ['no content', { html: undefined, text: undefined }, 'validation_error', 'html'],
    ['a bad tag', { tags: [{ name: 'a b', value: 'c' }] }, 'validation_error', 'Tags'],
  ])('%s is refused and named', async (_, change, name, word) => {
    // The types forbid what is tried here.
    const { error } = await resend.emails.send({ ...mail, ...change } as typeof mail);
    expect(error).toMatchObject({ statusCode: 422, name, message: expect.stringContaining(word) });
    expect(server.mails()).toEqual([]);
  });
});

describe('idempotency keys', () => {
  const send = (change: object, idempotencyKey: string) =>
    resend.emails.send({ ...mail, ...change }, { idempotencyKey });

  test('the same key and body is one mail and one answer', async () => {
    const first = await send({}, 'k1');
    const again = await send({}, 'k1');
    expect(again.data).toEqual(first.data);
    expect(server.mails()).toHaveLength(1);
  });

  test('the same key with another body is refused', async () => {
    await send({}, 'k1');
    const { error } = await send({ subject: 'Other' }, 'k1');
    expect(error).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
  });

  test('a key in flight is refused, and answered afterwards', async () => {
    server.fault = { slowMs: 100 };
    const answers = await Promise.all([send({}, 'k1'), send({}, 'k1')]);
    expect(answers.map(({ error }) => error?.name ?? 'sent').sort()).toEqual([
      'concurrent_idempotent_requests',
      'sent',
    ]);
    const { data } = await send({}, 'k1');
    expect(server.mails().map(({ id }) => id)).toEqual([data?.id]);
  });

  test('a refused mail does not use up its key', async () => {
    expect((await send({ to: 'nobody' }, 'k1')).error?.statusCode).toBe(422);
    expect((await send({}, 'k1')).error).toBeNull();
  });

  test('a key longer than 256 characters is refused', async () => {
    const { error } = await send({}, 'k'.repeat(257));
    expect(error).toMatchObject({ statusCode: 400, name: 'invalid_idempotency_key' });
  });

  test('mails and keys survive a restart, a half-written line does not', async () => {
    const { data } = await send({}, 'k1');
    const { appendFile } = await import('node:fs/promises');
    const storeFile = join(folder, 'mails.jsonl');
    await appendFile(storeFile, '{"mails":[{"id":"cut sh');
    const restarted = await startResend({ apiKey: API_KEY, storeFile });
    try {
      const other = new Resend(API_KEY, { baseUrl: restarted.apiUrl });
      expect((await other.emails.send(mail, { idempotencyKey: 'k1' })).data).toEqual(data);
      expect(restarted.mails()).toEqual(server.mails());
    } finally {
      await restarted.stop();
    }
  });
});

describe('faults', () => {
  test('a status is answered in its shape, with its wait', async () => {
    server.fault = { status: 429, retryAfter: 2 };
    const { error, headers } = await resend.emails.send(mail);
    expect(error).toMatchObject({ statusCode: 429, name: 'rate_limit_exceeded' });
    expect(headers?.['retry-after']).toBe('2');
    server.fault = { status: 502, body: '<html>bad gateway</html>' };
    expect((await resend.emails.send(mail)).error).toMatchObject({ statusCode: 502 });
    expect(server.mails()).toEqual([]);
  });

  test('a server that is down is a network error', async () => {
    server.fault = 'down';
    expect((await resend.emails.send(mail)).error?.statusCode).toBeNull();
    expect((await inbox('/')).status).toBe(200);
  });

  test('an accepted mail whose answer is lost is not sent twice', async () => {
    server.fault = { acceptThenTimeout: true };
    const signal = AbortSignal.timeout(200);
    const lost = await resend.emails.send(mail, { idempotencyKey: 'k1', signal });
    expect(lost.error?.statusCode).toBeNull();
    server.fault = null;
    const again = await resend.emails.send(mail, { idempotencyKey: 'k1' });
    expect(server.mails().map(({ id }) => id)).toEqual([again.data?.id]);
  });
});

describe('webhooks', () => {
  test('an accepted mail is reported as delivered, signed, with its tags', async () => {
    const { data } = await resend.emails.send(mail);
    await expect.poll(() => hooks.length).toBe(1);
    expect(verify(hooks[0] as Hook)).toMatchObject({
      type: 'email.delivered',
      data: { email_id: data?.id, to: mail.to, tags: { kind: 'order_shipped' } },
    });
  });

  test("Resend's test addresses bounce and complain", async () => {
    await resend.emails.send({ ...mail, to: 'bounced+anna@resend.dev' });
    await resend.emails.send({ ...mail, to: 'Ben <complained@resend.dev>' });
    await expect.poll(() => hooks.length).toBe(2);
    expect(hooks.map((hook) => JSON.parse(hook.body).type).sort()).toEqual([
      'email.bounced',
      'email.complained',
    ]);
  });

  test('a refused event is tried again under its id', async () => {
    hookStatus = 503;
    await resend.emails.send(mail);
    await expect.poll(() => hooks.length).toBe(1);
    hookStatus = 200;
    await expect.poll(() => hooks.length).toBe(2);
    expect(hooks[1]?.headers['svix-id']).toBe(hooks[0]?.headers['svix-id']);
  });

  test('a test can send any event, also twice', async () => {
    const { data } = await resend.emails.send(mail);
    await expect.poll(() => hooks.length).toBe(1);
    expect(await server.sendEvent(String(data?.id), 'email.bounced', { svixId: 'msg_same' })).toBe(
      200,
    );
    await server.sendEvent(String(data?.id), 'email.bounced', { svixId: 'msg_same' });
    expect(hooks.slice(1).map(({ headers }) => headers['svix-id'])).toEqual([
      'msg_same',
      'msg_same',
    ]);
  });
});

describe('the inbox', () => {
  test('lists the newest first and escapes what mails say', async () => {
    await resend.emails.send({ ...mail, subject: 'First' });
    await resend.emails.send({ ...mail, subject: '<script>alert(1)</script>' });
    const page = await (await inbox('/')).text();
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toContain('<script>alert');
    expect(page.indexOf('alert(1)')).toBeLessThan(page.indexOf('First'));
    expect(page).toContain('Anna &lt;anna@buyer.example&gt;');
  });

  test('shows a mail inert, with its text and headers, and raw', async () => {
    const { data } = await resend.emails.send({ ...mail, html: '<p id="x">"Hi"</p>' });
    const page = await (await inbox(`/mails/${data?.id}`)).text();
    expect(page).toContain('srcdoc="&lt;base target=&quot;_blank&quot;&gt;&lt;p id=&quot;x&quot;');
    expect(page).toMatch(/sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"/);
    expect(page).toContain('List-Unsubscribe: &lt;https://acme.example/u&gt;');
    const raw = await inbox(`/mails/${data?.id}.html`);
    expect(await raw.text()).toBe('<p id="x">"Hi"</p>');
    expect(raw.headers.get('content-security-policy')).toContain('sandbox');
    expect((await inbox('/mails/unknown')).status).toBe(404);
    const html = '<!doctype html><html><head lang="en"><title>x</title></head></html>';
    const whole = await resend.emails.send({ ...mail, html });
    expect(await (await inbox(`/mails/${whole.data?.id}`)).text()).toContain(
      '&lt;head lang=&quot;en&quot;&gt;&lt;base target=&quot;_blank&quot;&gt;',
    );
  });

  test('answers tests by recipient and can be emptied', async () => {
    await resend.emails.send(mail);
    await resend.emails.send({ ...mail, to: 'ben@buyer.example' });
    const found = await (await inbox('/api/mails?to=ANNA@buyer.example')).json();
    expect(found.map((m: ReceivedMail) => m.to)).toEqual([mail.to]);
    expect((await inbox('/api/mails', { method: 'DELETE' })).status).toBe(204);
    expect(await (await inbox('/api/mails')).json()).toEqual([]);
  });
});
