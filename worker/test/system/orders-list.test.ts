/** Orders are found by any number that a person may hold in hand, and each sort shows every order once. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { customerRow, makeOrg, type Org, orderFiles, orderRows, publish, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

type Row = {
  id: string;
  number: string;
  placedOn: string;
  total: string | null;
  expectedDelivery: string | null;
  status: string | null;
};
type List = { orders: Row[]; nextCursor: string | null; error?: { code: string } };

const SORTS = ['newest', 'oldest', 'delivery', 'total'] as const;
let stack: Stack;
let org: Org;
let customer: Customer;
let other: Customer;

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(
    org,
    [
      customerRow('MANY', org),
      customerRow('ELSE', org),
      ...orderRows('MANY', 'L1'),
      ...orderRows('ELSE', 'L2'),
    ],
    { ...orderFiles('L1'), ...orderFiles('L2') },
  );
  // Many with the same day, amount and status, and some without.
  const pick = fc.sample(
    fc.record({
      back: fc.integer({ min: 1, max: 4 }),
      due: fc.option(fc.integer({ min: 1, max: 3 })),
      total: fc.option(fc.constantFrom('10.00', '99.90', '1000.00')),
      status: fc.constantFrom('processing', 'shipped', 'delivered', 'cancelled'),
    }),
    { numRuns: 70, seed: 4 },
  );
  const dayAt = (days: number) => new Date(Date.now() + days * 864e5).toISOString().slice(0, 10);
  await publish(
    org,
    pick.map(({ back, due, total, status }, at) => ({
      customer_code: 'MANY',
      order_number: `SO-M${at}`,
      order_date: dayAt(-back),
      order_status: status,
      expected_delivery: due === null ? '' : dayAt(due),
      order_total: total ?? '',
      currency: 'EUR',
    })),
  );
  customer = await signIn(stack, org, 'MANY');
  other = await signIn(stack, org, 'ELSE');
});

/** A list to its end, page by page. */
async function pages(query: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { status, body }: { status: number; body: List } = await customer.me<List>(
      `orders?${query}${more}`,
    );
    expect(status).toBe(200);
    rows.push(...body.orders);
    cursor = body.nextCursor;
  }
  return rows;
}

describe.each(SORTS)('sorted by %s', (sort) => {
  test('every order comes once, in that order, whatever is alike', async () => {
    const rows = await pages(`sort=${sort}`);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows).toHaveLength(71);
    const keyOf = (row: Row) => {
      const isDone = row.status === 'delivered' || row.status === 'cancelled';
      if (sort === 'newest') return -Date.parse(row.placedOn);
      if (sort === 'oldest') return Date.parse(row.placedOn);
      if (sort === 'total') return row.total === null ? Infinity : -Number(row.total);
      return row.expectedDelivery === null || isDone ? Infinity : Date.parse(row.expectedDelivery);
    };
    const keys = rows.map(keyOf);
    expect(keys).toEqual(keys.toSorted((a, b) => (a === b ? 0 : a < b ? -1 : 1)));
  });

  test('a filter leaves the same ones as without a sort', async () => {
    const plain = await pages('status=shipped');
    const sorted = await pages(`status=shipped&sort=${sort}&from=1990-01-01`);
    expect(sorted.map(({ id }) => id).sort()).toEqual(plain.map(({ id }) => id).sort());
  });
});

test.each([
  ['its own number', 'SO-L1'],
  ['the customer’s number', 'po-l1'],
  ['an invoice’s number', 'INV-L1'],
  ['a packing slip’s number', 'ps-l1'],
])('an order is found by %s', async (_, q) => {
  const { body } = await customer.me<List>(`orders?q=${q}`);
  expect(body.orders.map(({ number }) => number)).toEqual(['SO-L1']);
  expect((await other.me<List>(`orders?q=${q}`)).body.orders).toEqual([]);
});

test('a search for wildcards finds what holds them, which is nothing', async () => {
  for (const q of ['%25', '_', '\\']) {
    expect((await customer.me<List>(`orders?q=${q}`)).body.orders, q).toEqual([]);
  }
});

test('days bound the list, both included; backwards they are refused by name', async () => {
  const rows = await pages('');
  const [first] = rows.map(({ placedOn }) => placedOn).sort();
  const found = await pages(`from=${first}&to=${first}`);
  expect(found.length).toBe(rows.filter(({ placedOn }) => placedOn === first).length);
  expect(await customer.me('orders?from=2026-02-01&to=2026-01-01')).toMatchObject({
    status: 422,
    body: { error: { code: 'invalid', fields: { to: expect.any(String) } } },
  });
});

test('a cursor is of one sort, and shows nobody else’s orders', async () => {
  const { body } = await customer.me<List>('orders?sort=total');
  const cursor = encodeURIComponent(body.nextCursor ?? '');
  for (const sort of ['newest', 'oldest', 'delivery']) {
    const { status } = await customer.me(`orders?sort=${sort}&cursor=${cursor}`);
    expect([sort, status]).toEqual([sort, 422]);
  }
  const foreign = await other.me<List>(`orders?sort=total&cursor=${cursor}`);
  expect(foreign.body.orders.every(({ number }) => number === 'SO-L2')).toBe(true);
  for (const bad of ['total:1e5~x', 'total:NaN~0198c0de-0000-7000-8000-000000000001', 'x']) {
    expect((await customer.me(`orders?sort=total&cursor=${encodeURIComponent(bad)}`)).status).toBe(
      422,
    );
  }
});

test('the page of orders carries its list', async () => {
  const response = await customer.page('/orders?sort=oldest');
  expect(response.status).toBe(200);
  expect(await response.text()).toContain('"orders?sort=oldest":');
});
