/** The carriers that a deployment has an account with. */
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';
import type { Carrier, CarrierAccount } from './carrier.ts';
import { CARRIER_KINDS } from './list.ts';

export type Carriers = Partial<Record<CarrierCode, Carrier>>;

/** An adapter for each account. */
export function openCarriers(accounts: Partial<Record<CarrierCode, CarrierAccount>>): Carriers {
  return Object.fromEntries(
    CARRIERS.flatMap((code) => {
      const account = accounts[code];
      return account === undefined ? [] : [[code, CARRIER_KINDS[code].open(account)]];
    }),
  );
}
