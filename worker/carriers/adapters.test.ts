/** The three adapters against the local carriers, over HTTP: what is alike for all of them. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parcelNumber, type Scenario } from '../../scripts/local/carrier-numbers.ts';
import { type CarriersServer, startCarriers } from '../../scripts/local/carriers.ts';
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';
import type { Carrier, CarrierToken, Tracked } from './carrier.ts';
import { openCarriers } from './open.ts';

const DAY = '2026-11-16';
const LATER = '2026-12-01T12:00:00Z';
const TIMEOUT_MS = 400;

let server: CarriersServer;
beforeAll(async () => {
  server = await startCarriers({ now: LATER });
});
afterAll(() => server.stop());
afterEach(() => {
  server.clear();
  server.setClock(LATER);
});

function carrierOf(code: CarrierCode, account: { secret?: string; timeoutMs?: number } = {}) {
  const name = code.toUpperCase();
  const carrier = openCarriers({
    [code]: {
      clientId: server.settings[`${name}_CLIENT_ID`] ?? '',
      clientSecret: account.secret ?? server.settings[`${name}_CLIENT_SECRET`] ?? '',
      baseUrl: server.settings[`${name}_URL`] ?? '',
      callsPerHour: 60,
      ...(account.timeoutMs === undefined ? {} : { timeoutMs: account.timeoutMs }),
    },
  })[code];
  if (carrier === undefined) throw new Error(`${code} is not opened`);
  return carrier;
}

async function tokenOf(carrier: Carrier): Promise<CarrierToken> {
  const result = await carrier.authorise();
  if (!result.ok) throw new Error(result.reason);
  return result.token;
}

const numberOf = (code: CarrierCode, scenario: Scenario | number, serial = 7) =>
  parcelNumber(code, { day: DAY, scenario, serial });

const wanted = (number: string) => ({ number, shippedOn: DAY, uniqueId: null });

async function ask(carrier: Carrier, ...numbers: string[]) {
  return carrier.track(await tokenOf(carrier), numbers.map(wanted));
}

/** What is told of one parcel that is known. */
async function told(code: CarrierCode, scenario: Scenario | number) {
  const answer = await ask(carrierOf(code), numberOf(code, scenario));
  const parcel: Tracked | undefined = answer.ok ? answer.parcels[0] : undefined;
  if (!parcel?.found) throw new Error(`not told: ${JSON.stringify(answer)}`);
  const events = parcel.events.toSorted((a, b) => b.at.localeCompare(a.at));
  return { ...parcel, events, newest: events[0] };
}

