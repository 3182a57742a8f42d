import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { isSigned } from './webhook-signature.ts';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const SECRET = secretOf('a secret of this test only');
const NOW = 1_790_000_000;
const bytes = (text: string) => new TextEncoder().encode(text);

function sign(body: string, { id = 'msg_1', at = NOW, secret = SECRET } = {}) {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { id, timestamp: String(at), signature: `v1,${digest}` };
}
const check = (body: string, headers: Parameters<typeof isSigned>[1], now = NOW) =>
  isSigned(bytes(body), headers, SECRET, now);

test('what was signed with the secret passes, whatever is in it', async () => {
  for (const body of ['{}', '', '{"name": "Łódź"}', '\u0000']) {
    expect(await check(body, sign(body))).toBe(true);
  }
});

test('another body, another id, another time or another secret does not', async () => {
  expect(await check('{"a":2}', sign('{"a":1}'))).toBe(false);
  expect(await check('{ }', sign('{}'))).toBe(false);
  expect(await check('{}', { ...sign('{}'), id: 'msg_2' })).toBe(false);
  expect(await check('{}', { ...sign('{}'), timestamp: String(NOW + 1) })).toBe(false);
  expect(await check('{}', sign('{}', { secret: secretOf('the secret of somebody else') }))).toBe(
    false,
  );
});

test('five minutes either way is all the clocks may differ', async () => {
  expect(await check('{}', sign('{}', { at: NOW - 300 }))).toBe(true);
  expect(await check('{}', sign('{}', { at: NOW - 301 }))).toBe(false);
  expect(await check('{}', sign('{}', { at: NOW + 301 }))).toBe(false);
});

test('one good signature among several is enough: a secret is being replaced', async () => {
  const good = sign('{}');
  const old = sign('{}', { secret: secretOf('the secret that was before') });
  const both = { ...good, signature: `${old.signature} v1a,ed25519== ${good.signature}` };
  expect(await check('{}', both)).toBe(true);
  expect(await check('{}', { ...both, signature: `${old.signature} v2,abc` })).toBe(false);
});

test('headers that are missing or make no sense are no signature', async () => {
  const good = sign('{}');
  for (const name of ['id', 'timestamp', 'signature'] as const) {
    expect(await check('{}', { ...good, [name]: null }), name).toBe(false);
  }
  for (const timestamp of ['', 'now', '-1', '1e9', `${NOW}.0`]) {
    expect(await check('{}', { ...good, timestamp }), timestamp).toBe(false);
  }
  expect(await check('{}', { ...good, signature: 'v1,%%%' })).toBe(false);
});
