import { expect, test } from 'vitest';
import { z } from 'zod';
import { openCarriers } from './open.ts';
import { carrierSettings, readAccounts } from './settings.ts';

const schema = z.object(carrierSettings);
const read = (env: Record<string, string>) => readAccounts(schema.parse(env));
const opened = (env: Record<string, string>) => openCarriers(read(env).accounts);

test('no carrier is asked unasked', () => {
  expect(opened({})).toEqual({});
});

test('a carrier is asked when its pair is there, within its documented limit', () => {
  const carriers = opened({
    FEDEX_CLIENT_ID: 'id',
    FEDEX_CLIENT_SECRET: 'secret',
    USPS_CLIENT_ID: 'id',
    USPS_CLIENT_SECRET: 'secret',
  });
  expect(Object.keys(carriers).sort()).toEqual(['fedex', 'usps']);
  expect(carriers.fedex).toMatchObject({ code: 'fedex', batchSize: 30, callsPerHour: 4000 });
  expect(carriers.usps).toMatchObject({ code: 'usps', batchSize: 35, callsPerHour: 60 });
});

test('an account’s own limit and address count', () => {
  const env = { UPS_CLIENT_ID: 'id', UPS_CLIENT_SECRET: 'secret', UPS_CALLS_PER_HOUR: '9' };
  expect(opened(env).ups).toMatchObject({ code: 'ups', batchSize: 1, callsPerHour: 9 });
  const { accounts } = read({ ...env, UPS_URL: 'https://wwwcie.ups.com/' });
  expect(accounts.ups).toMatchObject({ baseUrl: 'https://wwwcie.ups.com', callsPerHour: 9 });
});

test('half of a pair is named by what it lacks', () => {
  const { accounts, missing } = read({ UPS_CLIENT_ID: 'id', FEDEX_CLIENT_SECRET: 'secret' });
  expect(accounts).toEqual({});
  expect(missing).toEqual(['FEDEX_CLIENT_ID', 'UPS_CLIENT_SECRET']);
});

test.each([
  { FEDEX_URL: 'no address' },
  { FEDEX_CLIENT_ID: '' },
  { USPS_CALLS_PER_HOUR: '0' },
  { UPS_CALLS_PER_HOUR: 'many' },
])('a wrong setting is no setting: %o', (env) => {
  expect(schema.safeParse(env).success).toBe(false);
});