describe.each(CARRIERS)('%s', (code) => {
  test('a delivered parcel has come all the way, once each step', async () => {
    const parcel = await told(code, 'arrives');
    expect(parcel.events.map(({ status }) => status)).toEqual([
      'delivered',
      'out_for_delivery',
      'in_transit',
      'in_transit',
      'in_transit',
      'in_transit',
      'picked_up',
      'label_created',
    ]);
    expect(parcel).toMatchObject({
      number: numberOf(code, 'arrives'),
      current: { status: 'delivered', substatus: null },
      deliveredAt: '2026-11-19T14:00:00Z',
      signedBy: 'J. Receiver',
      estimatedDelivery: null,
    });
    expect(parcel.newest).toMatchObject({ at: '2026-11-19T14:00:00Z', city: 'Superior' });
    expect(parcel.events.every(({ description }) => description !== null)).toBe(true);
  });

  test('a parcel goes on as the clock does', async () => {
    const number = numberOf(code, 'troubled');
    const carrier = carrierOf(code);
    const seen: string[] = [];
    for (const now of ['16T10', '16T18', '17T05', '17T16', '19T09', '19T15']) {
      server.setClock(`2026-11-${now}:00:00Z`);
      const answer = await ask(carrier, number);
      const [parcel] = answer.ok ? answer.parcels : [];
      seen.push(parcel?.found ? parcel.current.status : 'not found');
    }
    expect(seen).toEqual([
      'label_created',
      'picked_up',
      'in_transit',
      'exception',
      'out_for_delivery',
      'delivered',
    ]);
  });

  test('a label that is not printed yet is not known', async () => {
    server.setClock('2026-11-16T08:00:00Z');
    expect(await ask(carrierOf(code), numberOf(code, 'arrives'))).toEqual({
      ok: true,
      parcels: [{ number: numberOf(code, 'arrives'), found: false, reason: 'unknown_number' }],
    });
  });

  test('a label that was only printed is a label', async () => {
    const parcel = await told(code, 'label');
    expect(parcel.current).toEqual({ status: 'label_created', substatus: null });
    expect(parcel).toMatchObject({ deliveredAt: null, signedBy: null });
  });

  test.each([
    ['travels', 'in_transit', null],
    ['goesOut', 'out_for_delivery', null],
    ['held', 'in_transit', 'available_for_pickup'],
    ['stuck', 'exception', null],
  ] as const)('what %s is said so', async (scenario, status, substatus) => {
    const parcel = await told(code, scenario);
    expect(parcel.newest).toMatchObject({ status, substatus });
    expect(parcel.current).toEqual({ status, substatus });
  });

  test('what comes back is said so, and then delivered, to the sender', async () => {
    server.setClock('2026-11-19T15:00:00Z');
    const returned = { status: 'returned', substatus: null };
    expect(await told(code, 'returned')).toMatchObject({ newest: returned, current: returned });
    server.setClock(LATER);
    const { events } = await told(code, 'returned');
    expect(events.slice(0, 4).map(({ status }) => status)).toEqual([
      'delivered',
      'in_transit',
      'returned',
      'exception',
    ]);
  });

  test('the day that it is expected is told while it is under way', async () => {
    expect(await told(code, 'travels')).toMatchObject({ estimatedDelivery: '2026-11-19' });
    server.setClock('2026-11-20T12:00:00Z');
    expect(await told(code, 11)).toMatchObject({ estimatedDelivery: '2026-11-27' });
  });

  test.each([
    ['notFound', 'unknown_number'],
    ['wrongCarrier', 'unknown_number'],
    ['garbled', 'unknown_number'],
    ['badNumber', 'bad_number'],
  ] as const)('a number that is %s is an answer, not a failure', async (scenario, reason) => {
    const number = numberOf(code, scenario);
    expect(await ask(carrierOf(code), number)).toEqual({
      ok: true,
      parcels: [{ number, found: false, reason }],
    });
  });

  test('another carrier’s number is no number here', async () => {
    const other = code === 'ups' ? numberOf('usps', 'arrives') : numberOf('ups', 'arrives');
    expect(await ask(carrierOf(code), other)).toMatchObject({
      ok: true,
      parcels: [{ found: false }],
    });
  });

  test('events twice and in no order are each once', async () => {
    const parcel = await told(code, 'disordered');
    expect(parcel.events.map(({ at }) => at)).toEqual(
      (await told(code, 'arrives')).events.map(({ at }) => at),
    );
  });

  test('an event of the future is told as it is', async () => {
    expect((await told(code, 'future')).newest?.at).toBe('2027-12-21T00:00:00Z');
  });

  test('moments without an offset are read, the same each time', async () => {
    const parcel = await told(code, 'zoneless');
    expect(parcel.events).toHaveLength(8);
    expect(await told(code, 'zoneless')).toEqual(parcel);
  });

  test('a number that another parcel had is the parcel of its day', async () => {
    const parcel = await told(code, 'reused');
    expect(parcel.deliveredAt).toBe('2026-11-19T14:00:00Z');
    expect(parcel.events.every(({ at }) => at > DAY)).toBe(true);
  });

  test('a parcel of another time is not known', async () => {
    const carrier = carrierOf(code);
    const number = numberOf(code, 'arrives');
    const asked = { number, shippedOn: '2026-12-20', uniqueId: null };
    expect(await carrier.track(await tokenOf(carrier), [asked])).toEqual({
      ok: true,
      parcels: [{ number, found: false, reason: 'unknown_number' }],
    });
  });

  test.each([
    ['badToken', { ok: false, reason: 'bad_token' }],
    ['throttled', { ok: false, reason: 'throttled', retryAfterSeconds: 120 }],
    ['broken', { ok: false, reason: 'unavailable' }],
    ['closed', { ok: false, reason: 'unavailable', retryAfterSeconds: 60 }],
    ['html', { ok: false, reason: 'not_understood' }],
    ['huge', { ok: false, reason: 'too_large' }],
  ] as const)('a call that ends in %s is a value', async (scenario, failure) => {
    expect(await ask(carrierOf(code), numberOf(code, scenario))).toEqual(failure);
  });

  test('an answer that never comes is not waited for', async () => {
    const carrier = carrierOf(code, { timeoutMs: TIMEOUT_MS });
    expect(await ask(carrier, numberOf(code, 'hangs'))).toEqual({ ok: false, reason: 'timed_out' });
  });

  test('a carrier that cannot be reached is a value', async () => {
    const carrier = carrierOf(code);
    const token = await tokenOf(carrier);
    server.faults[code] = 'drop';
    const unavailable = { ok: false, reason: 'unavailable' };
    expect(await carrier.track(token, [wanted(numberOf(code, 'arrives'))])).toEqual(unavailable);
    expect(await carrier.authorise()).toEqual(unavailable);
  });

  test('a wrong secret is told apart from a token that has ended', async () => {
    const wrong = await carrierOf(code, { secret: 'another' }).authorise();
    expect(wrong).toEqual({ ok: false, reason: 'bad_credentials' });
    const carrier = carrierOf(code);
    const token = await tokenOf(carrier);
    expect(token.expiresAt).toBeGreaterThan(Date.now() + 3_000_000);
    server.setClock('2026-12-02T12:00:00Z');
    const answer = await carrier.track(token, [wanted(numberOf(code, 'arrives'))]);
    expect(answer).toEqual({ ok: false, reason: 'bad_token' });
  });

  test.each(['html', 'huge'] as const)('a token endpoint that answers %s', async (fault) => {
    server.faults[code] = fault;
    expect(await carrierOf(code).authorise()).toEqual({
      ok: false,
      reason: fault === 'html' ? 'not_understood' : 'too_large',
    });
  });

  test('nothing asked is no call', async () => {
    expect(await ask(carrierOf(code))).toEqual({ ok: true, parcels: [] });
    expect(server.calls()[code].map(({ calls }) => calls)).toEqual([0]);
  });
});

