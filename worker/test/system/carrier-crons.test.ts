/** The crons ask the local carriers, over their own protocols, by their own clock. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parcelNumber } from '../../../scripts/local/carrier-numbers.ts';
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

test('a parcel of each carrier is followed from its label to its door', async () => {
  const from = day(-4);
  const numbers = CARRIERS.map(([, code], serial) =>
    parcelNumber(code, { day: from, scenario: 'arrives', serial: 40 + serial }),
  );
  await publishParcels(
    org,
    'BUYER',
    CARRIERS.map(([carrier], at) =>
      parcelRow('BUYER', numbers[at] ?? '', { carrier, shipped_at: from }),
    ),
  );
  const seen: Record<string, string[]> = {};
  for (let hours = 2; hours <= 96; hours += 10) {
    stack.carriers.setClock(Date.parse(`${from}T00:00:00Z`) + hours * 3_600_000);
    await dueNow(stack, org);
    await stack.scheduled('*/30 * * * *');
    for (const number of numbers) {
      const { status } = await shipmentOf(stack, org, number);
      const before = seen[number] ?? [];
      seen[number] = before.at(-1) === status ? before : [...before, status];
    }
  }
  for (const number of numbers) {
    expect(seen[number]?.at(-1), number).toBe('delivered');
    expect(seen[number], number).toEqual(expect.arrayContaining(['in_transit', 'delivered']));
    const { id, order, delivered_at, signed_by } = await shipmentOf(stack, org, number);
    expect({ order, signed: signed_by !== null }).toEqual({ order: 'delivered', signed: true });
    expect(delivered_at?.slice(0, 10)).toBe(day(-1));
    const events = await eventsOf(stack, id);
    expect(new Set(events.map((event) => JSON.stringify(event))).size).toBeGreaterThan(3);
  }
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
