import { expect, test } from 'vitest';
import { type Env, openPorts } from './env.ts';

const required = {
  PORTAL_ORIGIN: 'https://portal.example.com',
  ADMIN_ORIGIN: 'https://console.example.com',
  ACCESS_ISSUER: 'https://team.cloudflareaccess.com',
  ACCESS_AUDIENCE: 'audience',
  DATABASE_URL_CUSTOMER: 'postgres://customer:x@db.example.com/portal',
  DATABASE_URL_STAFF: 'postgres://staff:x@db.example.com/portal',
  DATABASE_URL_SYSTEM: 'postgres://system:x@db.example.com/portal',
  RESEND_API_KEY: 're_key',
  MAIL_FROM: 'portal@example.com',
  OUTBOX_KEY: btoa('x'.repeat(32)),
};

/** The ports with these settings beside what is required. The bindings are not touched by opening. */
const opened = (settings: Record<string, string>) =>
  // The type asks for every optional setting too; what is parsed is what counts.
  openPorts({ ...required, ...settings } as unknown as Env);

test('no carrier is asked unasked', () => {
  expect(opened({}).carriers).toEqual({});
});

test('a carrier is asked when its pair is there, within its documented limit', () => {
  const { carriers } = opened({
    FEDEX_CLIENT_ID: 'id',
    FEDEX_CLIENT_SECRET: 'secret',
    USPS_CLIENT_ID: 'id',
    USPS_CLIENT_SECRET: 'secret',
  });
  expect(Object.keys(carriers).sort()).toEqual(['fedex', 'usps']);
  expect(carriers.fedex).toMatchObject({ code: 'fedex', batchSize: 30, callsPerHour: 4000 });
  expect(carriers.usps).toMatchObject({ code: 'usps', batchSize: 35, callsPerHour: 60 });
  const ups = opened({ UPS_CLIENT_ID: 'i', UPS_CLIENT_SECRET: 's', UPS_CALLS_PER_HOUR: '9' });
  expect(ups.carriers.ups).toMatchObject({ code: 'ups', batchSize: 1, callsPerHour: 9 });
});

test('half of a pair stops the Worker and says what is missing, without its value', () => {
  expect(() => opened({ UPS_CLIENT_ID: 'the-id', FEDEX_CLIENT_SECRET: 'the-secret' })).toThrow(
    'settings missing or wrong: FEDEX_CLIENT_ID, UPS_CLIENT_SECRET',
  );
});

test.each([
  { FEDEX_URL: 'no address' },
  { USPS_CALLS_PER_HOUR: '0' },
  { UPS_CALLS_PER_HOUR: 'many' },
])('a wrong setting stops the Worker: %o', (settings) => {
  expect(() => opened(settings)).toThrow(Object.keys(settings)[0]);
});