test.each(['fedex', 'usps'] as const)('%s: one bad parcel spoils no other', async (code) => {
  const scenarios: Scenario[] = ['arrives', 'notFound', 'badNumber', 'garbled', 'travels'];
  const numbers = scenarios.map((scenario) => numberOf(code, scenario));
  const answer = await ask(carrierOf(code), ...numbers);
  expect(answer.ok && answer.parcels.map((parcel) => parcel.number)).toEqual(numbers);
  expect(
    answer.ok &&
      answer.parcels.map((parcel) => (parcel.found ? parcel.current.status : parcel.reason)),
  ).toEqual(['delivered', 'unknown_number', 'bad_number', 'unknown_number', 'in_transit']);
});

test.each(CARRIERS)('%s: a whole batch is one call', async (code) => {
  const carrier = carrierOf(code);
  const numbers = Array.from({ length: carrier.batchSize }, (_, serial) =>
    numberOf(code, 'arrives', serial),
  );
  const answer = await ask(carrier, ...numbers);
  expect(answer.ok && answer.parcels.every(({ found }) => found)).toBe(true);
  expect(server.calls()[code]).toEqual([
    expect.objectContaining({ calls: 1, parcels: carrier.batchSize, overruns: 0 }),
  ]);
});

test('FedEx: a parcel that is late says so beside its status, while it is under way', async () => {
  server.setClock('2026-11-18T11:00:00Z');
  const planned = await told('fedex', 'late');
  expect(planned).toMatchObject({
    current: { status: 'in_transit', substatus: null },
    estimatedDelivery: '2026-11-19',
  });
  server.setClock('2026-11-18T12:00:00Z');
  const said = await told('fedex', 'late');
  expect(said.newest).toEqual({ ...planned.newest, substatus: 'delayed' });
  expect(said.estimatedDelivery).toBe('2026-11-25');
  server.setClock('2026-11-20T12:00:00Z');
  const late = await told('fedex', 'late');
  expect(late.current).toEqual({ status: 'in_transit', substatus: 'delayed' });
  const [newest, ...before] = late.events.map(({ substatus }) => substatus);
  expect(newest).toBe('delayed');
  expect(before.every((substatus) => substatus === null)).toBe(true);
  server.setClock(LATER);
  expect((await told('fedex', 'late')).current).toEqual({ status: 'delivered', substatus: null });
});

test('FedEx: the parcel that was seen before is told of again, by its own key', async () => {
  const carrier = carrierOf('fedex');
  const number = numberOf('fedex', 'reused');
  const asked = { number, shippedOn: null, uniqueId: null };
  const before = '2024-11-16';
  const now = await carrier.track(await tokenOf(carrier), [
    { ...asked, shippedOn: DAY },
    { ...asked, shippedOn: before },
  ]);
  const keys = now.ok ? now.parcels.map((one) => (one.found ? one.uniqueId : null)) : [];
  expect(new Set(keys).size).toBe(2);
  for (const uniqueId of keys) {
    const answer = await carrier.track(await tokenOf(carrier), [{ ...asked, uniqueId }]);
    expect(answer.ok && answer.parcels[0]).toMatchObject({ found: true, uniqueId });
  }
});

test('FedEx: too many tokens asked for is to wait, not a wrong secret', async () => {
  server.faults.fedex = { status: 403 };
  const answer = await carrierOf('fedex').authorise();
  expect(answer).toEqual({ ok: false, reason: 'throttled', retryAfterSeconds: 600 });
});

test('an attempt in vain is told as one where the carrier tells', async () => {
  server.setClock('2026-11-19T13:00:00Z');
  expect((await told('ups', 'attempted')).current).toEqual({
    status: 'exception',
    substatus: 'attempted',
  });
  expect((await told('usps', 'attempted')).current).toEqual({
    status: 'exception',
    substatus: 'attempted',
  });
  expect((await told('fedex', 'attempted')).newest?.description).toBe(
    'Delivery exception: Customer not available or business closed',
  );
});
