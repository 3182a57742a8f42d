import { beforeAll, describe, expect, test } from 'vitest';
import { mintToken } from '../../access/tokens.ts';
import { customerRow, makeLink, makeOrg, type Org, orderRows, publish } from '../cast.ts';
import { type Customer, openLink, postLanding } from '../clients.ts';
import { PORTAL, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org), ...orderRows('ANNA', 'R1').slice(0, 1)]);
});

const opened = async () => {
  const link = await makeLink(stack, org, 'ANNA');
  return { ...link, customer: await openLink(stack, link.url) };
};
const countOf = async (id: string) => {
  const [link] = await stack.sql<{ hour_count: number }>(
    'select hour_count from staff.access_links where id = $1',
    [id],
  );
  return link?.hour_count;
};
const setCount = (id: string, count: number) =>
  stack.sql(
    'update staff.access_links set hour_count = $2, hour_started_at = now() where id = $1',
    [id, count],
  );
const refusals = (id: string, code: string) =>
  stack.sql<{ action: string | null }>(
    "select detail->>'action' as action from audit.events where actor_id = $1 and action = 'request.refused' and detail->>'code' = $2",
    [id, code],
  );
const remaining = async (customer: Customer) => {
  const { status, headers } = await customer.me('orders');
  expect(status).toBe(200);
  return Number(/r=(\d+)/.exec(headers.get('RateLimit') ?? '')?.[1]);
};

describe('the hour of a link', () => {
  test('has 100 requests, and the 101st is told when the next one may come', async () => {
    const { id, customer } = await opened();
    expect(await countOf(id)).toBe(1);
    for (let request = 2; request <= 100; request += 1) {
      expect(await remaining(customer)).toBe(100 - request);
    }
    const refused = await customer.me('orders');
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: 'rate_limited', requestId: expect.any(String) } },
    });
    expect(JSON.stringify(refused.body)).not.toContain('SO-R1');
    const wait = Number(refused.headers.get('Retry-After'));
    expect(wait).toBeGreaterThan(3_500);
    expect(wait).toBeLessThanOrEqual(3_600);
    expect(refused.headers.get('RateLimit-Policy')).toBe('"link";q=100;w=3600');
    expect(refused.headers.get('RateLimit')).toBe(`"link";r=0;t=${wait}`);
    expect(await refusals(id, 'rate_limited')).toEqual([{ action: 'orders.listed' }]);
  });

  test('is told to a person as a page, in minutes and in their language', async () => {
    const { id, customer } = await opened();
    await setCount(id, 100);
    const page = await stack.fetch(`${PORTAL}/`, {
      headers: { Cookie: customer.cookie, 'Accept-Language': 'es' },
    });
    expect(page.status).toBe(429);
    expect(Number(page.headers.get('Retry-After'))).toBeGreaterThan(3_500);
    const text = await page.text();
    expect(text).toContain('Volverá a funcionar en 60 min.');
    expect(text).not.toContain('SO-R1');
  });

  test.each([
    '/',
    '/orders',
    '/documents',
    '/invoices/01900000-0000-7000-8000-000000000000',
    '/orders?q=PO-7',
  ])('leads back to %s once it is over', async (path) => {
    const { id, customer } = await opened();
    await setCount(id, 100);
    const page = await stack.fetch(PORTAL + path, { headers: { Cookie: customer.cookie } });
    expect(page.status).toBe(429);
    expect(await page.text()).toContain(`href="${path}">Try again</a>`);
  });

  test('is the same for every session and for the token itself, and for the landing button', async () => {
    const { id, url, token, customer } = await opened();
    const second = await openLink(stack, url);
    await setCount(id, 98);
    expect((await customer.me('orders')).status).toBe(200);
    expect((await second.me('orders')).status).toBe(200);
    expect((await second.me('orders')).status).toBe(429);
    const direct = await stack.fetch(`${PORTAL}/api/portal/customer/${token}/orders`);
    expect(direct.status).toBe(429);
    const again = await postLanding(stack, url);
    expect(again.status).toBe(429);
    expect(again.headers.getSetCookie()).toEqual([]);
    expect(again.headers.has('Retry-After')).toBe(true);
    const { customer: another } = await opened();
    expect((await another.me('orders')).status).toBe(200);
  });

  test('ends, and the next one is whole', async () => {
    const { id, customer } = await opened();
    await setCount(id, 100);
    expect((await customer.me('orders')).status).toBe(429);
    await stack.sql(
      "update staff.access_links set hour_started_at = now() - interval '59 minutes 50 seconds' where id = $1",
      [id],
    );
    const late = await customer.me('orders');
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('Retry-After'))).toBeLessThanOrEqual(10);
    await stack.sql(
      "update staff.access_links set hour_started_at = now() - interval '1 hour' where id = $1",
      [id],
    );
    expect(await remaining(customer)).toBe(99);
  });

  test('is as long as the supplier says', async () => {
    const { id, customer } = await opened();
    const settings = await org.owner.get<Record<string, unknown>>('settings');
    const change = await org.owner.put('settings', { ...settings.body, hourlyRequestLimit: 20 });
    expect(change.status).toBe(200);
    await setCount(id, 19);
    const last = await customer.me('orders');
    expect(last.status).toBe(200);
    expect(last.headers.get('RateLimit-Policy')).toBe('"link";q=20;w=3600');
    expect((await customer.me('orders')).status).toBe(429);
    await org.owner.put('settings', { ...settings.body, hourlyRequestLimit: 100 });
    expect((await customer.me('orders')).status).toBe(200);
  });
});

