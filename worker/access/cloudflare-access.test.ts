import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AccessServer, startAccess } from '../../scripts/local/access.ts';
import { type AccessConfig, readAccessToken, verifyAccess } from './cloudflare-access.ts';

const AUDIENCE = 'the-audience';
const EMAIL = 'clara@acme.example';

let access: AccessServer;
let config: AccessConfig;
beforeEach(async () => {
  access = await startAccess({
    audience: AUDIENCE,
    people: [],
    services: [{ name: 'erp', clientId: 'erp.access', clientSecret: 'x' }],
    adminUrl: 'http://console.test',
  });
  config = { issuer: access.issuer, audience: AUDIENCE, keysUrl: access.certsUrl };
});
afterEach(async () => {
  vi.useRealTimers();
  await access.stop();
});
const codeOf = (token: string | null, of = config) =>
  verifyAccess(of, token).then(
    () => 'let in',
    (error: { code?: string }) => error.code,
  );
/** Moves the clock of this process, and leaves its timers alone. */
const later = (seconds: number) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
};

describe('a token of Access', () => {
  test('names a person by their address, or a machine by its name', async () => {
    expect(await verifyAccess(config, await access.token('Clara@ACME.example'))).toEqual({
      email: EMAIL,
      serviceName: null,
    });
    expect(await verifyAccess(config, await access.serviceToken('erp'))).toEqual({
      email: null,
      serviceName: 'erp.access',
    });
  });

  test('of a machine with a subject, or of a person and a machine at once, names nobody', async () => {
    expect(await codeOf(await access.serviceToken('erp', { sub: 'x' }))).toBe('access_denied');
    expect(await codeOf(await access.serviceToken('erp', { email: EMAIL }))).toBe('access_denied');
    expect(await codeOf(await access.token(EMAIL, { common_name: '' }))).toBe('access_denied');
  });

  test('is good until it ends, give or take half a minute of clocks', async () => {
    const token = await access.token(EMAIL, { exp: Math.floor(Date.now() / 1000) + 60 });
    expect(await codeOf(token)).toBe('let in');
    later(85);
    expect(await codeOf(token)).toBe('let in');
    later(10);
    expect(await codeOf(token)).toBe('access_denied');
  });

  test('is needed', async () => {
    expect(await codeOf(null)).toBe('access_required');
  });
});

describe('the keys of Access', () => {
  test('are asked for once, and again when ten minutes have passed', async () => {
    const token = await access.token(EMAIL);
    for (let time = 0; time < 3; time += 1) {
      expect(await codeOf(token)).toBe('let in');
    }
    expect(access.certRequests()).toBe(1);
    later(599);
    expect(await codeOf(token)).toBe('let in');
    expect(access.certRequests()).toBe(1);
    later(2);
    expect(await codeOf(token)).toBe('let in');
    expect(access.certRequests()).toBe(2);
  });

  test('that cannot be had let nobody in, and say so', async () => {
    const token = await access.token(EMAIL);
    access.fault = 'down';
    expect(await codeOf(token)).toBe('access_unavailable');
    access.fault = null;
    expect(await codeOf(token)).toBe('let in');
    access.fault = 'down';
    later(301);
    expect(await codeOf(token)).toBe('let in');
    later(300);
    expect(await codeOf(token)).toBe('access_unavailable');
  });

  test('that were rotated are asked for, and a token of them waits for an answer', async () => {
    const old = await access.token(EMAIL);
    expect(await codeOf(old)).toBe('let in');
    await access.rotateKeys();
    access.fault = 'down';
    later(60);
    const renewed = await access.token(EMAIL);
    expect(await codeOf(renewed)).toBe('access_unavailable');
    expect(await codeOf(old)).toBe('let in');
    access.fault = null;
    expect(await codeOf(renewed)).toBe('let in');
    expect(await codeOf(old)).toBe('let in');
    await access.rotateKeys();
    later(601);
    expect(await codeOf(old)).toBe('access_denied');
  });

  test('that are no keys let nobody in', async () => {
    const answers = { ...config, keysUrl: `${access.certsUrl}?`.replace('/certs?', '/logout') };
    expect(await codeOf(await access.token(EMAIL), answers)).toBe('access_unavailable');
    const nobody = { ...config, keysUrl: `${access.certsUrl}-that-are-not-there` };
    expect(await codeOf(await access.token(EMAIL), nobody)).toBe('access_unavailable');
  });
});

test('the header is preferred to the cookie', () => {
  const both = new Headers({ 'Cf-Access-Jwt-Assertion': 'a', Cookie: 'x=1; CF_Authorization=b' });
  expect(readAccessToken(both)).toBe('a');
  both.delete('Cf-Access-Jwt-Assertion');
  expect(readAccessToken(both)).toBe('b');
  expect(readAccessToken(new Headers())).toBeNull();
});
