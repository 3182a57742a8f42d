import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ResendServer, startResend } from '../scripts/local/resend.ts';
import { type Letter, openMail } from './mail.ts';

let server: ResendServer;
const mailOf = (apiKey = 're_key') =>
  openMail({
    apiKey,
    baseUrl: `${server.apiUrl}/`,
    from: 'Portal <portal@mail.example>',
    perSecond: 1000,
  });
const letter: Letter = {
  to: 'anna@buyer.example',
  fromName: 'Acme, Inc.',
  replyTo: 'sales@acme.example',
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  tags: { template: 'access-link' },
};

beforeAll(async () => {
  server = await startResend({ apiKey: 're_key' });
});
afterAll(() => server.stop());
afterEach(async () => {
  server.fault = null;
  await server.clear();
});

test("a letter arrives whole, in the supplier's name", async () => {
  const result = await mailOf().send(letter, 'key');
  expect(server.mails()).toEqual([
    expect.objectContaining({
      from: '"Acme, Inc." <portal@mail.example>',
      to: ['anna@buyer.example'],
      replyTo: ['sales@acme.example'],
      subject: 'Hello',
      html: '<p>Hello</p>',
      text: 'Hello',
      tags: [{ name: 'template', value: 'access-link' }],
    }),
  ]);
  expect(result).toEqual({ status: 'sent', providerId: server.mails()[0]?.id });
});

test('the same letter with the same key is one mail with one id', async () => {
  const mail = mailOf();
  const first = await mail.send(letter, 'key');
  expect(await mail.send(letter, 'key')).toEqual(first);
  expect(server.mails()).toHaveLength(1);
});

test('another letter with the same key is not sent, and not called sent', async () => {
  const mail = mailOf();
  await mail.send(letter, 'key');
  const result = await mail.send({ ...letter, text: 'Bye' }, 'key');
  expect(result).toMatchObject({ status: 'dead' });
  expect(server.mails()).toHaveLength(1);
});

test('a key in flight is tried again later', async () => {
  server.fault = { slowMs: 200 };
  const mail = mailOf();
  const results = await Promise.all([mail.send(letter, 'key'), mail.send(letter, 'key')]);
  expect(results.map(({ status }) => status).sort()).toEqual(['retry', 'sent']);
  expect(server.mails()).toHaveLength(1);
});

test('too many requests: not before retry-after', async () => {
  server.fault = { status: 429, retryAfter: 7 };
  expect(await mailOf().send(letter, 'key')).toMatchObject({ status: 'retry', afterSeconds: 7 });
});

test.each([500, 502, 503, 307])('status %d is tried again', async (status) => {
  server.fault = { status, body: '<html>no JSON</html>' };
  expect(await mailOf().send(letter, 'key')).toMatchObject({ status: 'retry' });
});

test.each([400, 404, 409, 422])('status %d is final', async (status) => {
  server.fault = { status };
  expect(await mailOf().send(letter, 'key')).toMatchObject({ status: 'dead' });
});

test('a wrong API key is our fault: the letter waits for the right one', async () => {
  expect(await mailOf('re_other').send(letter, 'key')).toMatchObject({ status: 'retry' });
  expect(await mailOf().send(letter, 'key')).toMatchObject({ status: 'sent' });
});

test('a provider that cannot be reached is tried again, and nothing is thrown', async () => {
  server.fault = 'down';
  expect(await mailOf().send(letter, 'key')).toMatchObject({ status: 'retry' });
});

test('a letter that was accepted without an answer is tried again, and is one mail', async () => {
  server.fault = { acceptThenTimeout: true };
  const mail = openMail({
    apiKey: 're_key',
    baseUrl: server.apiUrl,
    from: 'portal@mail.example',
    timeoutMs: 150,
  });
  expect(await mail.send(letter, 'key')).toMatchObject({ status: 'retry' });
  server.fault = null;
  expect(await mail.send(letter, 'key')).toMatchObject({ status: 'sent' });
  expect(server.mails()).toHaveLength(1);
});

test('a success without an id is asked again: the key makes it safe', async () => {
  server.fault = { status: 200, body: 'OK' };
  expect(await mailOf().send(letter, 'key')).toMatchObject({ status: 'retry' });
});

test('a hostile supplier name stays a name', async () => {
  const fromName = 'Evil" <boss@bank.example>\r\nBcc: all@bank.example';
  await mailOf().send({ ...letter, fromName }, 'key');
  expect(server.mails()[0]?.from).toBe(
    '"Evil bossbank.example Bcc: allbank.example" <portal@mail.example>',
  );
});

test('sends keep to the pace', async () => {
  const mail = openMail({
    apiKey: 're_key',
    baseUrl: server.apiUrl,
    from: 'portal@mail.example',
    perSecond: 20,
  });
  const started = performance.now();
  for (const key of ['1', '2', '3', '4']) await mail.send(letter, key);
  expect(performance.now() - started).toBeGreaterThanOrEqual(145);
});
