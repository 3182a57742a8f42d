/**
 * How carriers' answers are read: leniently. What is missing or wrong in one place is null there, and
 * spoils nothing beside it.
 */
import { z } from 'zod';
import type { CarrierEvent, CarrierStatus, Tracked, WantedParcel } from './carrier.ts';

const TEXT_MAX_CHARS = 300;
const DAY_MS = 86_400_000;

/** Scans may be this much older than the day that a parcel was sent on; older ones are another parcel's. */
const EARLY_MS = 10 * DAY_MS;
/** No parcel is asked about for longer. */
const LATE_MS = 120 * DAY_MS;

/** Text, or null; without what Postgres or a page could not take. */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) => clean(String(value ?? '')) || null);

/** A list of what can be read of a list; empty for anything else. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(z.unknown())
    .nullish()
    .catch([])
    .transform((items) =>
      (items ?? []).flatMap((one) => {
        const read = item.safeParse(one);
        return read.success ? [read.data] : [];
      }),
    );
}

/** A part that may be missing or wrong as a whole. */
export function part<T extends z.ZodType>(schema: T) {
  return schema.nullish().catch(null);
}

function clean(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, TEXT_MAX_CHARS)
    .toWellFormed();
}

const MOMENT =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * RFC 3339 in UTC, to the second, from a carrier's date and time; null when it is none. Without an
 * offset it is taken as UTC: the place is not enough to tell a zone, and what is read must be the same
 * each time.
 */
export function moment(value: string | null, offset: string | null = null): string | null {
  const [, year, month, day, hour = '00', minute = '00', second = '00', zone] =
    MOMENT.exec(value?.trim() ?? '') ?? [];
  if (
    year === undefined ||
    Number(year) < 2000 ||
    calendarDay(`${year}-${month}-${day}`) === null
  ) {
    return null;
  }
  const own = zone ?? (offset !== null && /^[+-]\d{2}:?\d{2}$/.test(offset) ? offset : 'Z');
  const zoned = own.toUpperCase().replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2');
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zoned}`);
  return Number.isNaN(at) ? null : `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** YYYY-MM-DD from the day that a date or moment begins with, in its own zone; null when it is none. */
export function calendarDay(value: string | null): string | null {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})(?!\d)/.exec(value?.trim() ?? '') ?? [];
  const written = `${year}-${month}-${day}`;
  const at = Date.parse(`${written}T00:00:00Z`);
  // A thirtieth of February would be a day of March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(written) ? written : null;
}

/** Carriers repeat themselves, in other letters too. */
export function eachOnce(events: readonly CarrierEvent[]): CarrierEvent[] {
  const byKey = new Map<string, CarrierEvent>();
  for (const event of events) {
    const key = [event.at, event.code, event.city?.toLowerCase() ?? ''].join('\n');
    if (!byKey.has(key)) byKey.set(key, event);
  }
  return [...byKey.values()];
}

/** The latest moment among events; empty text when there is none. */
function latest(events: readonly CarrierEvent[]): string {
  return momentsOf(events).at(-1) ?? '';
}

/**
 * The same events, the newest as `change` gives it: all of the latest moment, since which of them is to be
 * the last is not for the order of an answer to say.
 */
export function withNewest(
  events: readonly CarrierEvent[],
  change: (newest: CarrierEvent) => CarrierEvent,
): CarrierEvent[] {
  const at = latest(events);
  return events.map((event) => (event.at === at ? change(event) : event));
}

/** From the oldest to the newest. */
function momentsOf(events: readonly CarrierEvent[]): string[] {
  return events.map(({ at }) => at).toSorted();
}

/** When it was delivered by its own scans; null while it was not. */
export function deliveryAmong(events: readonly CarrierEvent[]): string | null {
  return latest(events.filter(({ status }) => status === 'delivered')) || null;
}

/** Whether these scans are of a parcel that had the number at another time. */
function isOfAnotherTime(events: readonly CarrierEvent[], { shippedOn }: WantedParcel): boolean {
  const moments = momentsOf(events).map((at) => Date.parse(at));
  const [oldest] = moments;
  const newest = moments.at(-1);
  if (shippedOn === null || oldest === undefined || newest === undefined) {
    return false;
  }
  const sent = Date.parse(`${shippedOn}T00:00:00Z`);
  return newest < sent - EARLY_MS || oldest > sent + LATE_MS;
}

/** What a carrier tells of a parcel that it knows. */
export type Found = Extract<Tracked, { found: true }>;

/**
 * The answer for a parcel, of all that came under its number: the one that was seen before, otherwise the
 * one with the newest scan; none that is of another time.
 */
export function choose(wanted: WantedParcel, candidates: readonly Found[]): Tracked {
  const own = candidates.filter(
    (one) => saysSomething(one) && !isOfAnotherTime(one.events, wanted),
  );
  const known = own.find(({ uniqueId }) => uniqueId !== null && uniqueId === wanted.uniqueId);
  const [newest] = own.toSorted((a, b) => (latest(a.events) < latest(b.events) ? 1 : -1));
  const chosen = known ?? newest;
  return chosen ? { ...chosen, number: wanted.number } : notFound(wanted.number);
}

function saysSomething({ events, current, estimatedDelivery }: Found): boolean {
  return events.length > 0 || current.status !== 'unknown' || estimatedDelivery !== null;
}

export const UNKNOWN: CarrierStatus = { status: 'unknown', substatus: null };

/** What is answered for a parcel that the carrier does not know, or says nothing readable of. */
export function notFound(
  number: string,
  reason: 'unknown_number' | 'bad_number' = 'unknown_number',
): Tracked {
  return { number, found: false, reason };
}

/** A number without what people put between its characters, in capitals. */
export function compact(number: string): string {
  return number
    .normalize('NFKC')
    .replace(/[\s\p{Pd}._]+/gu, '')
    .toUpperCase();
}
