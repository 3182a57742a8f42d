import { beforeAll, describe, expect, test } from 'vitest';
import { hashSecret, lastFour, mintToken } from '../../access/tokens.ts';
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
import { customerClient, openLink, postLanding } from '../clients.ts';
import { digestOf } from '../digest.ts';
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
    const before = await digestOf(stack);
    const asked = stack.database.requests();
    for (const method of ['GET', 'HEAD']) {
      const response = await stack.fetch(url, { method });
      expect(response.status).toBe(200);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect(stack.database.requests()).toBe(asked);
    expect(await digestOf(stack)).toEqual(before);
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
    const asked = stack.database.requests();
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
    expect(stack.database.requests()).toBe(asked);
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

describe('the exchange', () => {
  test('leaves the token behind and sets cookies that no script and no other site can use', async () => {
    const { url, token } = await makeLink(stack, org, 'ANNA');
    const response = await postLanding(stack, url);
    expect(response.status).toBe(303);
    expect(response.headers.get('Location')).toBe('/');
    const cookies = response.headers.getSetCookie();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-counterfoil/);
      expect(cookie.split('; ')).toEqual(
        expect.arrayContaining(['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']),
      );
      expect(cookie).not.toMatch(/Domain/i);
      expect(cookie).not.toContain(token);
    }
    const [session = ''] = cookies;
    const secret = /^__Host-counterfoil=([0-9A-Za-z]{43});/.exec(session)?.[1] ?? '';
    const stored = await stack.sql('select from staff.sessions where secret_hash = $1::bytea', [
      await hashSecret(secret),
    ]);
    expect(stored).toHaveLength(1);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  test('goes to the order that the mail named, and never to another site', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    const order = '/orders/0198c0de-0000-7000-8000-000000000001';
    const landing = await stack.fetch(`${url}?to=${encodeURIComponent(order)}`);
    expect(await landing.text()).toContain(`name="to" value="${order}"`);
    expect((await postLanding(stack, url, { to: order })).headers.get('Location')).toBe(order);
    for (const to of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/orders/../../admin',
      `${order}//evil.example`,
      `${order}\n/`,
      'javascript:alert(1)',
    ]) {
      const page = await stack.fetch(`${url}?to=${encodeURIComponent(to)}`);
      expect(await page.text()).toContain('name="to" value="/"');
      const response = await postLanding(stack, url, { to });
      expect(response.status).toBe(303);
      expect(response.headers.get('Location')).toBe('/');
    }
  });

  test('is not made by a form of another site', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    const body = 'to=%2F';
    for (const from of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ]) {
      const headers = { ...from, 'Content-Type': 'application/x-www-form-urlencoded' };
      const response = await stack.fetch(url, { method: 'POST', headers, body });
      expect(response.status).toBe(403);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
  });
});

describe('a link', () => {
  test('works in the path of the API, without a session and without renewing itself', async () => {
    const { id, token } = await makeLink(stack, org, 'ANNA');
    await stack.sql(
      `update staff.access_links set renewed_at = now() - interval '2 days', expires_at = now() + interval '1 day' where id = $1`,
      [id],
    );
    const response = await stack.fetch(`${PORTAL}/api/portal/customer/${token}/orders`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ orders: [{ number: 'SO-L1' }] });
    const [link] = await stack.sql<{ soon: boolean }>(
      "select expires_at < now() + interval '1 day' as soon from staff.access_links where id = $1",
      [id],
    );
    expect(link?.soon).toBe(true);
    const wrong = await stack.fetch(
      `${PORTAL}/api/portal/customer/${mintToken(org.code)}/orders`,
    );
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ error: { code: 'link_invalid' } });
  });

  test('without financials shows no amounts and no document that carries them', async () => {
    type Home = { orders: { id: string; total: string | null }[]; documents: { kind: string }[] };
    type Order = {
      order: { amounts: unknown; currency: unknown };
      lines: { unitPrice: unknown; total: unknown }[];
      documents: { kind: string; id: string }[];
    };
    const all = await openLink(stack, (await makeLink(stack, org, 'ANNA')).url);
    const less = await openLink(stack, (await makeLink(stack, org, 'ANNA', 'no_financials')).url);
    const seen = (await all.me<Home>('home')).body;
    expect(seen.documents.map(({ kind }) => kind).sort()).toEqual(['invoice', 'packing_slip']);
    const home = (await less.me<Home>('home')).body;
    expect(home.documents.map(({ kind }) => kind)).toEqual(['packing_slip']);
    const [row] = home.orders;
    expect(row).toMatchObject({ number: 'SO-L1', total: null, currency: null });
    const order = await less.me<Order>(`orders/${row?.id}`);
    expect(order.status).toBe(200);
    expect(order.body.order.amounts).toBeNull();
    expect(order.body.lines).toMatchObject([{ unitPrice: null, taxRate: null, total: null }]);
    expect(JSON.stringify(order.body)).not.toContain('121.00');
    const invoice = (await all.me<Order>(`orders/${row?.id}`)).body.documents.find(
      ({ kind }) => kind === 'invoice',
    );
    expect((await all.me(`documents/${invoice?.id}`, 'HEAD')).status).toBe(200);
    expect((await less.me(`documents/${invoice?.id}`)).status).toBe(404);
  });

  test('for a preview opens once, for ten minutes, and only by its button', async () => {
    const { customerId, contactId } = await contactOf(stack, org, 'ANNA');
    const make = async () => {
      const token = mintToken(org.code);
      await stack.sql(
        `insert into staff.access_links (org_id, customer_id, contact_id, token_hash, last4, purpose, expires_at)
         values ($1, $2, $3, $4::bytea, $5, 'preview', now() + interval '10 minutes')`,
        [org.id, customerId, contactId, await hashSecret(token), lastFour(token)],
      );
      return token;
    };
    const token = await make();
    expect((await customerClient(stack, '').me('home')).status).toBe(401);
    const direct = await stack.fetch(`${PORTAL}/api/portal/customer/${token}/orders`);
    expect(direct.status).toBe(401);
    const customer = await openLink(stack, urlOf(token));
    expect((await customer.me('home')).status).toBe(200);
    expect((await postLanding(stack, urlOf(token))).status).toBe(401);
    const age = (of: string) =>
      stack.sql(
        "update staff.access_links set expires_at = expires_at - interval '10 minutes' where token_hash = $1::bytea",
        [of],
      );
    await age(await hashSecret(token));
    expect((await customer.me('home')).status).toBe(401);
    const late = await make();
    await age(await hashSecret(late));
    expect((await postLanding(stack, urlOf(late))).status).toBe(401);

    const raced = urlOf(await make());
    const clicks = await Promise.all([1, 2, 3, 4].map(() => postLanding(stack, raced)));
    expect(clicks.map(({ status }) => status).sort()).toEqual([303, 401, 401, 401]);
  });
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
