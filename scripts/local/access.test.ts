import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AccessServer, startAccess } from './access.ts';

const AUDIENCE = 'a'.repeat(64);
const options = {
  audience: AUDIENCE,
  people: [
    { email: 'cleo@acme.example', name: 'Cleo <Clerk>', role: 'clerk', org: 'Acme' },
    { email: 'arne@acme.example', name: 'Arne', role: 'approver', org: 'Acme' },
    { email: 'olga@other.example', name: 'Olga', role: 'owner', org: 'Other' },
  ],
  services: [{ name: 'erp', clientId: 'erp.access', clientSecret: 'local-only' }],
  adminUrl: 'http://localhost:8787/admin',
};

let folder: string;
let keyFile: string;
let server: AccessServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-access-'));
  keyFile = join(folder, 'keys.json');
  server = await startAccess({ ...options, keyFile });
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
afterEach(() => {
  server.fault = null;
});

/** What a verifier that has nothing cached makes of a token. */
async function verify(token: string, { certsUrl, issuer } = server) {
  const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(certsUrl)), {
    issuer,
    audience: AUDIENCE,
    algorithms: ['RS256'],
    requiredClaims: ['exp', 'iat'],
  });
  return payload;
}

const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(new URL(path, server.certsUrl), {
    method: 'POST',
    body: new URLSearchParams(form),
    headers,
    redirect: 'manual',
  });

describe('tokens', () => {
  test("a person's token has Access' claims and verifies against the published keys", async () => {
    const claims = await verify(await server.token('cleo@acme.example'));
    expect(claims).toMatchObject({
      aud: [AUDIENCE],
      iss: server.issuer,
      email: 'cleo@acme.example',
      type: 'app',
      country: 'US',
      identity_nonce: expect.any(String),
      sub: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(24 * 3600);
  });

  test("a service's token names its client id and nobody", async () => {
    const claims = await verify(await server.serviceToken('erp'));
    expect(claims).toMatchObject({ common_name: 'erp.access', sub: '', type: 'app' });
    expect(claims).not.toHaveProperty('email');
    await expect(server.serviceToken('unknown')).rejects.toThrow('unknown');
  });

  test('claims can be replaced and removed', async () => {
    const past = Math.floor(Date.now() / 1000) - 60;
    await expect(verify(await server.token('x@y.example', { exp: past }))).rejects.toThrow('exp');
    const unlimited = await server.token('x@y.example', { exp: undefined });
    await expect(verify(unlimited)).rejects.toThrow('"exp"');
    await expect(verify(await server.token('x@y.example', { aud: ['b'] }))).rejects.toThrow('aud');
  });

  test('a forged token claims the current key and fails', async () => {
    const [forged, real] = [await server.forge('cleo@acme.example'), await server.token('x@y.z')];
    expect(decodeProtectedHeader(forged)).toEqual(decodeProtectedHeader(real));
    await expect(verify(forged)).rejects.toThrow('signature');
  });
});

describe('keys', () => {
  test('only public parts are published', async () => {
    const certs = await (await fetch(server.certsUrl)).json();
    expect(Object.keys(certs.keys[0]).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(certs.public_cert).toEqual(certs.public_certs[0]);
    expect(certs.public_cert.cert).toContain('BEGIN PUBLIC KEY');
  });

  test('a restart keeps the key', async () => {
    const token = await server.token('cleo@acme.example');
    const restarted = await startAccess({ ...options, keyFile });
    try {
      const { certsUrl } = restarted;
      const claims = await verify(token, { ...restarted, certsUrl, issuer: server.issuer });
      expect(claims.email).toBe('cleo@acme.example');
    } finally {
      await restarted.stop();
    }
  });

  test('a rotated key stays valid, a dropped one does not', async () => {
    const before = await server.token('cleo@acme.example');
    await server.rotateKeys();
    await verify(before);
    const after = await server.token('cleo@acme.example');
    await verify(after);
    await server.rotateKeys({ dropPrevious: true });
    await expect(verify(after)).rejects.toThrow('no applicable key');
  });

  test('the keys can be out of reach', async () => {
    const token = await server.token('cleo@acme.example');
    server.fault = 'down';
    const asked = server.certRequests();
    await expect(verify(token)).rejects.toThrow();
    expect(server.certRequests()).toBe(asked + 1);
  });
});

describe('signing in', () => {
  test('the page offers every person under their org', async () => {
    const page = await (await fetch(new URL('/?redirect=/admin/x', server.certsUrl))).text();
    expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1])).toEqual([
      'Acme',
      'Other',
    ]);
    expect(page).toContain('Cleo &lt;Clerk&gt;');
    expect(page.match(/name="redirect" value="\/admin\/x"/g)).toHaveLength(3);
  });

  test("a button's POST sets the cookie for every port and goes to the console", async () => {
    const response = await post('/sign-in', { email: 'arne@acme.example', redirect: '' });
    expect([response.status, response.headers.get('location')]).toEqual([303, options.adminUrl]);
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toMatch(/Domain|Secure/);
    const token = /^CF_Authorization=([^;]+)/.exec(cookie)?.[1] ?? '';
    expect((await verify(token)).email).toBe('arne@acme.example');
  });

  test.each([
    ['/admin/acme/publishes?x=1', 'http://localhost:8787/admin/acme/publishes?x=1'],
    ['http://localhost:8787/admin/acme', 'http://localhost:8787/admin/acme'],
    ['https://evil.example/admin/', options.adminUrl],
    ['//evil.example/admin/', options.adminUrl],
    ['http://localhost:8787/administrator', options.adminUrl],
    ['/admin/../customer/x', options.adminUrl],
    ['javascript:alert(1)', options.adminUrl],
    ['http://[', options.adminUrl],
  ])('%s lands on %s', async (redirect, location) => {
    const response = await post('/sign-in', { email: 'arne@acme.example', redirect });
    expect(response.headers.get('location')).toBe(location);
  });

  test('nobody else signs in', async () => {
    const response = await post('/sign-in', { email: 'eve@evil.example' });
    expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
  });

  test('signing out clears the cookie', async () => {
    const response = await fetch(new URL('/cdn-cgi/access/logout', server.certsUrl));
    expect(response.headers.get('set-cookie')).toMatch(/^CF_Authorization=;.*Max-Age=0/);
    expect(await response.text()).toContain('You are signed out.');
  });
});
