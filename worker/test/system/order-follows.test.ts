/** An order’s status follows its shipments; and what is guessed of a day that nobody says. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { StatementPage } from '../../routes/portal/statement-page.ts';
import { day, makeOrg, type Org, publish, signIn } from '../cast.ts';
import {
  changesOf,
  dueNow,
  parcelRow,
  passMinutes,
  poll,
  publishParcels,
  shipmentOf,
} from '../parcels.ts';
import { type Stack, useStack } from '../stack.ts';
import { scan, type ToldCarrier, toldCarrier } from '../told-carrier.ts';

let stack: Stack;
let org: Org;
let fedex: ToldCarrier;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  fedex = toldCarrier('fedex');
});

/** The carrier says where these parcels are, and is asked. */
async function told(statuses: Record<string, Parameters<typeof scan>[1]>) {
  let hoursAgo = 4;
  for (const [number, status] of Object.entries(statuses)) {
    const before = fedex.says.get(number)?.events ?? [];
    hoursAgo -= before.length > 0 ? 2 : 0;
    fedex.says.set(number, { events: [...before, scan(hoursAgo, status)] });
  }
  await passMinutes(stack, 800);
  await poll(stack, fedex);
}
const orderOf = async (number: string) => {
  const [row] = await stack.sql<{ id: string; status: string | null; status_at: string }>(
    'select id, status, status_at::text from portal.orders where org_id = $1 and number_key = $2',
    [org.id, number],
  );
  return row ?? { id: '', status: null, status_at: '' };
};

test('an order is shipped when a parcel moves, and delivered when all of them are', async () => {
  const order = { order_number: 'SO-1' };
  await publishParcels(org, 'BUYER', [
    parcelRow('BUYER', 'TA', order),
    parcelRow('BUYER', 'TB', order),
  ]);
  await dueNow(stack, org);
  await told({ TA: 'label_created', TB: 'label_created' });
  expect((await orderOf('SO-1')).status).toBe('processing');
  await told({ TA: 'delivered' });
  expect((await orderOf('SO-1')).status).toBe('shipped');
  await told({ TB: 'delivered' });
  const { id, status, status_at } = await orderOf('SO-1');
  expect(status).toBe('delivered');
  expect(await changesOf(stack, id)).toEqual(['processing > shipped', 'shipped > delivered']);

  // The same file again is no news, and a file that says more is believed.
  await publish(org, [parcelRow('BUYER', 'TA', { ...order, order_status: 'shipped' })]);
  expect(await orderOf('SO-1')).toMatchObject({ status: 'delivered', status_at });
  // One more parcel, and not all of it is there.
  const more = await publish(org, [
    parcelRow('BUYER', 'TC', { ...order, order_status: 'shipped' }),
  ]);
  expect((await orderOf('SO-1')).status).toBe('shipped');
  await org.approver.post(`publishes/${more}/withdrawal`, { reason: 'Taken back' });
  expect((await orderOf('SO-1')).status).toBe('delivered');
});

test.each([
  ['delivered', 'delivered'],
  ['cancelled', 'cancelled'],
  ['draft', 'draft'],
  ['shipped', 'shipped'],
  ['pending', 'shipped'],
  ['', 'shipped'],
])('an order that its supplier calls "%s" is %s when its parcel moves', async (said, follows) => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TD', { order_status: said })]);
  await dueNow(stack, org);
  await told({ TD: 'in_transit' });
  expect((await orderOf('SO-TD')).status).toBe(follows);
});

test('a label that was cancelled has not moved', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TE')]);
  await dueNow(stack, org);
  fedex.says.set('TE', { events: [scan(2, 'exception', { substatus: 'cancelled' })] });
  await told({});
  expect(await shipmentOf(stack, org, 'TE')).toMatchObject({
    status: 'exception',
    substatus: 'cancelled',
    order: 'processing',
  });
});

test('an invoice that its supplier holds back stays out of sight wherever the parcel is', async () => {
  const bill = (number: string, total: string) => ({
    customer_code: 'BUYER',
    order_number: number,
    invoice_number: `INV-${number}`,
    invoice_date: day(-3),
    total,
    currency: 'EUR',
  });
  const pending = { order_status: 'pending' };
  await publishParcels(org, 'BUYER', [
    parcelRow('BUYER', 'TS', pending),
    bill('SO-TS', '70.00'),
    parcelRow('BUYER', 'TM', pending),
    bill('SO-TM', '50.00'),
  ]);
  const customer = await signIn(stack, org, 'BUYER');
  const sees = async () => {
    const { body } = await customer.me<{ invoices: { number: string }[] }>('invoices');
    const { body: page } = await customer.me<StatementPage>('statement');
    const owed = (page.statement?.figures.blocks ?? []).map(({ closing }) => closing);
    return [...body.invoices.map(({ number }) => number).sort(), ...owed];
  };
  expect(await sees()).toEqual([]);

  // A scan of one, and what a clerk types of the other.
  await dueNow(stack, org);
  await told({ TS: 'picked_up' });
  const { id } = await shipmentOf(stack, org, 'TM');
  const event = { at: new Date().toISOString(), status: 'picked_up' };
  const added = await org.clerk.send(
    'POST',
    `shipments/${id}/events`,
    JSON.stringify(event),
    'application/json',
    { 'Idempotency-Key': crypto.randomUUID() },
  );
  expect(added.status).toBe(201);
  expect([(await orderOf('SO-TS')).status, (await orderOf('SO-TM')).status]).toEqual([
    'shipped',
    'shipped',
  ]);
  expect(await sees()).toEqual([]);
  // Nor does a further approval of the invoice, or of the order as pending, let it go.
  await publish(org, [bill('SO-TS', '75.00')]);
  await publish(org, [parcelRow('BUYER', 'TS', pending)]);
  expect(await sees()).toEqual([]);

  // The supplier says what the parcel said before: its status stays, and the invoice shows.
  const said = await publish(org, [parcelRow('BUYER', 'TS', { order_status: 'shipped' })]);
  expect(await sees()).toEqual(['INV-SO-TS', '75.00']);
  await org.approver.post(`publishes/${said}/withdrawal`, { reason: 'Too early' });
  expect(await sees()).toEqual([]);
});

