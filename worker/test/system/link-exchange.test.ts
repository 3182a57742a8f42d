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
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'E1')], orderFiles('E1'));
});

const urlOf = (token: string) => `${PORTAL}/customer/${token}`;

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

  test('goes to the order or the report that the mail named, and never to another site', async () => {
    const { url } = await makeLink(stack, org, 'ANNA');
    const order = '/orders/0198c0de-0000-7000-8000-000000000001';
    const issue = '/issues/0198c0de-0000-7000-8000-000000000001';
    for (const to of [order, issue]) {
      const landing = await stack.fetch(`${url}?to=${encodeURIComponent(to)}`);
      expect(await landing.text()).toContain(`name="to" value="${to}"`);
      expect((await postLanding(stack, url, { to })).headers.get('Location')).toBe(to);
    }
    for (const to of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/%2Fevil.example',
      '%2F%2Fevil.example',
      '/\t/evil.example',
      '//evil.example/issues/0198c0de-0000-7000-8000-000000000001',
      '/issues',
      '/issues/0198c0de',
      `${issue}?next=//evil.example`,
      `/admin${issue}`,
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
    expect(await response.json()).toMatchObject({ orders: [{ number: 'SO-E1' }] });
    const [link] = await stack.sql<{ soon: boolean }>(
      "select expires_at < now() + interval '1 day' as soon from staff.access_links where id = $1",
      [id],
    );
    expect(link?.soon).toBe(true);
    const wrong = await stack.fetch(`${PORTAL}/api/portal/customer/${mintToken(org.code)}/orders`);
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
    expect(row).toMatchObject({ number: 'SO-E1', total: null, currency: null });
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
