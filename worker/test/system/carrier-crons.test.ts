/** The crons ask the local carriers, over their own protocols, by their own clock. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parcelNumber, type Scenario } from '../../../scripts/local/carrier-numbers.ts';
import type { CarrierCode } from '../../vocabulary.ts';
import { day, makeOrg, type Org } from '../cast.ts';
import { dueNow, eventsOf, parcelRow, publishParcels, shipmentOf } from '../parcels.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});
afterAll(() => stack.carriers.setClock(null));

const CARRIERS: [string, CarrierCode][] = [
  ['FedEx', 'fedex'],
  ['UPS', 'ups'],
  ['USPS', 'usps'],
];

/** What is seen of a parcel of each carrier, asked about every ten hours: its number, and each status in turn. */
async function follow(scenario: Scenario, from: string, hours: number, serial: number) {
  const numbers = CARRIERS.map(([, code], at) =>
    parcelNumber(code, { day: from, scenario, serial: serial + at }),
  );
  await publishParcels(
    org,
    'BUYER',
    CARRIERS.map(([carrier], at) =>
      parcelRow('BUYER', numbers[at] ?? '', { carrier, shipped_at: from }),
    ),
  );
  const seen = new Map<string, string[]>(numbers.map((number) => [number, []]));
  for (let hour = 2; hour <= hours; hour += 10) {
    stack.carriers.setClock(Date.parse(`${from}T00:00:00Z`) + hour * 3_600_000);
    await dueNow(stack, org);
    await stack.scheduled('*/30 * * * *');
    for (const [number, before] of seen) {
      const { status } = await shipmentOf(stack, org, number);
      if (before.at(-1) !== status) before.push(status);
    }
  }
  return seen;
}

test('a parcel of each carrier is followed from its label to its door', async () => {
  for (const [number, seen] of await follow('arrives', day(-4), 92, 40)) {
    expect(seen.at(-1), number).toBe('delivered');
    expect(seen, number).toEqual(expect.arrayContaining(['in_transit', 'delivered']));
    const { id, order, delivered_at, signed_by } = await shipmentOf(stack, org, number);
    expect({ order, signed: signed_by !== null }).toEqual({ order: 'delivered', signed: true });
    expect(delivered_at?.slice(0, 10)).toBe(day(-1));
    const events = await eventsOf(stack, id);
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBeGreaterThan(3);
  }
});

test('a parcel of each carrier that comes back is followed to its sender, and never there', async () => {
  for (const [number, seen] of await follow('returned', day(-5), 122, 50)) {
    expect(seen.slice(-2), number).toEqual(['exception', 'returned']);
    const { id, order, delivered_at, signed_by } = await shipmentOf(stack, org, number);
    expect({ order, delivered_at, signed_by }).toEqual({
      order: 'shipped',
      delivered_at: null,
      signed_by: null,
    });
    const events = await eventsOf(stack, id);
    expect(events.map(({ status }) => status).slice(-3)).toEqual([
      'returned',
      'in_transit',
      'delivered',
    ]);
  }
  const told = await stack.sql<{ status: string }>(
    "select distinct params->>'status' as status from portal.notifications where org_id = $1 and kind = 'shipment_status' and subject in (select id::text from portal.shipments where shipped_on = $2::date)",
    [org.id, day(-5)],
  );
  expect(told.map(({ status }) => status).sort()).toEqual(['exception', 'in_transit', 'returned']);
});

test('a parcel becomes late between two answers, without a new scan', async () => {
  const from = day(-3);
  const number = parcelNumber('fedex', { day: from, scenario: 'late', serial: 50 });
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', number, { shipped_at: from })]);
  const askAt = async (hours: number) => {
    stack.carriers.setClock(Date.parse(`${from}T00:00:00Z`) + hours * 3_600_000);
    await dueNow(stack, org);
    await stack.scheduled('*/30 * * * *');
    const { id, status, substatus } = await shipmentOf(stack, org, number);
    return { status, substatus, events: (await eventsOf(stack, id)).length };
  };
  const before = await askAt(59);
  expect(before).toMatchObject({ status: 'in_transit', substatus: null });
  expect(await askAt(61)).toEqual({ ...before, substatus: 'delayed' });
});