test('events of a file move the order too, and a withdrawal takes that back', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TF', { carrier: 'Our own van' })]);
  const file = await publish(org, [
    {
      ...parcelRow('BUYER', 'TF', { carrier: 'Our own van' }),
      event_time: `${day(-1)}T10:00:00Z`,
      event_status: 'delivered',
    },
  ]);
  expect(await shipmentOf(stack, org, 'TF')).toMatchObject({
    status: 'delivered',
    order: 'delivered',
    delivered_at: `${day(-1)}T10:00:00Z`,
  });
  await org.approver.post(`publishes/${file}/withdrawal`, { reason: 'Taken back' });
  expect(await shipmentOf(stack, org, 'TF')).toMatchObject({
    status: 'unknown',
    order: 'processing',
  });
});

test('what is new in an approval is no change of a status', async () => {
  await publishParcels(org, 'BUYER', [
    {
      ...parcelRow('BUYER', 'TG'),
      event_time: `${day(-1)}T10:00:00Z`,
      event_status: 'in transit',
    },
  ]);
  const { id, order } = await shipmentOf(stack, org, 'TG');
  expect(order).toBe('shipped');
  expect(await changesOf(stack, id)).toEqual([]);
  expect(await changesOf(stack, (await orderOf('SO-TG')).id)).toEqual([]);
});

/** Parcels that took so many days each, as their files tell. */
const arrived = (days: readonly number[], region = 'Texas') =>
  days.map((took, at) => ({
    ...parcelRow('BUYER', `TH${region.slice(0, 1)}${at}`, {
      order_date: day(-50),
      shipped_at: day(-40),
      delivery_region: region,
      delivery_country: 'US',
    }),
    event_time: `${day(took - 40)}T12:00:00Z`,
    event_status: 'delivered',
  }));
const WAITING = { delivery_region: 'Texas', delivery_country: 'US', shipped_at: day(-2) };

test('a day that nobody says is guessed from ten parcels of the like, and from no less', async () => {
  await publishParcels(org, 'BUYER', [
    ...arrived([2, 3, 3, 3, 4, 4, 4, 5, 6, 9]),
    ...arrived([2, 2, 2], 'Ohio'),
    parcelRow('BUYER', 'TI', WAITING),
    parcelRow('BUYER', 'TJ', { ...WAITING, delivery_region: 'Ohio' }),
    parcelRow('BUYER', 'TK', { ...WAITING, estimated_delivery: day(5) }),
    parcelRow('BUYER', 'TL', { ...WAITING, expected_delivery: day(5) }),
    parcelRow('BUYER', 'TM', { ...WAITING, shipped_at: day(-8) }),
  ]);
  const none = { predicted_delivery: null, predicted_latest: null };
  await stack.scheduled('41 3 * * *');
  expect(await shipmentOf(stack, org, 'TI')).toMatchObject({
    predicted_delivery: day(2),
    predicted_latest: day(3),
  });
  for (const number of ['TJ', 'TK', 'TL', 'TM']) {
    expect(await shipmentOf(stack, org, number), number).toMatchObject(none);
  }
  // Somebody gives a day; and it arrives.
  await publish(org, [parcelRow('BUYER', 'TI', { ...WAITING, estimated_delivery: day(6) })]);
  expect(await shipmentOf(stack, org, 'TI')).toMatchObject(none);
});

test('a new parcel has its guess with its first answer, and none once its carrier says a day', async () => {
  await publishParcels(org, 'BUYER', [
    ...arrived([1, 3, 3, 3, 4, 4, 4, 4, 4, 4]),
    parcelRow('BUYER', 'TN', WAITING),
  ]);
  await stack.sql(
    "update staff.polled_shipments set next_poll_at = null where org_id = $1 and number <> 'TN'",
    [org.id],
  );
  await dueNow(stack, org);
  await told({ TN: 'in_transit' });
  expect(await shipmentOf(stack, org, 'TN')).toMatchObject({
    predicted_delivery: day(2),
    predicted_latest: day(2),
  });
  fedex.says.set('TN', { events: [scan(2, 'in_transit')], estimatedDelivery: day(1) });
  await told({});
  expect(await shipmentOf(stack, org, 'TN')).toMatchObject({
    carrier_estimate: day(1),
    predicted_delivery: null,
  });
});
