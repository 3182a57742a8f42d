/** The carriers that a deployment has an account with. */
import type { CarrierCode } from '../vocabulary.ts';
import type { CarrierAccount } from './call.ts';
import type { Carrier } from './carrier.ts';
import { openFedex } from './fedex.ts';
import { openUps } from './ups.ts';
import { openUsps } from './usps.ts';

export type Carriers = Partial<Record<CarrierCode, Carrier>>;

/** An adapter for each account. */
export function openCarriers(accounts: Partial<Record<CarrierCode, CarrierAccount>>): Carriers {
  const { fedex, ups, usps } = accounts;
  return {
    ...(fedex && { fedex: openFedex(fedex) }),
    ...(ups && { ups: openUps(ups) }),
    ...(usps && { usps: openUsps(usps) }),
  };
}
