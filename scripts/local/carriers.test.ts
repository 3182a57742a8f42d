import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { CARRIERS, type CarrierCode } from '../../worker/vocabulary.ts';
import { countCalls } from './carrier-calls.ts';
import { fedex } from './carrier-fedex.ts';
import { parcelNumber, readNumber, SCENARIOS, type Scenario } from './carrier-numbers.ts';
import { type CarriersServer, startCarriers } from './carriers.ts';

const NOON = '2026-11-24T12:00:00Z';
let server: CarriersServer;
beforeAll(async () => {
  server = await startCarriers();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.clear();
  server.setClock(NOON);
});

const number = (code: CarrierCode, serial = 1) =>
  parcelNumber(code, { day: '2026-11-16', scenario: 'arrives', serial });

async function uspsToken(): Promise<string> {
  const answer = await fetch(`${server.url}/usps/oauth2/v3/token`, {
    method: 'POST',
    body: JSON.stringify({
      client_id: server.settings.USPS_CLIENT_ID,
      client_secret: server.settings.USPS_CLIENT_SECRET,
      grant_type: 'client_credentials',
    }),
  });
  const { access_token: token } = await answer.json();
  return String(token);
}

const askUsps = (token: string, numbers: string[]) =>
  fetch(`${server.url}/usps/tracking/v3r2/tracking`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(numbers.map((trackingNumber) => ({ trackingNumber }))),
  });

const post = (path: string, body: unknown, type = 'application/json') =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });

test('USPS answers 60 calls in an hour of its clock, and the next hour anew', async () => {
  const token = await uspsToken();
  for (let call = 0; call < 60; call += 1) {
    expect((await askUsps(token, [number('usps')])).status).toBe(200);
  }
  const over = await askUsps(token, [number('usps')]);
  expect(over.status).toBe(429);
  const wait = Number(over.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(3500);
  expect(wait).toBeLessThanOrEqual(3600);
  expect(server.calls().usps).toEqual([
    { hour: '2026-11-24T12:00:00.000Z', calls: 61, parcels: 60, tokens: 1, overruns: 1 },
  ]);
  server.setClock('2026-11-24T13:00:01Z');
  expect((await askUsps(token, [number('usps')])).status).toBe(200);
  expect(server.calls().usps.at(-1)).toMatchObject({ calls: 1, overruns: 0 });
});

test('FedEx answers 1,400 calls in 10 seconds', () => {
  let now = Date.parse(NOON);
  const counter = countCalls(() => now);
  const waits = Array.from({ length: 1401 }, () => counter.take(fedex));
  expect(waits.filter((seconds) => seconds > 0)).toEqual([10]);
  now += 10_000;
  expect(counter.take(fedex)).toBe(0);
});

test('a batch that is too large is an overrun', async () => {
  const token = await uspsToken();
  const numbers = Array.from({ length: 36 }, (_, serial) => number('usps', serial));
  expect((await askUsps(token, numbers)).status).toBe(400);
  expect((await askUsps(token, numbers.slice(1))).status).toBe(200);
  expect(server.calls().usps).toEqual([
    expect.objectContaining({ calls: 2, parcels: 35, overruns: 1 }),
  ]);
});

test('a token is good for one carrier, until the clock says otherwise', async () => {
  const token = await uspsToken();
  const fedexAsked = await fetch(`${server.url}/fedex/track/v1/trackingnumbers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{}',
  });
  expect(fedexAsked.status).toBe(401);
  server.setClock('2026-11-24T20:00:00Z');
  expect((await askUsps(token, [number('usps')])).status).toBe(401);
});

test('the clock is set from outside, and goes on', async () => {
  expect((await post('/clock', { now: '2027-01-05T08:00:00Z' })).status).toBe(200);
  const { now } = await (await fetch(`${server.url}/clock`)).json();
  expect(now).toMatch(/^2027-01-05T08:00:0\d/);
  await post('/clock', { now: null });
  expect(Math.abs(server.now() - Date.now())).toBeLessThan(1000);
  expect((await post('/clock', { now: 'noon' })).status).toBe(400);
});

test('a web page elsewhere cannot set it', async () => {
  const before = server.now();
  expect((await post('/clock', { now: '2027-01-05T08:00:00Z' }, 'text/plain')).status).toBe(404);
  expect(server.now() - before).toBeLessThan(10_000);
});

test('a fault holds for all calls to a carrier until it is taken away', async () => {
  const token = await uspsToken();
  await post('/faults', { carrier: 'usps', fault: { status: 503, retryAfter: 30 } });
  const down = await askUsps(token, [number('usps')]);
  expect([down.status, down.headers.get('retry-after')]).toEqual([503, '30']);
  await post('/faults', { carrier: 'usps', fault: null });
  expect((await askUsps(token, [number('usps')])).status).toBe(200);
});

test('it is told how often a number was asked', async () => {
  const token = await uspsToken();
  await askUsps(token, [number('usps', 1), number('usps', 2)]);
  await askUsps(token, [number('usps', 1)]);
  expect([1, 2, 3].map((serial) => server.asked('usps', number('usps', serial)))).toEqual([
    2, 1, 0,
  ]);
  const counted = await (await fetch(`${server.url}/calls`)).json();
  expect(counted).toEqual(server.calls());
});

test.each(CARRIERS)('%s: a number says what becomes of its parcel', (code) => {
  for (const scenario of Object.keys(SCENARIOS)) {
    // The object's own keys.
    const one = scenario as Scenario;
    const written = parcelNumber(code, { day: '2026-11-16', scenario: one, serial: 3 });
    expect(readNumber(code, written)).toMatchObject({
      scenario,
      dayAt: Date.UTC(2026, 10, 16),
    });
  }
  const slow = parcelNumber(code, { day: '2026-11-16', scenario: 12, serial: 3 });
  expect(readNumber(code, slow)).toMatchObject({ scenario: 'arrives', days: 12 });
});

test('each scenario has a number of its own', () => {
  const codes = Object.values(SCENARIOS);
  expect(new Set(codes).size).toBe(codes.length);
  expect(codes.every((code) => code < 41)).toBe(true);
});
