import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessServer, startAccess } from './access.ts';
import { type LocalServer, listen } from './http.ts';

const ID = { 'CF-Access-Client-Id': 'erp.access', 'CF-Access-Client-Secret': 'local-only' };

let worker: LocalServer;
let access: AccessServer;
beforeAll(async () => {
  // The Worker's place: it says what reached it, in two parts.
  worker = await listen(async (incoming, outgoing) => {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of incoming) {
      hash.update(chunk);
      length += chunk.length;
    }
    const { method, url, headers } = incoming;
    outgoing.writeHead(201, { 'content-type': 'application/x-ndjson', 'x-from': 'worker' });
    outgoing.write(`${JSON.stringify({ method, url, headers })}\n`);
    outgoing.end(JSON.stringify({ length, sha256: hash.digest('hex') }));
  });
  access = await startAccess({
    audience: 'aud',
    people: [],
    services: [{ name: 'erp', clientId: 'erp.access', clientSecret: 'local-only' }],
    adminUrl: `${worker.url}/admin`,
  });
});
afterAll(async () => {
  await access.stop();
  await worker.stop();
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(access.issuer + path, { redirect: 'manual', ...init });
const put = (headers: Record<string, string>, body: BodyInit) =>
  ask('/api/admin/acme/publishes/x/files/%C3%A1.pdf?sha256=0', { method: 'PUT', headers, body });

test('a machine’s request goes on with its token, and without its secret', async () => {
  const body = new Uint8Array(3_000_000).fill(7);
  const headers = {
    ...ID,
    'Content-Type': 'application/pdf',
    'Cf-Access-Jwt-Assertion': 'forged',
    'CF-Connecting-IP': '203.0.113.9',
  };
  const answer = await put(headers, body);
  const [seen, got] = (await answer.text()).split('\n').map((line) => JSON.parse(line));
  expect([answer.status, answer.headers.get('x-from')]).toEqual([201, 'worker']);
  expect(seen).toMatchObject({
    method: 'PUT',
    url: '/api/admin/acme/publishes/x/files/%C3%A1.pdf?sha256=0',
    headers: { 'content-type': 'application/pdf', host: new URL(worker.url).host },
  });
  expect(got).toEqual({
    length: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  });
  expect(decodeJwt(seen.headers['cf-access-jwt-assertion'])).toMatchObject({
    common_name: 'erp.access',
    sub: '',
    aud: ['aud'],
    iss: access.issuer,
  });
  expect(Object.keys(seen.headers).filter((name) => name.startsWith('cf-'))).toEqual([
    'cf-access-jwt-assertion',
  ]);
});

test('an empty body says that it is empty', async () => {
  const answer = await put({ ...ID, 'Content-Type': 'application/pdf' }, new Uint8Array(0));
  const [seen, got] = (await answer.text()).split('\n').map((line) => JSON.parse(line));
  expect([seen.headers['content-length'], got.length]).toEqual(['0', 0]);
});

test('a wrong secret, or half of a token, is let through nowhere', async () => {
  const halves: Record<string, string>[] = [
    { ...ID, 'CF-Access-Client-Secret': 'guess' },
    { 'CF-Access-Client-Id': 'erp.access' },
    { 'CF-Access-Client-Secret': 'local-only' },
  ];
  for (const wrong of halves) {
    const answer = await put(wrong, new Uint8Array(1_000_000));
    expect([answer.status, await answer.text()]).toEqual([403, '<h1>Forbidden</h1>']);
  }
});

test('without a token it is sent to the sign-in page, as is a person with a report’s link', async () => {
  const api = await ask('/api/admin/acme/me');
  expect([api.status, api.headers.get('location')]).toEqual([302, '/']);
  const link = await ask('/admin/acme/publishes/1');
  expect(link.headers.get('location')).toBe(`${worker.url}/admin/acme/publishes/1`);
});

test('a Worker that does not answer is a bad gateway', async () => {
  const nobody = await startAccess({
    audience: 'aud',
    people: [],
    services: [{ name: 'erp', clientId: 'erp.access', clientSecret: 'local-only' }],
    adminUrl: 'http://127.0.0.1:9/admin',
  });
  try {
    const answer = await fetch(`${nobody.issuer}/api/admin/acme/me`, { headers: ID });
    expect(answer.status).toBe(502);
  } finally {
    await nobody.stop();
  }
});
