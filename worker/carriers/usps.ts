/**
 * USPS, Tracking API v3r2 (https://developers.usps.com/trackingv3r2). Few calls an hour, many parcels in each;
 * since April 2026 only parcels of the account's own Mailer IDs.
 */
import { z } from 'zod';
import { askForToken, callCarrier, json } from './call.ts';
import type {
  Carrier,
  CarrierAccount,
  CarrierEvent,
  CarrierKind,
  CarrierStatus,
  Tracked,
  WantedParcel,
} from './carrier.ts';
import { hasGs1Digit } from './check-digits.ts';
import * as read from './reading.ts';
import { USPS_CATEGORIES, USPS_CODES } from './usps-codes.ts';

const BATCH_SIZE = 35;

/** Codes under a 404 that say "not known (yet)". */
const NOT_KNOWN = new Set(['150001', '150003', '150006', '150009']);

// Domestic labels, and the Postal Union's S10.
const SHAPE = /^(?:\d{20}|\d{22}|\d{26}|[A-Z]{2}\d{9}[A-Z]{2})$/;

/** What a barcode has before the number: 420 and the ZIP of where it goes. */
const ROUTING = /^420(?:\d{5}|\d{9})(?=9\d{21}$)/;

const event = z.object({
  eventType: read.text,
  eventCode: read.text,
  eventTimestamp: read.text,
  GMTTimestamp: read.text,
  GMTOffset: read.text,
  eventCity: read.text,
  recipientName: read.text,
});

const failure = z.object({
  code: read.text,
  errors: read.listOf(z.object({ code: read.text })),
});

const item = z.object({
  trackingNumber: read.text,
  statusCode: read.text,
  error: read.part(failure),
  statusCategory: read.text,
  status: read.text,
  uniqueTrackingID: read.text,
  deliveryDateExpectation: read.part(
    z.object({ expectedDeliveryDate: read.text, predictedDeliveryDate: read.text }),
  ),
  trackingEvents: read.listOf(event),
});

const failed = z.object({ error: failure });

type Item = z.infer<typeof item>;

function normalise(number: string): string | null {
  const written = read.compact(number).replace(ROUTING, '');
  return SHAPE.test(written) ? written : null;
}

export const usps: CarrierKind = {
  code: 'usps',
  names: [
    'usps',
    'us post',
    'us postal service',
    'us postal services',
    'us mail',
    'united states post',
    'united states postal service',
    'united states postal services',
    'united states mail',
  ],
  page: { address: 'https://tools.usps.com/go/TrackConfirmAction', parameter: 'tLabels' },
  // What it gives an account that has not asked for more.
  service: { address: 'https://apis.usps.com', callsPerHour: 60 },
  normalise,
  isChecked: (number) => number.length !== 22 || hasGs1Digit(number),
  open,
};

function open(account: CarrierAccount): Carrier {
  const { baseUrl, timeoutMs } = account;
  return {
    code: 'usps',
    batchSize: BATCH_SIZE,
    callsPerHour: account.callsPerHour,
    normalise,
    authorise: () =>
      askForToken(
        {
          url: `${baseUrl}/oauth2/v3/token`,
          ...json({
            client_id: account.clientId,
            client_secret: account.clientSecret,
            grant_type: 'client_credentials',
            scope: 'tracking',
          }),
          timeoutMs,
        },
        'tracking',
      ),
    async track(token, wanted) {
      if (wanted.length === 0) {
        return { ok: true, parcels: [] };
      }
      const body = json(
        wanted.map(({ number, shippedOn }) => ({
          trackingNumber: number,
          ...(shippedOn === null ? {} : { mailingDate: shippedOn }),
        })),
      );
      const answer = await callCarrier({
        url: `${baseUrl}/tracking/v3r2/tracking`,
        method: 'POST',
        body: body.body,
        headers: { ...body.headers, authorization: `Bearer ${token.value}` },
        denied: 'bad_token',
        timeoutMs,
      });
      if (!answer.ok) {
        return answer;
      }
      if (answer.status >= 400) {
        return answer.status === 404 && isNotKnown(failed.safeParse(answer.body).data?.error)
          ? { ok: true, parcels: wanted.map(({ number }) => read.notFound(number)) }
          : { ok: false, reason: 'refused' };
      }
      const items = itemsByNumber(answer.body);
      return items === null
        ? { ok: false, reason: 'not_understood' }
        : { ok: true, parcels: wanted.map((one) => parcelOf(one, items.get(one.number) ?? [])) };
    },
  };
}

