import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import type { AppEnv } from './guards.ts';
import { accepts, onHost, sameOrigin } from './origin.ts';

const OWN = 'https://portal.example';
const app = new Hono<AppEnv>()
  .use(
    onHost(() => OWN),
    sameOrigin(() => OWN),
  )
  .get('/', (c) => c.text('read'))
  .post('/', (c) => c.text('changed'))
  .put('/typed', accepts('application/json', 'text/csv'), (c) => c.text('typed'))
  .delete('/', (c) => c.text('changed'))
  .onError((error, c) => c.text(error instanceof AppError ? error.code : 'unexpected', 400));
const answer = async (
  headers: Record<string, string>,
  { method = 'POST', url = `${OWN}/` }: { method?: string; url?: string } = {},
) => (await app.request(url, { method, headers })).text();

describe('a change', () => {
  test('is taken from our own pages, and from machines that bring no cookie', async () => {
    expect(await answer({ Origin: OWN, Cookie: 'a=b' })).toBe('changed');
    expect(await answer({ Origin: OWN, 'Sec-Fetch-Site': 'same-origin' })).toBe('changed');
    expect(await answer({ 'Sec-Fetch-Site': 'same-origin', Cookie: 'a=b' })).toBe('changed');
    expect(await answer({})).toBe('changed');
    expect(await answer({ 'Cf-Access-Jwt-Assertion': 'x' })).toBe('changed');
  });

  test.each([
    [{ Origin: 'https://evil.example' }],
    [{ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' }],
    [{ Origin: `${OWN}.evil.example` }],
    [{ Origin: 'http://portal.example' }],
    [{ Origin: 'null' }],
    [{ Origin: '' }],
    [{ 'Sec-Fetch-Site': 'cross-site' }],
    [{ 'Sec-Fetch-Site': 'same-site' }],
    [{ 'Sec-Fetch-Site': 'none' }],
    [{ Cookie: 'a=b' }],
    [{ Cookie: 'a=b', Referer: `${OWN}/` }],
  ])('is refused from %o', async (headers) => {
    for (const method of ['POST', 'DELETE']) {
      expect(await answer(headers as Record<string, string>, { method })).toBe('origin_refused');
    }
  });
});

test('a read is answered wherever it comes from', async () => {
  const headers = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site', Cookie: 'a=b' };
  expect(await answer(headers, { method: 'GET' })).toBe('read');
});

test.each([
  'https://console.example/',
  'https://portal.example.evil.example/',
  'https://portal.example:8443/',
])('%s is another host', async (url) => {
  expect(await answer({}, { method: 'GET', url })).toBe('not_found');
});

test('a body is of a type that the route declares, whatever its parameters', async () => {
  const put = (type?: string) =>
    answer(type === undefined ? {} : { 'Content-Type': type }, {
      method: 'PUT',
      url: `${OWN}/typed`,
    });
  for (const type of ['application/json', 'Application/JSON; charset=utf-8', 'text/csv;header=x']) {
    expect(await put(type)).toBe('typed');
  }
  for (const type of [
    undefined,
    '',
    'text/plain',
    'application/jsonp',
    'text/plain; application/json',
  ]) {
    expect(await put(type)).toBe('unsupported_type');
  }
});
