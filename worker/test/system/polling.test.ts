/** Carriers are asked for what is due, no more than they allow, and left alone when they fail. */
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../errors.ts';
import { pollCarriers } from '../../jobs/poll-carriers.ts';
import { day, makeOrg, type Org } from '../cast.ts';
import {
  dueNow,
  eventsOf,
  parcelRow,
  passMinutes,
  publishParcels,
  shipmentOf,
} from '../parcels.ts';
import { type Stack, useStack } from '../stack.ts';
import { scan, type ToldCarrier, toldCarrier } from '../told-carrier.ts';

const OUTBOX_KEY = btoa('k'.repeat(32));
let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
});

const poll = (...carriers: ToldCarrier[]) =>
  pollCarriers({
    database: stack.system,
    carriers: Object.fromEntries(carriers.map((carrier) => [carrier.code, carrier])),
    outboxKey: OUTBOX_KEY,
    log: () => undefined,
  });
const later = async (minutes: number, ...carriers: ToldCarrier[]) => {
  await passMinutes(stack, minutes);
  return poll(...carriers);
};
/** Parcels that are on their way, `T<tag>0` … */
async function onTheWay(tag: string, count: number, more: Record<string, string> = {}) {
  const numbers = Array.from({ length: count }, (_, at) => `T${tag}${at}`);
  await publishParcels(
    org,
    'BUYER',
    numbers.map((number) => parcelRow('BUYER', number, more)),
  );
  await dueNow(stack, org);
  return numbers;
}
const moving = (carrier: ToldCarrier, numbers: readonly string[]) => {
  for (const number of numbers) carrier.says.set(number, { events: [scan(2, 'in_transit')] });
};
const logOf = (code: string) =>
  stack.sql<{ outcome: string; reason: string | null; subjects: number }>(
    'select outcome, reason, subjects from staff.integration_log where integration = $1 order by at desc, id desc limit 2',
    [code],
  );
async function stateOf(code: string) {
  const [row] = await stack.sql<{ failures: number; open: number | null; last_error: string }>(
    'select failures, round(extract(epoch from open_until - now()) / 60)::int as open, last_error from staff.carrier_state where carrier = $1',
    [code],
  );
  return row;
}

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
  await poll(fedex, ups);
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
  const [going = '', label = '', there = '', long = '', lost = ''] = await onTheWay('I', 5);
  const fedex = toldCarrier('fedex');
  moving(fedex, [going]);
  fedex.says.set(label, { current: { status: 'label_created', substatus: null } });
  fedex.says.set(there, { events: [scan(2, 'delivered')] });
  fedex.says.set(long, { events: [scan(73, 'delivered')] });
  await poll(fedex);
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
  await later(60, fedex);
  expect(await dueOf(going)).toBeNull();
  // After five days a carrier that does not know it is asked less, and staff can see it.
  expect(await shipmentOf(stack, org, lost)).toMatchObject({
    due: 360,
    last_error: 'unknown_number',
    status: 'unknown',
  });
});

test('a token is kept for the next run, sealed; one that is refused is given up for another, once', async () => {
  const numbers = await onTheWay('K', 2);
  const fedex = toldCarrier('fedex');
  moving(fedex, numbers);
  await poll(fedex);
  await later(30, fedex);
  expect(fedex.authorised).toBe(1);
  const kept = await stack.sql('select sealed_token from staff.carrier_state');
  expect(JSON.stringify(kept)).not.toContain('secret-of');

  fedex.failures = [{ reason: 'bad_token' }];
  expect(await later(30, fedex)).toEqual({ answered: 2, failures: 0 });
  expect(fedex.authorised).toBe(2);
  fedex.failures = [{ reason: 'bad_token' }, { reason: 'bad_token' }];
  expect(await later(30, fedex)).toEqual({ answered: 0, failures: 1 });
  expect(await stateOf('fedex')).toMatchObject({ failures: 1, last_error: 'bad_token' });
  expect(await later(0, fedex)).toEqual({ answered: 2, failures: 0 });
});

