/** Several runs at once, and approvals among them. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeOrg, type Org, publish } from '../cast.ts';
import {
  changesOf,
  dueNow,
  eventsOf,
  moving,
  onTheWay,
  parcelRow,
  passMinutes,
  poll,
  shipmentOf,
  toldOf,
} from '../parcels.ts';
import { type Stack, useStack } from '../stack.ts';
import { scan, toldCarrier } from '../told-carrier.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
});

const RUNS = [1, 2, 3, 4, 5, 6];

describe('crons at once', () => {
  test('ask about no parcel twice', async () => {
    const numbers = await onTheWay(stack, org, 'R', 150);
    const fedex = toldCarrier('fedex', { batchSize: 4 });
    moving(fedex, numbers);
    await Promise.all(RUNS.map(() => poll(stack, fedex)));
    expect(fedex.calls.flat().sort()).toEqual(numbers.toSorted());
    for (const number of numbers.slice(0, 10)) {
      const { id, status } = await shipmentOf(stack, org, number);
      expect(status).toBe('in_transit');
      expect(await eventsOf(stack, id)).toHaveLength(1);
      expect(await changesOf(stack, id)).toEqual(['unknown > in_transit']);
    }
    expect(await toldOf(stack, org)).toEqual({
      told: numbers.map(() => 'in_transit'),
      letters: [{ state: 'queued', notices: numbers.length }],
    });
  });

  test('make no more calls in an hour than it has', async () => {
    const numbers = await onTheWay(stack, org, 'S', 120);
    const fedex = toldCarrier('fedex', { batchSize: 1, callsPerHour: 40 });
    moving(fedex, numbers);
    await Promise.all(RUNS.map(() => poll(stack, fedex)));
    expect(fedex.calls).toHaveLength(40);
    await passMinutes(stack, 6);
    await Promise.all(RUNS.map(() => poll(stack, fedex)));
    expect(fedex.calls).toHaveLength(40);
    // The first forty are an hour old, and more than a lease.
    await passMinutes(stack, 72);
    await Promise.all(RUNS.map(() => poll(stack, fedex)));
    expect(fedex.calls.length).toBeLessThanOrEqual(80);
    expect(fedex.calls.length).toBeGreaterThan(40);
    expect(new Set(fedex.calls.slice(0, 80).flat()).size).toBe(fedex.calls.length);
  });

  test('try a carrier that was left alone with one call', async () => {
    const numbers = await onTheWay(stack, org, 'P', 40);
    const fedex = toldCarrier('fedex', { batchSize: 1 });
    moving(fedex, numbers);
    fedex.down = 'unavailable';
    await poll(stack, fedex);
    const before = fedex.calls.length;
    await stack.sql('update staff.carrier_state set open_until = now()');
    await Promise.all(RUNS.map(() => poll(stack, fedex)));
    expect(fedex.calls.length).toBe(before + 1);
  });
});

describe('polling while publishes are approved', () => {
  test('ends in one order’s truth, whoever was first', async () => {
    const numbers = await onTheWay(stack, org, 'V', 30);
    const fedex = toldCarrier('fedex', { batchSize: 5 });
    for (const round of [1, 2, 3]) {
      for (const number of numbers) {
        fedex.says.set(number, {
          events: [scan(9, 'picked_up'), ...(round > 1 ? [scan(1, 'delivered')] : [])],
        });
      }
      await dueNow(stack, org);
      await Promise.all([
        poll(stack, fedex),
        publish(
          org,
          numbers.map((number) => parcelRow('BUYER', number, { po_number: `PO-${round}` })),
        ),
        poll(stack, fedex),
      ]);
    }
    for (const number of numbers) {
      expect(await shipmentOf(stack, org, number), number).toMatchObject({
        status: 'delivered',
        order: 'delivered',
      });
    }
    const { told, letters } = await toldOf(stack, org);
    expect(told.toSorted()).toEqual([
      ...numbers.map(() => 'delivered'),
      ...numbers.map(() => 'picked_up'),
    ]);
    expect(letters).toEqual([{ state: 'queued', notices: told.length }]);
  });
});
