import { beforeAll, describe, expect, test } from 'vitest';
import { mintToken } from '../../access/tokens.ts';
import {
  contactOf,
  customerRow,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
} from '../cast.ts';
import { openLink, postLanding } from '../clients.ts';
import { fingerprintOf, settle } from '../rows-of.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack, 'Lindqvist Tools');
  await publish(
    org,
    [customerRow('ANNA', org), customerRow('BO', org), ...orderRows('ANNA', 'L1')],
    orderFiles('L1'),
  );
  const settings = await org.owner.get<Record<string, unknown>>('settings');
  const changed = await org.owner.put('settings', {
    ...settings.body,
    contactEmail: 'help@lindqvist.example',
    contactPhone: '+46 8 123 456',
  });
  expect(changed.status).toBe(200);
  stack.takeLogs();
});

/** What customers' requests have asked the database: a job that an earlier request set going asks it too. */
const asked = () => stack.database.requests('counterfoil_customer');

const tokenOf = (url: string) => url.split('/').at(-1) ?? '';
const urlOf = (token: string) => `${PORTAL}/customer/${token}`;

/** What a browser is told, but for what names the request. */
async function told(response: Response) {
  const headers = Object.fromEntries(response.headers);
  delete headers['x-request-id'];
  delete headers.date;
  return { status: response.status, headers, body: await response.text() };
}

describe('the landing page', () => {
  test('changes nothing and asks no database, whether fetched by GET or by HEAD', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    await settle(stack, [org.id]);
    const before = await fingerprintOf(stack, org.id);
    expect(before['staff.access_links']).toMatch(/^[1-9]/);
    const askedBefore = asked();
    for (const method of ['GET', 'HEAD']) {
      const response = await stack.fetch(url, { method });
      expect(response.status).toBe(200);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(asked()).toBe(askedBefore);
    expect(await fingerprintOf(stack, org.id)).toEqual(before);
  });

  test('shows the supplier while the database is down', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    stack.database.fault = { kind: 'down' };
    try {
      const page = await told(await stack.fetch(url));
      expect(page.status).toBe(200);
      expect(page.body).toContain('Documents from Lindqvist Tools');
      expect(page.body).toContain('help@lindqvist.example');
      expect(page.body).toContain('+46 8 123 456');
    } finally {
      stack.database.fault = null;
    }
  });

  test('runs no script, is kept by nobody, and tells no other site its path', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    const page = await told(await stack.fetch(url));
    expect(page.body).not.toMatch(/<script|javascript:|\son\w+=|http-equiv/i);
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|unsafe/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(page.headers).toMatchObject({
      'referrer-policy': 'strict-origin',
      'x-robots-tag': 'noindex, noarchive',
      'cache-control': 'no-store',
    });
  });

  test('is the same page for every well-formed token of the supplier', async () => {
    const known = (await makeLink(stack, org, 'ANNA')).token;
    const unknown = mintToken(org.code);
    const pages = await Promise.all(
      [known, unknown].map(async (token) => {
        const page = await told(await stack.fetch(urlOf(token)));
        expect(page.body).toContain(token);
        return { ...page, body: page.body.replaceAll(token, 'TOKEN') };
      }),
    );
    expect(pages[0]).toEqual(pages[1]);
  });

  test('speaks the language of the browser', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    const page = await stack.fetch(url, { headers: { 'Accept-Language': 'pl-PL,pl;q=0.9' } });
    const text = await page.text();
    expect(text).toContain('<html lang="pl"');
    expect(text).toContain('Dokumenty od Lindqvist Tools');
  });
});

