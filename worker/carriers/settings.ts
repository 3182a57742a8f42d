/** The settings of our accounts with carriers. All are optional: a carrier is asked when its pair is there. */
import { z } from 'zod';
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';
import type { CarrierAccount } from './call.ts';

const secret = z.string().min(1).optional();
const base = (address: string) =>
  z
    .url()
    .default(address)
    .transform((text) => text.replace(/\/+$/, ''));
const callsPerHour = (calls: number) => z.coerce.number().int().positive().default(calls);

/** By the names that the environment has them under. */
export const carrierSettings = {
  FEDEX_CLIENT_ID: secret,
  FEDEX_CLIENT_SECRET: secret,
  FEDEX_URL: base('https://apis.fedex.com'),
  FEDEX_CALLS_PER_HOUR: callsPerHour(4000),
  UPS_CLIENT_ID: secret,
  UPS_CLIENT_SECRET: secret,
  UPS_URL: base('https://onlinetools.ups.com'),
  UPS_CALLS_PER_HOUR: callsPerHour(2000),
  USPS_CLIENT_ID: secret,
  USPS_CLIENT_SECRET: secret,
  USPS_URL: base('https://apis.usps.com'),
  // What USPS gives an account that has not asked for more.
  USPS_CALLS_PER_HOUR: callsPerHour(60),
};

type Settings = z.output<z.ZodObject<typeof carrierSettings>>;
type Accounts = Partial<Record<CarrierCode, CarrierAccount>>;

const NAMES = { fedex: 'FEDEX', ups: 'UPS', usps: 'USPS' } as const;

/** The accounts whose id and secret are both there, and what the halves of pairs lack, by name. */
export function readAccounts(settings: Settings): { accounts: Accounts; missing: string[] } {
  const accounts: Accounts = {};
  const missing: string[] = [];
  for (const code of CARRIERS) {
    const name = NAMES[code];
    const clientId = settings[`${name}_CLIENT_ID`];
    const clientSecret = settings[`${name}_CLIENT_SECRET`];
    if (clientId !== undefined && clientSecret !== undefined) {
      accounts[code] = {
        clientId,
        clientSecret,
        baseUrl: settings[`${name}_URL`],
        callsPerHour: settings[`${name}_CALLS_PER_HOUR`],
      };
    } else if (clientId !== undefined || clientSecret !== undefined) {
      missing.push(`${name}_CLIENT_${clientId === undefined ? 'ID' : 'SECRET'}`);
    }
  }
  return { accounts, missing };
}
