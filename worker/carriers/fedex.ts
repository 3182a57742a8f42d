/**
 * FedEx, Track API v1 (https://developer.fedex.com/api/en-us/catalog/track.html).
 * A parcel that is not found is an error inside an answer of 200; a number may belong to several parcels.
 */
import { z } from 'zod';
import { askForToken, callCarrier, form, json } from './call.ts';
import type {
  Carrier,
  CarrierAccount,
  CarrierEvent,
  CarrierKind,
  CarrierStatus,
  Tracked,
  WantedParcel,
} from './carrier.ts';
import { hasFedexDigit } from './check-digits.ts';
import { FEDEX_CODES } from './fedex-codes.ts';
import * as read from './reading.ts';

const BATCH_SIZE = 30;

/** Too many tokens asked for, and the token endpoint answers this address with 403 for so long. */
const TOKEN_PENALTY_SECONDS = 600;

// Express 12, Ground 15, SmartPost 20 and 22, a door tag, a freight bill, the whole barcode.
const SHAPE = /^(?:\d{10}|\d{12}|\d{14,15}|\d{20}|\d{22}|\d{34}|DT\d{12})$/;

const scan = z.object({
  date: read.text,
  eventType: read.text,
  eventDescription: read.text,
  exceptionDescription: read.text,
  scanLocation: read.part(z.object({ city: read.text })),
});

const trackResult = z.object({
  trackingNumberInfo: read.part(z.object({ trackingNumberUniqueId: read.text })),
  latestStatusDetail: read.part(
    z.object({
      code: read.text,
      derivedCode: read.text,
      delayDetail: read.part(z.object({ status: read.text })),
    }),
  ),
  scanEvents: read.listOf(scan),
  dateAndTimes: read.listOf(z.object({ type: read.text, dateTime: read.text })),
  estimatedDeliveryTimeWindow: read.part(
    z.object({ window: read.part(z.object({ begins: read.text, ends: read.text })) }),
  ),
  deliveryDetails: read.part(z.object({ receivedByName: read.text, signedByName: read.text })),
  error: read.part(z.object({ code: read.text })),
});

const answered = z.object({
  output: z.object({
    completeTrackResults: read.listOf(
      z.object({ trackingNumber: read.text, trackResults: read.listOf(trackResult) }),
    ),
  }),
});

type TrackResult = z.infer<typeof trackResult>;

function normalise(number: string): string | null {
  const written = read.compact(number);
  return SHAPE.test(written) ? written : null;
}

export const fedex: CarrierKind = {
  code: 'fedex',
  names: ['fedex', 'fed ex', 'federal express', 'fdeg'],
  page: { address: 'https://www.fedex.com/fedextrack/', parameter: 'trknbr' },
  service: { address: 'https://apis.fedex.com', callsPerHour: 4000 },
  normalise,
  isChecked: (number) => number.length !== 12 || hasFedexDigit(number),
  open,
};

function open(account: CarrierAccount): Carrier {
  const { baseUrl, timeoutMs } = account;
  return {
    code: 'fedex',
    batchSize: BATCH_SIZE,
    callsPerHour: account.callsPerHour,
    normalise,
    authorise: () =>
      askForToken({
        url: `${baseUrl}/oauth/token`,
        ...form({
          grant_type: 'client_credentials',
          client_id: account.clientId,
          client_secret: account.clientSecret,
        }),
        failures: {
          403: { ok: false, reason: 'throttled', retryAfterSeconds: TOKEN_PENALTY_SECONDS },
        },
        timeoutMs,
      }),
    async track(token, wanted) {
      if (wanted.length === 0) {
        return { ok: true, parcels: [] };
      }
      const body = json({
        includeDetailedScans: true,
        trackingInfo: wanted.map(({ number }) => ({
          trackingNumberInfo: { trackingNumber: number },
        })),
      });
      const answer = await callCarrier({
        url: `${baseUrl}/track/v1/trackingnumbers`,
        method: 'POST',
        body: body.body,
        headers: { ...body.headers, authorization: `Bearer ${token.value}`, 'x-locale': 'en_US' },
        denied: 'bad_token',
        timeoutMs,
      });
      if (!answer.ok) {
        return answer;
      }
      if (answer.status >= 400) {
        return { ok: false, reason: 'refused' };
      }
      const results = resultsByNumber(answer.body);
      return results === null
        ? { ok: false, reason: 'not_understood' }
        : { ok: true, parcels: wanted.map((one) => parcelOf(one, results.get(one.number) ?? [])) };
    },
  };
}