describe('a token that opens nothing', () => {
  test('is refused before the database when it is mangled, with a way to a new link', async () => {
    const { token } = await makeLink(stack, org, 'ANNA');
    const askedBefore = asked();
    for (const mangled of [token.slice(0, -1), `${token}x`, token.replace('cfl01', 'cfl02'), 'x']) {
      for (const response of [
        await stack.fetch(urlOf(mangled)),
        await postLanding(stack, urlOf(mangled)),
      ]) {
        expect(response.status).toBe(401);
        expect(await response.text()).toContain('This link no longer works');
      }
    }
    const cut = await (await stack.fetch(urlOf(token.slice(0, 40)))).text();
    expect(cut).toContain('help@lindqvist.example');
    expect(cut).toContain('action="/api/portal/link-requests"');
    expect(asked()).toBe(askedBefore);
  });

  test('has one answer: unknown, expired, revoked, or of a contact who is paused or has ended', async () => {
    const links = await Promise.all([1, 2, 3, 4].map(() => makeLink(stack, org, 'BO')));
    const [expired, revoked, paused, ended] = links;
    const { contactId } = await contactOf(stack, org, 'BO');
    const answers = [await told(await postLanding(stack, urlOf(mintToken(org.code))))];
    await stack.sql('update staff.access_links set expires_at = now() where id = $1', [
      expired?.id,
    ]);
    answers.push(await told(await postLanding(stack, expired?.url ?? '')));
    expect((await org.clerk.post(`links/${revoked?.id}/revocation`)).status).toBe(200);
    answers.push(await told(await postLanding(stack, revoked?.url ?? '')));
    for (const [access, link] of [
      ['paused', paused],
      ['ended', ended],
    ] as const) {
      await openLink(stack, link?.url ?? '');
      await org.clerk.put(`contacts/${contactId}/access`, { access });
      answers.push(await told(await postLanding(stack, link?.url ?? '')));
      await org.clerk.put(`contacts/${contactId}/access`, { access: 'allowed' });
    }
    const [unknown, ...others] = answers;
    expect(unknown?.status).toBe(401);
    expect(unknown?.body).toContain('help@lindqvist.example');
    expect(unknown?.body).toContain('action="/api/portal/link-requests"');
    expect(unknown?.headers).not.toHaveProperty('set-cookie');
    for (const other of others) {
      expect(other).toEqual(unknown);
    }
    const refused = await stack.sql(
      "select from audit.events where org_id = $1 and action = 'link.refused'",
      [org.id],
    );
    expect(refused).toHaveLength(4);
  });
});

test('a standing link that works is listed, whatever letters have brought since', async () => {
  const { customerId, contactId } = await contactOf(stack, org, 'BO');
  const { id } = await makeLink(stack, org, 'BO');
  // A letter each working day of two years, their links expired by now but for the last.
  await stack.sql(
    `insert into staff.access_links (org_id, customer_id, contact_id, token_hash, last4, scope, purpose, created_at, expires_at)
     select $1, $2, $3::uuid, sha256(convert_to($3::text || n, 'UTF8')), 'abcd', 'all', 'notification',
            now() + make_interval(secs => n), now() + make_interval(days => case n when 520 then 30 else -1 end)
       from generate_series(1, 520) n`,
    [org.id, customerId, contactId],
  );
  const { body } = await org.clerk.get<{
    contacts: { id: string; links: { id: string; state: string; purpose: string }[] }[];
  }>(`customers/${customerId}`);
  const links = body.contacts.find((contact) => contact.id === contactId)?.links ?? [];
  expect(links.slice(0, 2)).toMatchObject([
    { id, state: 'active', purpose: 'standing' },
    { state: 'active', purpose: 'notification' },
  ]);
});

test('no token is in any line of the log', async () => {
  const { url } = await makeLink(stack, org, 'ANNA');
  await stack.fetch(url);
  await openLink(stack, url);
  stack.database.fault = { kind: 'error', match: 'portal.open_link' };
  await postLanding(stack, url).finally(() => {
    stack.database.fault = null;
  });
  await stack.fetch(`${PORTAL}/api/portal/customer/${tokenOf(url)}/orders`);
  const logs = stack.takeLogs();
  expect(logs).toContain('/customer/cfl01_…');
  expect(logs).toContain('"status":500');
  expect(logs).not.toContain(`cfl01_${org.code}`);
  expect(logs).not.toContain(tokenOf(url).slice(14, 40));
});
