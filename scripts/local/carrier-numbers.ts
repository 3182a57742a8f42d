/**
 * The tracking numbers that the local carriers know. A number says all about its parcel: the day of its
 * label, what becomes of it, where it goes, and which of several it is. Any other number is not found.
 *
 *   FedEx  7 DDDD SS TNNN c                 12 digits
 *   UPS    1Z CF DDDD 03 SS TNNNN c         18 characters
 *   USPS   9405511 DDDD SS TNNNNNNN c       22 digits
 *
 * DDDD: days since 2020-01-01; SS: the scenario, below; T: the destination's place in {@link DESTINATIONS};
 * N: which one; c: the carrier's check digit, which nobody asks for.
 */
import type { CarrierCode } from '../../worker/vocabulary.ts';
import { checked } from './check-digits.ts';

/** What becomes of a parcel, or of a call that asks about it. `41` to `59` arrive after 1 to 19 days. */
export const SCENARIOS = {
  /** Label, picked up, in transit, out for delivery, delivered on the third day. */
  arrives: 0,
  /** A label, and no more. */
  label: 1,
  /** In transit for ever. */
  travels: 2,
  /** Out for delivery for ever. */
  goesOut: 3,
  /** An exception on the fourth day, and no more. */
  stuck: 4,
  /** An exception, then back to the sender, where it is delivered on the fifth day. */
  returned: 5,
  /** Held for pickup. */
  held: 6,
  /** The whole way with an exception in the middle, delivered on the third day. */
  troubled: 7,
  /** Said to be late from the noon of the second day after, without a scan; delivered on the ninth day. */
  late: 8,
  /** Nobody was there; delivered on the day after. */
  attempted: 9,
  // The answer about the parcel.
  notFound: 20,
  badNumber: 21,
  /** Known, but by another carrier: not found here. */
  wrongCarrier: 30,
  /** Events twice and in no order. */
  disordered: 28,
  /** An event of more than a year ahead. */
  future: 29,
  /** The number was another parcel's two years ago. */
  reused: 31,
  /** Moments without an offset, none in GMT. */
  zoneless: 32,
  /** Its part of the answer is nonsense. */
  garbled: 34,
  // The answer to the whole call.
  badToken: 22,
  throttled: 23,
  broken: 24,
  html: 25,
  huge: 26,
  hangs: 27,
  closed: 33,
} as const;
export type Scenario = keyof typeof SCENARIOS;

/** Cities that a parcel can go to. */
export const DESTINATIONS = [
  'Superior',
  'Sheffield',
  'Łódź',
  'Zaragoza',
  'Denver',
  'Austin',
  'Leeds',
  'Wrocław',
  'Bilbao',
  'Rockland',
] as const;

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2020, 0, 1);
const SLOWEST_DAYS = 19;
const DAYS_FROM = 40;

export type NumberedParcel = {
  /** Of the label, YYYY-MM-DD. */
  day: string;
  /** Or the days that it takes, from 1 to 19. */
  scenario: Scenario | number;
  /** The first digit is the destination; fewer digits than there is room for are the last ones. */
  serial: string | number;
};

/** The tracking number of a parcel. Serials have room for 4 digits at FedEx, 5 at UPS, 8 at USPS. */
export function parcelNumber(
  carrier: CarrierCode,
  { day, scenario, serial }: NumberedParcel,
): string {
  const days = (Date.parse(`${day}T00:00:00Z`) - FIRST_DAY) / DAY_MS;
  const code = typeof scenario === 'number' ? DAYS_FROM + clamped(scenario) : SCENARIOS[scenario];
  const dddd = String(days).padStart(4, '0');
  const ss = String(code).padStart(2, '0');
  const last = (length: number) => String(serial).padStart(length, '0').slice(-length);
  const bodies = {
    fedex: `7${dddd}${ss}${last(4)}`,
    ups: `1ZCF${dddd}03${ss}${last(5)}`,
    usps: `9405511${dddd}${ss}${last(8)}`,
  };
  return checked(carrier, bodies[carrier]);
}

/** The days of a journey that a number has room for. */
function clamped(days: number): number {
  return Math.min(SLOWEST_DAYS, Math.max(1, Math.round(days)));
}

const SHAPES: Record<CarrierCode, { any: RegExp; ours: RegExp }> = {
  fedex: { any: /^\d{12}$|^\d{15}$|^\d{20}$|^\d{22}$/, ours: /^7(\d{4})(\d{2})(\d)\d{4}$/ },
  ups: { any: /^1Z[0-9A-Z]{16}$/, ours: /^1ZCF(\d{4})03(\d{2})(\d)\d{5}$/ },
  usps: {
    any: /^\d{20}$|^\d{22}$|^[A-Z]{2}\d{9}[A-Z]{2}$/,
    ours: /^9405511(\d{4})(\d{2})(\d)\d{8}$/,
  },
};

export type ReadNumber = {
  scenario: Scenario;
  /** Midnight UTC of the label's day, in milliseconds. */
  dayAt: number;
  /** That the scenario takes to arrive, where it does. */
  days: number;
  to: string;
};

/** What a number says; `foreign`: not of this carrier's shape; null: nothing is known of it. */
export function readNumber(carrier: CarrierCode, number: string): ReadNumber | 'foreign' | null {
  if (!SHAPES[carrier].any.test(number)) return 'foreign';
  const [, day, code, to] = SHAPES[carrier].ours.exec(number) ?? [];
  if (day === undefined || code === undefined) return null;
  const parcel = {
    dayAt: FIRST_DAY + Number(day) * DAY_MS,
    to: DESTINATIONS[Number(to)] ?? DESTINATIONS[0],
  };
  const days = Number(code) - DAYS_FROM;
  if (days >= 1 && days <= SLOWEST_DAYS) return { ...parcel, scenario: 'arrives', days };
  const named = Object.entries(SCENARIOS).find(([, value]) => value === Number(code));
  if (named === undefined) return null;
  // Its key is one of the object's own.
  const scenario = named[0] as Scenario;
  return { ...parcel, scenario, days: scenario === 'late' ? 9 : 3 };
}