/** What came under each number; null when no number can be read in it. */
function resultsByNumber(body: unknown): Map<string, TrackResult[]> | null {
  const { data } = answered.safeParse(body);
  const byNumber = new Map<string, TrackResult[]>();
  for (const { trackingNumber, trackResults } of data?.output.completeTrackResults ?? []) {
    if (trackingNumber === null) continue;
    const number = read.compact(trackingNumber);
    byNumber.set(number, [...(byNumber.get(number) ?? []), ...trackResults]);
  }
  return byNumber.size === 0 ? null : byNumber;
}

function parcelOf(wanted: WantedParcel, results: readonly TrackResult[]): Tracked {
  const good = results.filter(({ error }) => !error?.code);
  if (good.length === 0 && results.some(({ error }) => error?.code?.endsWith('.INVALID'))) {
    return read.notFound(wanted.number, 'bad_number');
  }
  return read.choose(
    wanted,
    good.map((result) => foundOf(wanted.number, result)),
  );
}

function foundOf(number: string, result: TrackResult): read.Found {
  const { latestStatusDetail, dateAndTimes, deliveryDetails } = result;
  const isDelayed = latestStatusDetail?.delayDetail?.status === 'DELAYED';
  const events = read.eachOnce(result.scanEvents.flatMap(eventOf));
  const timeOf = (type: string) => dateAndTimes.find((one) => one.type === type)?.dateTime ?? null;
  const window = result.estimatedDeliveryTimeWindow?.window;
  return {
    number,
    found: true,
    uniqueId: result.trackingNumberInfo?.trackingNumberUniqueId ?? null,
    events: isDelayed ? read.withNewest(events, delayed) : events,
    current: isDelayed ? delayed(currentOf(latestStatusDetail)) : currentOf(latestStatusDetail),
    // A window may be there with nothing in it.
    estimatedDelivery:
      read.calendarDay(window?.ends ?? null) ??
      read.calendarDay(window?.begins ?? null) ??
      read.calendarDay(timeOf('ESTIMATED_DELIVERY')),
    deliveredAt: read.moment(timeOf('ACTUAL_DELIVERY')) ?? read.deliveryAmong(events),
    signedBy: deliveryDetails?.receivedByName ?? deliveryDetails?.signedByName ?? null,
  };
}

// By `eventType`: a scan's `derivedStatusCode` rolls "out for delivery" up to "in transit".
function eventOf(one: z.infer<typeof scan>): CarrierEvent[] {
  const at = read.moment(one.date);
  if (at === null || one.eventType === null) {
    return [];
  }
  const words = new Set([one.eventDescription, one.exceptionDescription].filter((w) => w !== null));
  return [
    {
      ...(FEDEX_CODES.get(one.eventType) ?? read.UNKNOWN),
      at,
      code: one.eventType,
      description: [...words].join(': ') || null,
      city: one.scanLocation?.city ?? null,
    },
  ];
}

function currentOf(detail: TrackResult['latestStatusDetail']): CarrierStatus {
  return (
    FEDEX_CODES.get(detail?.code ?? '') ??
    FEDEX_CODES.get(detail?.derivedCode ?? '') ??
    read.UNKNOWN
  );
}

/** FedEx says that a parcel is late beside its status, while it is under way. */
function delayed<T extends CarrierStatus>(told: T): T {
  const arrived = told.status === 'delivered' || told.status === 'returned';
  return arrived || told.substatus !== null ? told : { ...told, substatus: 'delayed' };
}