test('a request whose statement fails is counted and audited all the same', async () => {
  const { id, customer } = await opened();
  const before = (await countOf(id)) ?? 0;
  stack.database.fault = { kind: 'error', match: 'portal.list_orders' };
  const failed = await customer.me('orders').finally(() => {
    stack.database.fault = null;
  });
  expect(failed).toMatchObject({ status: 500, body: { error: { code: 'internal' } } });
  expect(JSON.stringify(failed.body)).not.toMatch(/injected|XX000|portal|select/i);
  expect(await countOf(id)).toBe(before + 1);
  expect(await refusals(id, 'internal')).toEqual([{ action: 'orders.listed' }]);
  const listed = await stack.sql(
    "select from audit.events where actor_id = $1 and action = 'orders.listed'",
    [id],
  );
  expect(listed).toEqual([]);
});

test('refused and malformed requests of a customer are in the audit', async () => {
  const { id, customer } = await opened();
  const unknown = '0198c0de-0000-7000-8000-000000000001';
  expect((await customer.me(`documents/${unknown}`)).status).toBe(404);
  const [event] = await stack.sql<{ subject_id: string; request_id: string }>(
    "select subject_id, request_id from audit.events where actor_id = $1 and action = 'request.refused'",
    [id],
  );
  expect(event?.subject_id).toBe(unknown);
  expect(event?.request_id).toMatch(/^[0-9a-f-]{36}$/);
});

test('one address that tries many tokens is held up before the database', async () => {
  const { url, token } = await opened();
  const address = '203.0.113.200';
  const wrong = url.slice(0, -token.length);
  const tries: number[] = [];
  // The shield counts by the minute of the clock, and one may end while we try.
  while (tries.at(-1) !== 429 && tries.length <= 121) {
    tries.push((await postLanding(stack, wrong + mintToken(org.code), { address })).status);
  }
  expect(tries.at(-1)).toBe(429);
  expect(tries.slice(0, -1).every((status) => status === 401)).toBe(true);
  expect(tries.length).toBeGreaterThan(60);
  // A job that an earlier request set going asks too.
  const asked = stack.database.requests('counterfoil_customer');
  const held = await postLanding(stack, url, { address });
  expect(held.status).toBe(429);
  expect(held.headers.get('Retry-After')).toBe('60');
  const direct = await stack.fetch(`${PORTAL}/api/portal/customer/${token}/orders`, {
    headers: { 'CF-Connecting-IP': address, 'X-Forwarded-For': '203.0.113.201' },
  });
  expect(direct.status).toBe(429);
  expect(stack.database.requests('counterfoil_customer')).toBe(asked);
  expect((await postLanding(stack, url)).status).toBe(303);
});
