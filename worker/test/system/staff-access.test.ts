import { SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { customerRow, makeLink, makeOrg, type Org, publish } from '../cast.ts';
import { staffClient } from '../clients.ts';
import { CONSOLE, PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let other: Org;
beforeAll(async () => {
  stack = await useStack();
  [org, other] = [await makeOrg(stack), await makeOrg(stack, 'Borealis')];
  await publish(org, [customerRow('ANNA', org)]);
});

const emailOf = (person: string) => `${person}@${org.slug}.example`;
type Refusal = { error?: { code: string; fields?: Record<string, string> } };
const asToken = async (token: string, path = 'me', slug = org.slug) => {
  const { status, body } = await staffClient(stack, slug, token).get<Refusal>(path);
  return status === 200 ? 200 : `${status} ${body.error?.code}`;
};
const seconds = () => Math.floor(Date.now() / 1000);

describe('the console', () => {
  test('lets a member in by a token of Access, in the header or in the cookie', async () => {
    expect(await asToken(org.clerk.token)).toBe(200);
    const cookie = { Cookie: `CF_Authorization=${org.clerk.token}` };
    const url = `${CONSOLE}/api/admin/${org.slug}/me`;
    expect((await stack.fetch(url, { headers: cookie })).status).toBe(200);
    expect(await asToken(await stack.access.token(emailOf('CLARA')))).toBe(200);
  });

  test('lets nobody in without one, whatever else they claim', async () => {
    for (const headers of [
      {},
      { 'Cf-Access-Authenticated-User-Email': emailOf('olga') },
      { 'Cf-Access-Jwt-Assertion': '' },
      { Authorization: `Bearer ${org.owner.token}` },
    ]) {
      const response = await stack.fetch(`${CONSOLE}/api/admin/${org.slug}/me`, { headers });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: 'access_required' } });
    }
  });

  test('refuses a token that was forged, is for somebody else, or has run out', async () => {
    const email = emailOf('clara');
    const sign = (overrides: Record<string, unknown>) => stack.access.token(email, overrides);
    const [header = '', claims = '', signature = ''] = org.clerk.token.split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const payload = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const certs = (await (await fetch(stack.access.certsUrl)).json()) as {
      keys: { n: string }[];
    };
    const symmetric = new TextEncoder().encode(certs.keys[0]?.n);
    const tokens = {
      forged: await stack.access.forge(email),
      'of another application': await sign({ aud: ['another'] }),
      'of no application': await sign({ aud: undefined }),
      'of an empty application': await sign({ aud: [''] }),
      'of another team': await sign({ iss: 'https://evil.example' }),
      'run out': await sign({ exp: seconds() - 60 }),
      'without an end': await sign({ exp: undefined }),
      'without a beginning': await sign({ iat: undefined }),
      'not yet valid': await sign({ nbf: seconds() + 600 }),
      'of another type': await sign({ type: 'org' }),
      'without a type': await sign({ type: undefined }),
      'of two at once': await sign({ common_name: `${org.slug}.access` }),
      'of nobody': await sign({ email: undefined }),
      'of an empty address': await sign({ email: '' }),
      'with another body': `${header}.${encode({ ...payload, email: emailOf('olga') })}.${signature}`,
      unsigned: `${encode({ alg: 'none', kid })}.${claims}.`,
      symmetric: await new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256', kid })
        .sign(symmetric),
      'no token at all': 'x.y.z',
    };
    for (const [which, token] of Object.entries(tokens)) {
      expect([which, await asToken(token)]).toEqual([which, '403 access_denied']);
    }
  });

  test('shows an org to its own active members, and to others as if there were none', async () => {
    const stranger = await stack.access.token('nobody@nowhere.example');
    expect(await asToken(stranger)).toBe('404 not_found');
    expect(await asToken(org.owner.token, 'me', other.slug)).toBe('404 not_found');
    expect(await asToken(org.owner.token, 'me', 'no-such-org')).toBe('404 not_found');
    expect(await asToken(org.service.token, 'publishes', other.slug)).toBe('404 not_found');
    const set = (active: boolean) =>
      stack.sql('update staff.members set active = $2 where email = $1', [
        emailOf('clara'),
        active,
      ]);
    await set(false);
    expect(await asToken(org.clerk.token)).toBe('404 not_found');
    await set(true);
    expect(await asToken(org.clerk.token)).toBe(200);
  });

  test('lists the orgs of a person, and none of a stranger', async () => {
    const list = async (token: string) => {
      const headers = { 'Cf-Access-Jwt-Assertion': token };
      return (await (await stack.fetch(`${CONSOLE}/api/admin`, { headers })).json()) as {
        orgs: { slug: string; role: string }[];
      };
    };
    expect((await list(org.approver.token)).orgs).toMatchObject([
      { slug: org.slug, role: 'approver' },
    ]);
    expect((await list(await stack.access.token('nobody@nowhere.example'))).orgs).toEqual([]);
  });

  test('is on its own host, and the portal on its own', async () => {
    const staff = { 'Cf-Access-Jwt-Assertion': org.owner.token };
    for (const path of [`/api/admin/${org.slug}/me`, '/api/admin', '/admin', '/admin/x/settings']) {
      expect((await stack.fetch(PORTAL + path, { headers: staff })).status).toBe(404);
    }
    const { token } = await makeLink(stack, org, 'ANNA');
    for (const path of ['/', `/customer/${token}`, `/api/portal/customer/${token}/orders`]) {
      expect((await stack.fetch(CONSOLE + path, { headers: staff })).status).toBe(404);
    }
    const post = await stack.fetch(`${CONSOLE}/customer/${token}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: CONSOLE },
      body: 'to=%2F',
    });
    expect(post.status).toBe(404);
    expect(post.headers.getSetCookie()).toEqual([]);
    for (const host of ['http://evil.example', 'http://portal.test.evil.example']) {
      expect(
        (await stack.fetch(`${host}/api/admin/${org.slug}/me`, { headers: staff })).status,
      ).toBe(404);
      expect((await stack.fetch(`${host}/customer/${token}`)).status).toBe(404);
    }
  });

  test('takes changes by cookie from its own pages only, and only in the type it expects', async () => {
    const url = `${CONSOLE}/api/admin/${org.slug}/publishes`;
    const send = async (headers: Record<string, string>, type = 'application/json') => {
      const response = await stack.fetch(url, {
        method: 'POST',
        headers: {
          Cookie: `CF_Authorization=${org.clerk.token}`,
          'Content-Type': type,
          ...headers,
        },
        body: JSON.stringify({ name: 'Forged' }),
      });
      const body = (await response.json()) as Refusal;
      return response.status === 201 ? 201 : `${response.status} ${body.error?.code}`;
    };
    expect(await send({ Origin: CONSOLE, 'Sec-Fetch-Site': 'same-origin' })).toBe(201);
    expect(await send({ 'Sec-Fetch-Site': 'same-origin' })).toBe(201);
    for (const from of [
      { Origin: PORTAL },
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'same-origin' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      {},
    ]) {
      expect([from, await send(from)]).toEqual([from, '403 origin_refused']);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/json', '']) {
      expect([type, await send({ Origin: CONSOLE }, type)]).toEqual([type, '415 unsupported_type']);
    }
    const made = await stack.sql(
      "select from staff.publishes where org_id = $1 and name = 'Forged'",
      [org.id],
    );
    expect(made).toHaveLength(2);
  });
});