function isNotKnown(error: z.infer<typeof failure> | undefined): boolean {
  return (error?.errors ?? []).some(({ code }) => NOT_KNOWN.has(code ?? ''));
}

/** What came under each number; null when no number can be read in it. */
function itemsByNumber(body: unknown): Map<string, Item[]> | null {
  const { data: items = [] } = read.listOf(item).safeParse(body);
  const byNumber = Map.groupBy(items, ({ trackingNumber }) => read.compact(trackingNumber ?? ''));
  byNumber.delete('');
  return byNumber.size === 0 ? null : byNumber;
}

function parcelOf(wanted: WantedParcel, items: readonly Item[]): Tracked {
  const good = items.filter(
    ({ statusCode, error }) => error == null && !(Number(statusCode) >= 400),
  );
  // 400 is about the number itself. 403 is another shipper's parcel, which may yet be given to us.
  if (good.length === 0 && items.some(({ statusCode }) => statusCode === '400')) {
    return read.notFound(wanted.number, 'bad_number');
  }
  return read.choose(
    wanted,
    good.map((one) => foundOf(wanted.number, one)),
  );
}

function foundOf(number: string, one: Item): read.Found {
  const category = categoryOf(one.statusCategory) ?? categoryOf(one.status);
  const events = read.withNewest(read.eachOnce(one.trackingEvents.flatMap(eventOf)), (newest) =>
    // The item's category is about its latest event, whose own code may be a new one.
    newest.status === 'unknown' && category ? { ...newest, ...category } : newest,
  );
  const expected = one.deliveryDateExpectation;
  const [newest] = one.trackingEvents;
  const signed = one.trackingEvents.find(
    ({ eventCode, recipientName }) =>
      recipientName !== null && USPS_CODES.get(eventCode ?? '')?.status === 'delivered',
  );
  return {
    number,
    found: true,
    uniqueId: one.uniqueTrackingID,
    events,
    current: newest === undefined ? (category ?? read.UNKNOWN) : statusOf(newest, category),
    estimatedDelivery:
      read.calendarDay(expected?.expectedDeliveryDate ?? null) ??
      read.calendarDay(expected?.predictedDeliveryDate ?? null),
    deliveredAt: read.deliveryAmong(events),
    signedBy: signed?.recipientName ?? null,
  };
}

function eventOf(one: z.infer<typeof event>): CarrierEvent[] {
  // `eventTimestamp` is local, with no zone.
  const at = read.moment(one.GMTTimestamp) ?? read.moment(one.eventTimestamp, one.GMTOffset);
  const code = one.eventCode ?? one.eventType;
  if (at === null || code === null) {
    return [];
  }
  return [
    {
      ...statusOf(one, null),
      at,
      code,
      description: one.eventType,
      city: one.eventCity,
    },
  ];
}

/** By its code, otherwise by its words; `category` is what is said of it beside. */
function statusOf(one: z.infer<typeof event>, category: CarrierStatus | null): CarrierStatus {
  const known = USPS_CODES.get(one.eventCode ?? '') ?? categoryOf(one.eventType);
  return known ?? category ?? read.UNKNOWN;
}

function categoryOf(words: string | null): CarrierStatus | null {
  const lower = words?.toLowerCase() ?? '';
  const category = USPS_CATEGORIES.find(({ begins }) => lower.startsWith(begins));
  return category ? { status: category.status, substatus: category.substatus } : null;
}
