/** The settings of our accounts with carriers. All are optional: a carrier is asked when its pair is there. */
import { z } from 'zod';
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';
import type { CarrierAccount } from './carrier.ts';
import { CARRIER_KINDS } from './list.ts';

const secret = z.string().min(1).optional();
const base = (address: string) =>
  z
    .url()
    .default(address)
    .transform((text) => text.replace(/\/+$/, ''));
const callsPerHour = (calls: number) => z.coerce.number().int().positive().default(calls);

type Name = Uppercase<CarrierCode>;
const nameOf = (code: CarrierCode) => code.toUpperCase() as Name; // sound: it is what that type says

type Shape = Record<`${Name}_CLIENT_ID` | `${Name}_CLIENT_SECRET`, typeof secret> &
  Record<`${Name}_URL`, ReturnType<typeof base>> &
  Record<`${Name}_CALLS_PER_HOUR`, ReturnType<typeof callsPerHour>>;

/** By the names that the environment has them under. */
export const carrierSettings = Object.fromEntries(
  CARRIERS.flatMap((code) => {
    const { service } = CARRIER_KINDS[code];
    const name = nameOf(code);
    return [
      [`${name}_CLIENT_ID`, secret],
      [`${name}_CLIENT_SECRET`, secret],
      [`${name}_URL`, base(service.address)],
      [`${name}_CALLS_PER_HOUR`, callsPerHour(service.callsPerHour)],
    ];
  }),
) as Shape; // sound: four entries for each carrier

type Settings = z.output<z.ZodObject<Shape>>;
type Accounts = Partial<Record<CarrierCode, CarrierAccount>>;

/** The accounts whose id and secret are both there, and what the halves of pairs lack, by name. */
export function readAccounts(settings: Settings): { accounts: Accounts; missing: string[] } {
  const accounts: Accounts = {};
  const missing: string[] = [];
  for (const code of CARRIERS) {
    const name = nameOf(code);
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
