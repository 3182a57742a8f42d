import { DESTINATIONS, parcelNumber } from '../local/carrier-numbers.ts';
import type { Day } from './calendar.ts';
import type { Chance } from './chance.ts';

export type Carrier = 'UPS' | 'FedEx' | 'USPS';

const CODES = { UPS: 'ups', FedEx: 'fedex', USPS: 'usps' } as const;

/** The digits that chance gives to a number; it has room for the last few of them. */
export function trackingDigits(carrier: Carrier, random: Chance): string {
  return random.digits({ UPS: 8, FedEx: 9, USPS: 14 }[carrier]);
}

/** What the local carriers are to make of a parcel. */
export interface Journey {
  shipped: Day;
  /** Days until it arrives; `stuck`: an exception is the last that is heard of it. */
  takes: number | 'stuck';
  to: { delivery: readonly string[] };
}

/** A tracking number of the carrier's own shape, which the local carriers know. */
export function trackingNumber(carrier: Carrier, digits: string, journey: Journey): string {
  const { shipped, takes, to } = journey;
  const place = DESTINATIONS.findIndex((city) => to.delivery.some((line) => line.includes(city)));
  const serial = `${Math.max(0, place)}${digits.slice(-{ UPS: 4, FedEx: 3, USPS: 7 }[carrier])}`;
  return parcelNumber(CODES[carrier], { day: shipped, scenario: takes, serial });
}

/** How the carrier's service reads on paper. */
export const SERVICE: Record<Carrier, string> = {
  UPS: 'UPS Standard',
  FedEx: 'FedEx Economy',
  USPS: 'USPS Ground Advantage',
};
