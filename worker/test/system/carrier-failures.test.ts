/** What a carrier that fails, wholly or over one parcel, costs: that one a turn, and nobody else anything. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { makeOrg, type Org } from '../cast.ts';
import {
  logOf,
  moving,
  onTheWay,
  parcelRow,
  poll,
  pollLater,
  publishParcels,
  shipmentOf,
  stateOf,
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

test('a carrier that fails five times in a row is left alone, then tried with one call; another is not concerned', async () => {
  const numbers = await onTheWay(stack, org, 'F', 8);
  const fedex = toldCarrier('fedex', { batchSize: 1 });
  const ups = toldCarrier('ups');
  moving(fedex, numbers);
  fedex.down = 'unavailable';
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TUPS', { carrier: 'UPS' })]);
  moving(ups, ['TUPS']);
  await poll(stack, fedex, ups);
  expect((await shipmentOf(stack, org, 'TUPS')).status).toBe('in_transit');
  const made = fedex.calls.length;
  expect(made).toBeGreaterThanOrEqual(5);
  expect(made).toBeLessThanOrEqual(7);
  expect(await stateOf(stack, 'fedex')).toEqual({
    failures: 5,
    open: 30,
    last_error: 'unavailable',
  });
  expect((await logOf(stack, 'fedex')).map(({ outcome }) => outcome).sort()).toEqual([
    'failed',
    'opened',
  ]);

  await pollLater(stack, 29, fedex);
  expect(fedex.calls).toHaveLength(made);
  for (const [at, open] of [60, 120, 240, 360, 360].entries()) {
    await pollLater(stack, 361, fedex);
    expect(fedex.calls).toHaveLength(made + 1 + at);
    expect(await stateOf(stack, 'fedex')).toMatchObject({ open });
  }
  // Back after a day: everything is asked about at once.
  fedex.down = null;
  await pollLater(stack, 361, fedex);
  expect(await stateOf(stack, 'fedex')).toMatchObject({ failures: 0, open: null });
  for (const number of numbers) {
    expect(await shipmentOf(stack, org, number)).toMatchObject({ status: 'in_transit' });
  }
});

test('a carrier that asks for a pause has it', async () => {
  const numbers = await onTheWay(stack, org, 'W', 3);
  const fedex = toldCarrier('fedex', { batchSize: 1 });
  moving(fedex, numbers);
  fedex.failures = [{ reason: 'throttled', retryAfterSeconds: 600 }];
  await poll(stack, fedex);
  const before = fedex.calls.length;
  expect(await stateOf(stack, 'fedex')).toMatchObject({ open: 10 });
  // Calls that were not made any more are the hour's again.
  const counted = await stack.sql(
    "select sum(value::int)::int as calls from staff.carrier_state, jsonb_each(recent_calls) where carrier = 'fedex'",
  );
  expect(counted).toEqual([{ calls: before }]);
  await pollLater(stack, 9, fedex);
  expect(fedex.calls).toHaveLength(before);
  await pollLater(stack, 1, fedex);
  expect(fedex.calls.length).toBeGreaterThan(before);
  expect(await shipmentOf(stack, org, numbers[0] ?? '')).toMatchObject({ status: 'in_transit' });
});

test('a parcel that spoils a call is found, and the others are told of', async () => {
  const numbers = await onTheWay(stack, org, 'Q', 6);
  const fedex = toldCarrier('fedex', { batchSize: 6 });
  moving(fedex, numbers);
  const track = fedex.track;
  fedex.track = async (token, wanted) =>
    wanted.some(({ number }) => number === 'TQ4')
      ? { ok: false, reason: 'too_large' }
      : track(token, wanted);
  for (let hour = 0; hour < 5; hour += 1) await pollLater(stack, 240, fedex);
  for (const number of numbers) {
    const { status } = await shipmentOf(stack, org, number);
    expect(status, number).toBe(number === 'TQ4' ? 'unknown' : 'in_transit');
  }
});

test('staff are told of a carrier that stays away, once, and no longer when it is back', async () => {
  const numbers = await onTheWay(stack, org, 'A', 1);
  const fedex = toldCarrier('fedex');
  moving(fedex, numbers);
  fedex.down = 'timed_out';
  const open = async () => {
    const { body } = await org.clerk.get<{ alerts: { kind: string; subject: string }[] }>('alerts');
    return body.alerts.map(({ kind, subject }) => `${kind} ${subject}`);
  };
  for (let run = 0; run < 5; run += 1) await pollLater(stack, 240, fedex);
  expect(await stateOf(stack, 'fedex')).toMatchObject({ failures: 5 });
  expect(await open()).toEqual([]);
  await pollLater(stack, 240, fedex);
  await pollLater(stack, 240, fedex);
  expect(await open()).toEqual(['carrier_down fedex']);
  fedex.down = null;
  await pollLater(stack, 240, fedex);
  expect(await open()).toEqual([]);
});

test('an answer that cannot be kept costs its own parcels a turn, and nobody else', async () => {
  const numbers = await onTheWay(stack, org, 'P', 2);
  const fedex = toldCarrier('fedex', { batchSize: 1 });
  moving(fedex, numbers);
  fedex.says.set(numbers[0] ?? '', { events: [{ ...scan(2, 'in_transit'), at: 'some day' }] });
  await poll(stack, fedex);
  expect(await shipmentOf(stack, org, numbers[0] ?? '')).toMatchObject({
    status: 'unknown',
    last_error: 'not_understood',
  });
  expect((await shipmentOf(stack, org, numbers[0] ?? '')).due).toBeGreaterThan(20);
});
