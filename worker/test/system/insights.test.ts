/** What a customer bought, from what they are shown and nothing else. */
import { beforeAll, expect, test } from 'vitest';
import type { InsightsPage } from '../../routes/portal/invoices.ts';
import { EXPOSABLE_FIELDS } from '../../vocabulary.ts';
import { publishBills } from '../bills.ts';
import {
  type Cells,
  contactOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  publish,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const order = (number: string, more: Cells = {}): Cells => ({
  order_number: number,
  order_date: day(-20),
  order_status: 'processing',
  order_total: '10.00',
  currency: 'EUR',
  line_number: '1',
  line_item_code: 'BOLT-8',
  line_description: 'Hex bolt M8',
  line_quantity: '5',
  line_unit: 'pcs',
  line_total: '10.00',
  ...more,
});
const insightsOf = async (customer: Customer, query = '') =>
  (await customer.me<InsightsPage>(`insights${query}`)).body;
async function has(code: string, rows: Cells[]): Promise<InsightsPage> {
  await publishBills(org, code, rows);
  return insightsOf(await signIn(stack, org, code));
}

test('are sums of the lines of orders shown, by month and product, for each currency', async () => {
  const found = await has('SUMS', [
    order('A-1'),
    order('A-1', {
      line_number: '2',
      line_item_code: 'NUT',
      line_description: 'Nut',
      line_total: '0.10',
    }),
    order('A-2', { line_total: '99999999.99', line_quantity: '1', order_date: day(-10) }),
    order('A-3', { currency: 'USD', line_total: '-3.00', line_item_code: '' }),
    order('A-4', { line_total: '', line_item_code: 'FREE' }),
    order('A-5', { order_status: 'draft' }),
    order('A-6', { order_status: 'cancelled', cancelled_on: day(-1) }),
    order('A-7', { order_date: day(-600) }),
  ]);
  expect(found).toMatchObject({ to: day(0), orders: 4, priced: 3 });
  expect(found.currencies.map(({ currency, spend }) => [currency, spend])).toEqual([
    ['EUR', '100000010.09'],
    ['USD', '-3.00'],
  ]);
  const [euro, dollar] = found.currencies;
  expect(euro?.products).toEqual([
    {
      itemCode: 'BOLT-8',
      description: 'Hex bolt M8',
      spend: '100000009.99',
      orders: 2,
      quantity: '6',
      unit: 'pcs',
    },
    { itemCode: 'NUT', description: 'Nut', spend: '0.10', orders: 1, quantity: '5', unit: 'pcs' },
  ]);
  expect(dollar?.products).toMatchObject([{ itemCode: null, description: 'Hex bolt M8' }]);
  // Every month of the twelve is told, and they come to the whole.
  expect(euro?.months).toHaveLength(12);
  expect(euro?.months.at(-1)?.month).toBe(day(0).slice(0, 7));
  const spent = euro?.months.filter(({ spend }) => spend !== '0.00') ?? [];
  expect(spent.map(({ month }) => month)).toEqual([
    ...new Set([day(-20).slice(0, 7), day(-10).slice(0, 7)]),
  ]);
});

test('add up no quantities of which one has no unit', async () => {
  const found = await has('UNITS', [
    order('UN-1', { line_unit: 'kg' }),
    order('UN-2', { line_unit: '' }),
    order('UN-3', { line_item_code: 'NUT', line_unit: '' }),
    order('UN-4', { line_item_code: 'NUT', line_unit: '' }),
  ]);
  expect(found.currencies[0]?.products).toMatchObject([
    { itemCode: 'BOLT-8', spend: '20.00', quantity: null },
    { itemCode: 'NUT', spend: '20.00', quantity: '10', unit: null },
  ]);
});

test('are of the days asked for, which run forwards and not for ever', async () => {
  await has('DAYS', [order('D-1'), order('D-2', { order_date: day(-100) })]);
  const customer = await signIn(stack, org, 'DAYS');
  expect(await insightsOf(customer, `?from=${day(-30)}&to=${day(0)}`)).toMatchObject({ orders: 1 });
  expect(await insightsOf(customer, `?to=${day(-50)}`)).toMatchObject({ orders: 1, to: day(-50) });
  // From a day that is yet to come: that day alone.
  expect(await insightsOf(customer, `?from=${day(30)}`)).toMatchObject({
    from: day(30),
    to: day(30),
    orders: 0,
  });
  for (const wrong of [
    `from=${day(0)}&to=${day(-1)}`,
    'from=1996-01-01&to=2026-01-01',
    'from=1996-01-01',
    'from=yesterday',
  ]) {
    expect((await customer.me(`insights?${wrong}`)).status, wrong).toBe(422);
  }
});

test('say how many of the orders that came wholly did so in time', async () => {
  const parcel = (number: string, more: Cells = {}): Cells =>
    order(number, {
      expected_delivery: day(-5),
      carrier: 'Own van',
      tracking_number: `T-${number}`,
      ...more,
    });
  const came = (number: string, when: number, more: Cells = {}): Cells =>
    parcel(number, { event_time: `${day(when)}T10:00:00Z`, event_status: 'delivered', ...more });
  const found = await has('TIME', [
    came('T-1', -6),
    came('T-2', -5),
    came('T-3', -4),
    // Half of it is still on its way.
    came('T-4', -6),
    parcel('T-4', { tracking_number: 'T-4-b' }),
    // Nobody said when it was expected.
    came('T-5', -6, { expected_delivery: '' }),
  ]);
  expect(found.deliveries).toEqual({ count: 3, onTime: 2 });
});

test('count lines whose amounts are shown, though none of the order’s is', async () => {
  const spend = ({ orders, priced, currencies }: InsightsPage) => ({
    orders,
    priced,
    spend: currencies.map(({ currency, spend: sum }) => `${sum} ${currency}`),
  });
  const all = { orders: 1, priced: 1, spend: ['10.00 EUR'] };
  expect(spend(await has('UNTOLD', [order('U-1', { order_total: '' })]))).toEqual(all);
  await has('KEPT', [order('K-1')]);
  const fields = EXPOSABLE_FIELDS.filter((field) => !field.startsWith('order_'));
  await org.owner.put('exposures', { customerKey: 'KEPT', kinds: [], fields });
  const kept = await signIn(stack, org, 'KEPT');
  expect(spend(await insightsOf(kept))).toEqual(all);
  const [row] = (await kept.me<{ orders: { id: string }[] }>('orders')).body.orders;
  expect((await kept.me<{ order: object }>(`orders/${row?.id}`)).body.order).toMatchObject({
    amounts: { currency: 'EUR', subtotal: null, tax: null, shipping: null, total: null },
  });
  // What was withdrawn of them takes its currency along.
  await org.owner.put('exposures', { customerKey: 'KEPT', kinds: [], fields: ['line_item_code'] });
  expect(spend(await insightsOf(kept))).toEqual({ orders: 1, priced: 0, spend: [] });
});

test('hold nothing that is kept back: line totals, or the orders’ own money', async () => {
  await has('SHUT', [order('S-1')]);
  await org.owner.put('exposures', { customerKey: 'SHUT', kinds: [], fields: ['line_item_code'] });
  expect(await has('SHUT', [order('S-1', { po_number: 'X' })])).toMatchObject({
    orders: 1,
    priced: 0,
    currencies: [],
  });
});

test('are nothing through a link without financials, which the trail says', async () => {
  await publish(org, [customerRow('NONE', org), { customer_code: 'NONE', ...order('N-1') }]);
  const plain = await signIn(stack, org, 'NONE', 'no_financials');
  const { status, body } = await plain.me('insights');
  expect([status, body]).toMatchObject([403, { error: { code: 'forbidden' } }]);
  expect((await plain.page('/insights')).status).toBe(403);
  expect((await (await signIn(stack, org, 'NONE')).me('insights')).status).toBe(200);
  const { customerId } = await contactOf(stack, org, 'NONE');
  const events = await stack.sql<{ action: string }>(
    `select action from audit.events where customer_id = $1
      and (action = 'insights.viewed' or action = 'request.refused') order by at`,
    [customerId],
  );
  expect(events.map(({ action }) => action)).toEqual([
    'request.refused',
    'request.refused',
    'insights.viewed',
  ]);
});
