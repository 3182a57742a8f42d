/** Carriers are asked for what is due, by one run at a time and no more than they allow. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../errors.ts';
import { day, makeOrg, type Org } from '../cast.ts';
import {
  dueNow,
  eventsOf,
  logOf,
  moving,
  onTheWay,
  parcelRow,
  passMinutes,
  poll,
  pollLater,
  publishParcels,
  shipmentOf,
  stateOf,
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

test('who is asked: parcels of ours with a number, as the carrier writes it, and not for ever', async () => {
  await publishParcels(org, 'BUYER', [
    parcelRow('BUYER', 't 12-34', { order_number: 'SO-a' }),
    parcelRow('BUYER', 'X-99', { order_number: 'SO-b' }),
    parcelRow('BUYER', 'TU1', { order_number: 'SO-c', carrier: 'UPS Standard' }),
    parcelRow('BUYER', 'TD1', { order_number: 'SO-d', carrier: 'DHL' }),
    parcelRow('BUYER', 'TOLD', {
      order_number: 'SO-e',
      order_date: day(-200),
      shipped_at: day(-121),
    }),
    parcelRow('BUYER', 'TU1', { order_number: 'SO-f', carrier: 'FedEx' }),
  ]);
  await dueNow(stack, org);
  const [fedex, ups] = [toldCarrier('fedex'), toldCarrier('ups', { batchSize: 1 })];
  moving(fedex, ['T1234', 'TU1']);
  await poll(stack, fedex, ups);
  expect(fedex.calls.map((call) => call.sort())).toEqual([['T1234', 'TU1']]);
  expect(ups.calls).toEqual([['TU1']]);
  expect(await shipmentOf(stack, org, 'X-99', 'SO-B')).toMatchObject({
    last_error: 'bad_number',
    due: null,
    checked: false,
  });
  expect(await shipmentOf(stack, org, 'TOLD', 'SO-E')).toMatchObject({
    carrier: 'fedex',
    due: null,
  });
  expect(await shipmentOf(stack, org, 'TD1', 'SO-D')).toMatchObject({ carrier: null });
  // The same number is two parcels of two carriers.
  expect(await shipmentOf(stack, org, 'TU1', 'SO-F')).toMatchObject({ status: 'in_transit' });
  expect(await shipmentOf(stack, org, 'TU1', 'SO-C')).toMatchObject({
    status: 'unknown',
    last_error: 'unknown_number',
    checked: true,
  });
});

test('how often: each half hour on its way, hourly before, twice a day for three days after', async () => {
  const [going = '', label = '', there = '', long = '', lost = ''] = await onTheWay(
    stack,
    org,
    'I',
    5,
  );
  const fedex = toldCarrier('fedex');
  moving(fedex, [going]);
  fedex.says.set(label, { current: { status: 'label_created', substatus: null } });
  fedex.says.set(there, { events: [scan(2, 'delivered')] });
  fedex.says.set(long, { events: [scan(73, 'delivered')] });
  await poll(stack, fedex);
  const dueOf = async (number: string) => (await shipmentOf(stack, org, number)).due;
  expect(await dueOf(going)).toBe(25);
  expect(await dueOf(label)).toBe(55);
  expect(await dueOf(there)).toBe(720);
  expect(await dueOf(long)).toBeNull();
  expect(await dueOf(lost)).toBe(55);
  await stack.sql(
    'update staff.polled_shipments set shipped_on = current_date - 119 - case number when $2 then 1 else 0 end where org_id = $1',
    [org.id, going],
  );
  await pollLater(stack, 60, fedex);
  expect(await dueOf(going)).toBeNull();
  // After five days a carrier that does not know it is asked less, and staff can see it.
  expect(await shipmentOf(stack, org, lost)).toMatchObject({
    due: 360,
    last_error: 'unknown_number',
    status: 'unknown',
  });
});

test('a token is kept for the next run, sealed; one that is refused is given up for another, once', async () => {
  const numbers = await onTheWay(stack, org, 'K', 2);
  const fedex = toldCarrier('fedex');
  moving(fedex, numbers);
  await poll(stack, fedex);
  await pollLater(stack, 30, fedex);
  expect(fedex.authorised).toBe(1);
  const kept = await stack.sql('select sealed_token from staff.carrier_state');
  expect(JSON.stringify(kept)).not.toContain('secret-of');

  fedex.failures = [{ reason: 'bad_token' }];
  expect(await pollLater(stack, 30, fedex)).toEqual({ answered: 2, failures: 0 });
  expect(fedex.authorised).toBe(2);
  fedex.failures = [{ reason: 'bad_token' }, { reason: 'bad_token' }];
  expect(await pollLater(stack, 30, fedex)).toEqual({ answered: 0, failures: 1 });
  expect(await stateOf(stack, 'fedex')).toMatchObject({ failures: 1, last_error: 'bad_token' });
  expect(await pollLater(stack, 0, fedex)).toEqual({ answered: 2, failures: 0 });
});

test('no hour sees more calls than it may; who was never asked comes first', async () => {
  const numbers = await onTheWay(stack, org, 'B', 5);
  const usps = toldCarrier('usps', { batchSize: 1, callsPerHour: 3 });
  await stack.sql("update staff.polled_shipments set carrier = 'usps' where org_id = $1", [org.id]);
  moving(usps, numbers);
  await poll(stack, usps);
  expect(usps.calls).toHaveLength(3);
  await pollLater(stack, 30, usps);
  await pollLater(stack, 30, usps);
  expect(usps.calls).toHaveLength(3);
  expect(await logOf(stack, 'usps')).toMatchObject([
    { outcome: 'ok', subjects: 3 },
    { outcome: 'over_budget' },
  ]);
  await pollLater(stack, 3, usps);
  expect(usps.calls).toHaveLength(6);
  expect(new Set(usps.calls.slice(0, 5).flat())).toEqual(new Set(numbers));
});

test('a run that dies between the answer and its writing loses nothing, and nothing comes twice', async () => {
  const [number = ''] = await onTheWay(stack, org, 'D', 1);
  const fedex = toldCarrier('fedex');
  moving(fedex, [number]);
  fedex.meanwhile = async () => {
    stack.database.fault = { kind: 'down' };
  };
  await expect(poll(stack, fedex)).rejects.toMatchObject({
    code: 'unavailable',
  } satisfies Partial<AppError>);
  stack.database.fault = null;
  const { id } = await shipmentOf(stack, org, number);
  expect(await eventsOf(stack, id)).toEqual([]);
  expect(await toldOf(stack, org)).toEqual({ told: [], letters: [] });
  fedex.meanwhile = null;
  await pollLater(stack, 1, fedex);
  expect(fedex.calls).toHaveLength(1);
  await pollLater(stack, 1, fedex);
  expect(fedex.calls).toHaveLength(2);
  expect(await eventsOf(stack, id)).toHaveLength(1);
  await pollLater(stack, 60, fedex);
  expect(fedex.calls).toHaveLength(3);
  expect(await toldOf(stack, org)).toEqual({
    told: ['in_transit'],
    letters: [{ state: 'queued', notices: 1 }],
  });
});

test('an answer that comes when another run has the parcel already changes nothing', async () => {
  const [number = ''] = await onTheWay(stack, org, 'L', 1);
  const [slow, quick] = [toldCarrier('fedex'), toldCarrier('fedex')];
  slow.says.set(number, { events: [scan(5, 'exception')] });
  moving(quick, [number]);
  slow.meanwhile = async () => {
    slow.meanwhile = null;
    await passMinutes(stack, 3);
    await poll(stack, quick);
  };
  await poll(stack, slow);
  const { id, status } = await shipmentOf(stack, org, number);
  expect(status).toBe('in_transit');
  expect(await eventsOf(stack, id)).toHaveLength(1);
});
