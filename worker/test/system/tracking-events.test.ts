/**
 * What happened to parcels, as a file tells it: live with the tracking number, in order, and what the
 * shipment's status is made of.
 */
import { beforeAll, expect, test } from 'vitest';
import {
  type Cells,
  contactOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  publish,
  type ReviewSeen,
  setSettings,
  stageRows,
} from '../cast.ts';
import { eyesOf } from '../eyes.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { timeZone: 'Europe/Warsaw' });
});

const withdraw = async (publishId: string) =>
  expect(
    (await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' })).status,
  ).toBe(200);

const EVENTS = `select to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at, status, city
  from portal.tracking_events order by at`;
const SHIPMENT = 'select tracking_number, status, estimated_delivery::text from portal.shipments';

const parcel = (customer: string, tag: string): Cells => ({
  customer_code: customer,
  order_number: `SO-${tag}`,
  order_date: day(-30),
  order_status: 'shipped',
  tracking_number: `TRK-${tag}`,
});
const eventRow = (
  customer: string,
  tag: string,
  time: string,
  status: string,
  city = '',
): Cells => ({
  customer_code: customer,
  order_number: `SO-${tag}`,
  tracking_number: `TRK-${tag}`,
  event_time: time,
  event_status: status,
  ...(city && { event_city: city }),
});

/** The codes of each item that has problems. */
async function problemsOf(rows: Cells[]): Promise<Record<string, string[]>> {
  const publishId = await stageRows(org, rows);
  const { body } = await org.approver.get<ReviewSeen>(`publishes/${publishId}/review`);
  return Object.fromEntries(
    body.items
      .filter(({ problems }) => problems.length > 0)
      .map(({ kind, key, problems }) => [
        `${kind} ${key}`,
        problems.map(({ code, severity }) => `${severity} ${code}`),
      ]),
  );
}

test('tracking events are live in order, by the org’s clock where they name no zone, and make the status', async () => {
  await publish(org, [
    customerRow('TRACK', org),
    customerRow('HIDE', org),
    { ...parcel('TRACK', 'E1'), estimated_delivery: '2026-05-09' },
    eventRow('TRACK', 'E1', '2026-05-04 09:30', 'In transit', 'Poznań'),
    eventRow('TRACK', 'E1', '2026-05-02T08:00:00-04:00', 'Picked up', 'Boston'),
  ]);
  const seen = await eyesOf(stack, org, 'TRACK', 'no_financials');
  expect(await seen(EVENTS)).toEqual([
    { at: '2026-05-02 12:00', status: 'picked_up', city: 'Boston' },
    { at: '2026-05-04 07:30', status: 'in_transit', city: 'Poznań' },
  ]);
  const shipment = { tracking_number: 'TRK-E1', estimated_delivery: '2026-05-09' };
  expect(await seen(SHIPMENT)).toEqual([{ ...shipment, status: 'in_transit' }]);
  expect(await (await eyesOf(stack, org, 'HIDE'))(EVENTS)).toEqual([]);

  const delivered = await publish(org, [
    eventRow('TRACK', 'E1', '2026-05-08 10:00', 'Dostarczono', 'Łódź'),
    eventRow('TRACK', 'E1', '2026-05-08 10:05', 'En tránsito'),
  ]);
  expect(await seen(SHIPMENT)).toEqual([{ ...shipment, status: 'delivered' }]);
  const returned = await publish(org, [
    eventRow('TRACK', 'E1', '2026-05-09 10:00', 'Returned to sender'),
  ]);
  expect(await seen(SHIPMENT)).toEqual([{ ...shipment, status: 'returned' }]);
  await withdraw(returned);
  await withdraw(delivered);
  expect(await seen(SHIPMENT)).toEqual([{ ...shipment, status: 'in_transit' }]);
  expect(await seen(EVENTS)).toHaveLength(2);
});

test('tracking events are hidden with the tracking number, and come with it again', async () => {
  const rows = [
    customerRow('HIDE', org),
    parcel('HIDE', 'E2'),
    eventRow('HIDE', 'E2', '2026-05-04 09:30', 'delivered'),
  ];
  await publish(org, rows);
  const seen = await eyesOf(stack, org, 'HIDE');
  const show = (fields: string[]) =>
    org.owner.put('exposures', { customerKey: 'HIDE', kinds: [], fields });
  await show(['shipped_at']);
  expect(await seen(EVENTS)).toEqual([]);
  expect(await seen(SHIPMENT)).toMatchObject([{ tracking_number: null, status: 'unknown' }]);
  await show(['shipped_at', 'tracking_number']);
  await publish(org, [parcel('HIDE', 'E2')]);
  expect(await seen(EVENTS)).toMatchObject([{ status: 'delivered' }]);
  expect(await seen(SHIPMENT)).toMatchObject([{ tracking_number: 'TRK-E2', status: 'delivered' }]);
});

test('tracking events go and come with their order', async () => {
  const order = await publish(org, [customerRow('ORDER', org), parcel('ORDER', 'E3')]);
  await publish(org, [eventRow('ORDER', 'E3', '2026-05-04 09:30', 'delivered')]);
  const seen = await eyesOf(stack, org, 'ORDER');
  expect(await seen(EVENTS)).toHaveLength(1);
  await withdraw(order);
  expect(await seen(EVENTS)).toEqual([]);
  await publish(org, [customerRow('ORDER', org), parcel('ORDER', 'E3')]);
  expect(await seen(EVENTS)).toHaveLength(1);
  expect(await seen(SHIPMENT)).toMatchObject([{ status: 'delivered' }]);
});

test('events of a carrier stay the carrier’s', async () => {
  await publish(org, [customerRow('CARRIER', org), parcel('CARRIER', 'E4')]);
  const { customerId } = await contactOf(stack, org, 'CARRIER');
  await stack.sql(
    `insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, city, source)
     select s.org_id, s.customer_id, s.order_id, s.id, '2026-05-04T09:30:00Z:in_transit', '2026-05-04T09:30:00Z', 'in_transit', 'Berlin', 'carrier'
       from portal.shipments s where s.customer_id = $1`,
    [customerId],
  );
  const again = await publish(org, [
    eventRow('CARRIER', 'E4', '2026-05-04T09:30:00Z', 'in transit', 'Hamburg'),
  ]);
  const seen = await eyesOf(stack, org, 'CARRIER');
  expect(await seen(EVENTS)).toMatchObject([{ city: 'Berlin' }]);
  await withdraw(again);
  expect(await seen(EVENTS)).toMatchObject([{ city: 'Berlin' }]);
});

test('events of an order that is not known, or of no known status, are named', async () => {
  const found = await problemsOf([
    customerRow('BAD', org),
    parcel('BAD', 'E5'),
    eventRow('BAD', 'E5', '2026-05-04', 'delivered'),
    eventRow('BAD', 'E5', '2026-05-04 10:00', 'somewhere'),
    eventRow('BAD', 'E6', '2026-05-04 10:00', 'delivered'),
  ]);
  expect(found['tracking_event SO-E5:TRK-E5:2026-05-04:delivered']).toEqual(['blocking bad_time']);
  expect(found['tracking_event SO-E5:TRK-E5:2026-05-04T10:00:00:somewhere']).toEqual([
    'blocking unknown_event_status',
  ]);
  expect(found['tracking_event SO-E6:TRK-E6:2026-05-04T10:00:00:delivered']).toEqual([
    'blocking order_not_published',
  ]);
});
