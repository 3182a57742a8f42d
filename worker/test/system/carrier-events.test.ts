/** What carriers tell: live once, the shipment's status and days, and no more than its customer may see. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { CARRIER_KINDS } from '../../carriers/list.ts';
import { carrierOf } from '../../carriers/tracking-page.ts';
import { CARRIERS } from '../../vocabulary.ts';
import { day, makeOrg, type Org, publish } from '../cast.ts';
import {
  changesOf,
  dueNow,
  eventsOf,
  parcelRow,
  passMinutes,
  poll,
  pollLater,
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

const show = (fields: string[]) =>
  org.owner.put('exposures', { customerKey: 'BUYER', kinds: [], fields });

test('what a carrier tells is live once, however often it tells it, and makes the status of shipment and order', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T1')]);
  await dueNow(stack, org);
  const { id } = await shipmentOf(stack, org, 'T1');
  const events = [
    scan(5, 'in_transit', { city: 'Memphis', code: 'AR' }),
    scan(30, 'picked_up', { city: 'Reno', code: 'PU' }),
  ];
  fedex.says.set('T1', { events });
  expect(await poll(stack, fedex)).toEqual({ answered: 1, failures: 0 });
  expect(await shipmentOf(stack, org, 'T1')).toMatchObject({
    status: 'in_transit',
    order: 'shipped',
    checked: true,
    due: 25,
  });
  fedex.says.set('T1', {
    events: [
      ...events,
      ...events,
      scan(1, 'out_for_delivery', { substatus: 'delayed', code: 'OD' }),
    ],
  });
  await pollLater(stack, 70, fedex);
  expect(await eventsOf(stack, id)).toEqual([
    { status: 'picked_up', city: 'Reno', source: 'carrier' },
    { status: 'in_transit', city: 'Memphis', source: 'carrier' },
    { status: 'out_for_delivery', city: null, source: 'carrier' },
  ]);
  expect(await shipmentOf(stack, org, 'T1')).toMatchObject({
    status: 'out_for_delivery',
    substatus: 'delayed',
  });
  expect(await changesOf(stack, id)).toEqual([
    'unknown > in_transit',
    'in_transit > out_for_delivery',
  ]);
});

test('a known scan that is said to be late, or no longer, shows it, and its customer is told once that it moves', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TA')]);
  await dueNow(stack, org);
  const { id } = await shipmentOf(stack, org, 'TA');
  const known = scan(5, 'in_transit', { code: 'AR', city: 'Memphis' });
  for (const substatus of [null, 'delayed', null, 'delayed'] as const) {
    fedex.says.set('TA', {
      events: [
        { ...known, substatus },
        { ...known, city: 'MEMPHIS' },
      ],
    });
    await pollLater(stack, 70, fedex);
    expect(await shipmentOf(stack, org, 'TA')).toMatchObject({ status: 'in_transit', substatus });
  }
  expect(await eventsOf(stack, id)).toEqual([
    { status: 'in_transit', city: 'Memphis', source: 'carrier' },
  ]);
  expect(await changesOf(stack, id)).toEqual(['unknown > in_transit']);
  const told = await stack.sql(
    "select 1 from portal.notifications where org_id = $1 and kind = 'shipment_status'",
    [org.id],
  );
  expect(told).toHaveLength(1);
});

test('what a category says of an unknown code stays with its scan, also when that is not the newest any more', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TB')]);
  await dueNow(stack, org);
  const { id } = await shipmentOf(stack, org, 'TB');
  const strange = scan(20, 'unknown', { code: 'ZZ' });
  const later = scan(2, 'out_for_delivery', { code: 'OF' });
  for (const [status, events] of [
    ['unknown', [strange]],
    ['in_transit', [{ ...strange, status: 'in_transit' as const }]],
    ['out_for_delivery', [strange, later]],
  ] as const) {
    fedex.says.set('TB', { events: [...events] });
    await pollLater(stack, 70, fedex);
    expect(await shipmentOf(stack, org, 'TB')).toMatchObject({ status });
  }
  expect((await eventsOf(stack, id)).map(({ status }) => status)).toEqual([
    'in_transit',
    'out_for_delivery',
  ]);
});

test('delivered says when and to whom, and can only still go wrong or come back', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T2')]);
  await dueNow(stack, org);
  const arrival = scan(10, 'delivered', { code: 'DL' });
  const told = [
    arrival,
    scan(9, 'delivered', { code: 'DL', city: 'Again' }),
    scan(2, 'in_transit'),
  ];
  fedex.says.set('T2', { events: told, signedBy: 'R. MILES' });
  await poll(stack, fedex);
  expect(await shipmentOf(stack, org, 'T2')).toMatchObject({
    status: 'delivered',
    order: 'delivered',
    delivered_at: arrival.at,
    signed_by: 'R. MILES',
    due: 720,
  });
  fedex.says.set('T2', { events: [...told, scan(1, 'returned')] });
  await passMinutes(stack, 800);
  await poll(stack, fedex);
  expect(await shipmentOf(stack, org, 'T2')).toMatchObject({
    status: 'returned',
    order: 'shipped',
    delivered_at: null,
    signed_by: null,
  });
});

test('a label that was only printed is one, and becomes a parcel with its first scan', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T3')]);
  await dueNow(stack, org);
  fedex.says.set('T3', { current: { status: 'label_created', substatus: null } });
  await poll(stack, fedex);
  expect(await shipmentOf(stack, org, 'T3')).toMatchObject({
    status: 'label_created',
    order: 'processing',
    due: 55,
  });
  // An approval of other rows leaves it so.
  await publish(org, [parcelRow('BUYER', 'T3', { estimated_delivery: day(4) })]);
  expect(await shipmentOf(stack, org, 'T3')).toMatchObject({ status: 'label_created' });
  fedex.says.set('T3', { events: [scan(1, 'picked_up')] });
  await pollLater(stack, 70, fedex);
  expect(await shipmentOf(stack, org, 'T3')).toMatchObject({ status: 'picked_up' });
});

test('what is to come, or was of another parcel of the same number, is not believed', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T4'), parcelRow('BUYER', 'T5')]);
  await dueNow(stack, org);
  fedex.says.set('T4', { events: [scan(-48, 'delivered'), scan(3, 'in_transit')] });
  fedex.says.set('T5', {
    events: [scan(24 * 40, 'delivered')],
    estimatedDelivery: day(-40),
    signedBy: 'SOMEBODY',
  });
  await poll(stack, fedex);
  expect(await shipmentOf(stack, org, 'T4')).toMatchObject({ status: 'in_transit' });
  expect(await shipmentOf(stack, org, 'T5')).toMatchObject({
    status: 'unknown',
    signed_by: null,
    carrier_estimate: null,
    last_error: 'other_parcel',
  });
});

test('what a file has told already is not told twice, and a withdrawn file leaves what the carrier says', async () => {
  const seen = scan(20, 'in_transit', { city: 'Łódź' });
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T6')]);
  const file = await publish(org, [
    { ...parcelRow('BUYER', 'T6'), event_time: seen.at, event_status: 'in transit' },
  ]);
  await dueNow(stack, org);
  const { id } = await shipmentOf(stack, org, 'T6');
  fedex.says.set('T6', { events: [seen, scan(2, 'out_for_delivery')] });
  await poll(stack, fedex);
  expect(await eventsOf(stack, id)).toMatchObject([{ source: 'import' }, { source: 'carrier' }]);
  await org.approver.post(`publishes/${file}/withdrawal`, { reason: 'Taken back' });
  expect(await eventsOf(stack, id)).toMatchObject([{ status: 'out_for_delivery' }]);
  await pollLater(stack, 70, fedex);
  expect(await eventsOf(stack, id)).toHaveLength(2);
});

test('each day that a carrier and a supplier named is remembered', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T7', { estimated_delivery: day(1) })]);
  await dueNow(stack, org);
  for (const estimatedDelivery of [day(2), day(2), day(3)]) {
    fedex.says.set('T7', { events: [scan(3, 'in_transit')], estimatedDelivery });
    await pollLater(stack, 70, fedex);
  }
  await publish(org, [parcelRow('BUYER', 'T7', { estimated_delivery: day(4) })]);
  await publish(org, [parcelRow('BUYER', 'T7', { estimated_delivery: day(4) })]);
  const { id, carrier_estimate } = await shipmentOf(stack, org, 'T7');
  expect(carrier_estimate).toBe(day(3));
  const days = () =>
    stack.sql(
      'select source, day::text from portal.delivery_estimates where shipment_id = $1 order by told_at, id',
      [id],
    );
  expect(await days()).toEqual([
    { source: 'supplier', day: day(1) },
    { source: 'carrier', day: day(2) },
    { source: 'carrier', day: day(3) },
    { source: 'supplier', day: day(4) },
  ]);
  await show(['tracking_number']);
  expect(await days()).toEqual([]);
  await pollLater(stack, 70, fedex);
  expect(await days()).toEqual([]);
  expect(await shipmentOf(stack, org, 'T7')).toMatchObject({
    status: 'in_transit',
    carrier_estimate: null,
  });
});

test('nothing that a carrier told stays when the number is kept from the customer, and it is asked no more', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T8')]);
  await dueNow(stack, org);
  const { id } = await shipmentOf(stack, org, 'T8');
  fedex.says.set('T8', {
    events: [scan(3, 'delivered')],
    estimatedDelivery: day(0),
    signedBy: 'R. MILES',
  });
  await poll(stack, fedex);
  await show(['shipped_at']);
  expect(await eventsOf(stack, id)).toEqual([]);
  expect(await shipmentOf(stack, org, 'T8')).toMatchObject({
    status: 'unknown',
    order: 'processing',
    checked: false,
    delivered_at: null,
    signed_by: null,
    carrier: null,
  });
  await show(['shipped_at', 'tracking_number']);
  await publish(org, [parcelRow('BUYER', 'T8')]);
  await dueNow(stack, org);
  await poll(stack, fedex);
  expect(await shipmentOf(stack, org, 'T8')).toMatchObject({ status: 'delivered' });
});

test('a parcel that goes with another carrier is that one’s to tell of', async () => {
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'T9')]);
  await dueNow(stack, org);
  const { id } = await shipmentOf(stack, org, 'T9');
  fedex.says.set('T9', { events: [scan(3, 'exception')] });
  await poll(stack, fedex);
  await publish(org, [parcelRow('BUYER', 'T9', { carrier: 'UPS Standard' })]);
  expect(await eventsOf(stack, id)).toEqual([]);
  const ups = toldCarrier('ups');
  ups.says.set('T9', { events: [scan(2, 'in_transit')] });
  await poll(stack, fedex, ups);
  expect(fedex.calls).toHaveLength(1);
  expect(await shipmentOf(stack, org, 'T9')).toMatchObject({
    carrier: 'ups',
    status: 'in_transit',
  });
  await publish(org, [parcelRow('BUYER', 'T9', { carrier: 'Our own van' })]);
  expect(await shipmentOf(stack, org, 'T9')).toMatchObject({ carrier: null, status: 'unknown' });
});

test('a carrier’s name means the same to the database and to the Worker', async () => {
  const names = [
    ...CARRIERS.flatMap((code) => CARRIER_KINDS[code].names),
    'FedEx',
    'Fed-Ex Ground',
    'FEDEX® Express',
    'fedex_ground',
    'Federal Express',
    'FDEG',
    'UPS',
    ' ups polska ',
    'U.P.S.',
    'United Parcel Service',
    'UPSN',
    'U.S. Postal Service',
    'US Mail',
    'United States Postal Services',
    'USPS — Ground',
    'ＵＰＳ',
    'Upsilon',
    'UPSé',
    'UPS or FedEx',
    'not UPS',
    'DHL',
    '',
    '-',
  ];
  const rows = await stack.sql<{ name: string; code: string | null }>(
    'select name, staff.carrier_of(name) as code from jsonb_array_elements_text($1::jsonb) name',
    [JSON.stringify(names)],
  );
  expect(rows).toEqual(names.map((name) => ({ name, code: carrierOf(name) })));
});