test('a carrier that fails five times in a row is left alone, then tried with one call; another is not concerned', async () => {
  const numbers = await onTheWay('F', 8);
  const fedex = toldCarrier('fedex', { batchSize: 1 });
  const ups = toldCarrier('ups');
  moving(fedex, numbers);
  fedex.down = 'unavailable';
  await publishParcels(org, 'BUYER', [parcelRow('BUYER', 'TUPS', { carrier: 'UPS' })]);
  moving(ups, ['TUPS']);
  await poll(fedex, ups);
  expect((await shipmentOf(stack, org, 'TUPS')).status).toBe('in_transit');
  const made = fedex.calls.length;
  expect(made).toBeGreaterThanOrEqual(5);
  expect(made).toBeLessThanOrEqual(7);
  expect(await stateOf('fedex')).toEqual({ failures: 5, open: 30, last_error: 'unavailable' });
  expect((await logOf('fedex')).map(({ outcome }) => outcome).sort()).toEqual(['failed', 'opened']);

  await later(29, fedex);
  expect(fedex.calls).toHaveLength(made);
  for (const [at, open] of [60, 120, 240, 360, 360].entries()) {
    await later(361, fedex);
    expect(fedex.calls).toHaveLength(made + 1 + at);
    expect(await stateOf('fedex')).toMatchObject({ open });
  }
  // Back after a day: everything is asked about at once.
  fedex.down = null;
  await later(361, fedex);
  expect(await stateOf('fedex')).toMatchObject({ failures: 0, open: null });
  for (const number of numbers) {
    expect(await shipmentOf(stack, org, number)).toMatchObject({ status: 'in_transit' });
  }
});

test('a carrier that asks for a pause has it', async () => {
  const numbers = await onTheWay('W', 3);
  const fedex = toldCarrier('fedex', { batchSize: 1 });
  moving(fedex, numbers);
  fedex.failures = [{ reason: 'throttled', retryAfterSeconds: 600 }];
  await poll(fedex);
  const before = fedex.calls.length;
  expect(await stateOf('fedex')).toMatchObject({ open: 10 });
  await later(9, fedex);
  expect(fedex.calls).toHaveLength(before);
  await later(1, fedex);
  expect(fedex.calls.length).toBeGreaterThan(before);
  expect(await shipmentOf(stack, org, numbers[0] ?? '')).toMatchObject({ status: 'in_transit' });
});

test('no hour sees more calls than it may; who was never asked comes first', async () => {
  const numbers = await onTheWay('B', 5);
  const usps = toldCarrier('usps', { batchSize: 1, callsPerHour: 3 });
  await stack.sql("update staff.polled_shipments set carrier = 'usps' where org_id = $1", [org.id]);
  moving(usps, numbers);
  await poll(usps);
  expect(usps.calls).toHaveLength(3);
  await later(30, usps);
  await later(30, usps);
  expect(usps.calls).toHaveLength(3);
  expect(await logOf('usps')).toMatchObject([
    { outcome: 'ok', subjects: 3 },
    { outcome: 'over_budget' },
  ]);
  await later(3, usps);
  expect(usps.calls).toHaveLength(6);
  expect(new Set(usps.calls.slice(0, 5).flat())).toEqual(new Set(numbers));
});

test('a run that dies between the answer and its writing loses nothing, and nothing comes twice', async () => {
  const [number = ''] = await onTheWay('D', 1);
  const fedex = toldCarrier('fedex');
  moving(fedex, [number]);
  fedex.meanwhile = async () => {
    stack.database.fault = { kind: 'down' };
  };
  await expect(poll(fedex)).rejects.toMatchObject({
    code: 'unavailable',
  } satisfies Partial<AppError>);
  stack.database.fault = null;
  const { id } = await shipmentOf(stack, org, number);
  expect(await eventsOf(stack, id)).toEqual([]);
  fedex.meanwhile = null;
  await later(1, fedex);
  expect(fedex.calls).toHaveLength(1);
  await later(1, fedex);
  expect(fedex.calls).toHaveLength(2);
  expect(await eventsOf(stack, id)).toHaveLength(1);
});

test('an answer that comes when another run has the parcel already changes nothing', async () => {
  const [number = ''] = await onTheWay('L', 1);
  const [slow, quick] = [toldCarrier('fedex'), toldCarrier('fedex')];
  slow.says.set(number, { events: [scan(5, 'exception')] });
  moving(quick, [number]);
  slow.meanwhile = async () => {
    slow.meanwhile = null;
    await passMinutes(stack, 3);
    await poll(quick);
  };
  await poll(slow);
  const { id, status } = await shipmentOf(stack, org, number);
  expect(status).toBe('in_transit');
  expect(await eventsOf(stack, id)).toHaveLength(1);
});

test('an answer that cannot be kept costs its own parcels a turn, and nobody else', async () => {
  const numbers = await onTheWay('P', 2);
  const fedex = toldCarrier('fedex', { batchSize: 1 });
  moving(fedex, numbers);
  fedex.says.set(numbers[0] ?? '', { events: [{ ...scan(2, 'in_transit'), at: 'some day' }] });
  await poll(fedex);
  expect(await shipmentOf(stack, org, numbers[0] ?? '')).toMatchObject({
    status: 'unknown',
    last_error: 'not_understood',
  });
  expect((await shipmentOf(stack, org, numbers[0] ?? '')).due).toBeGreaterThan(20);
});
