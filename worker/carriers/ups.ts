/**
 * UPS, Tracking API v1 (https://developer.ups.com/tag/Tracking).
 * One number a call. A parcel that is not found is a warning inside an answer of 200.
 */
import { z } from 'zod';
import { utf8 } from '../utf8.ts';
import { askForToken, callCarrier, form } from './call.ts';
import type {
  Carrier,
  CarrierAccount,
  CarrierEvent,
  CarrierKind,
  CarrierStatus,
  Tracked,
  WantedParcel,
} from './carrier.ts';
import { hasUpsDigit } from './check-digits.ts';
import * as read from './reading.ts';
import { UPS_CODES, UPS_TYPES } from './ups-codes.ts';

const NOT_FOUND = 'TW0001';
const BAD_NUMBER = 'TV1002';

// 1Z and 16 characters; a letter and 10 digits; freight; Mail Innovations, which are the post's numbers.
const SHAPE =
  /^(?:1Z[0-9A-Z]{16}|[A-Z]\d{10}|\d{9}|\d{12}|\d{18}|\d{22}|\d{26}|MI\d{6}[0-9A-Z]{1,22})$/;

const coded = z.object({ code: read.text });
const status = z.object({
  type: read.text,
  code: read.text,
  statusCode: read.text,
  description: read.text,
});

const activity = z.object({
  date: read.text,
  time: read.text,
  gmtDate: read.text,
  gmtTime: read.text,
  gmtOffset: read.text,
  location: read.part(z.object({ address: read.part(z.object({ city: read.text })) })),
  status: read.part(status),
});

const parcel = z.object({
  trackingNumber: read.text,
  activity: read.listOf(activity),
  currentStatus: read.part(status),
  deliveryDate: read.listOf(z.object({ type: read.text, date: read.text })),
  deliveryInformation: read.part(z.object({ receivedBy: read.text })),
});

const answered = z.object({
  trackResponse: z.object({
    shipment: read.listOf(z.object({ warnings: read.listOf(coded), package: read.listOf(parcel) })),
  }),
});

const failed = z.object({ response: z.object({ errors: read.listOf(coded) }) });

type Parcel = z.infer<typeof parcel>;

function normalise(number: string): string | null {
  const written = read.compact(number);
  return SHAPE.test(written) ? written : null;
}

export const ups: CarrierKind = {
  code: 'ups',
  names: ['ups', 'united parcel service', 'united parcel services', 'upsn'],
  page: { address: 'https://www.ups.com/track?loc=en_US', parameter: 'tracknum' },
  service: { address: 'https://onlinetools.ups.com', callsPerHour: 2000 },
  normalise,
  isChecked: (number) => !number.startsWith('1Z') || hasUpsDigit(number),
  open,
};

function open(account: CarrierAccount): Carrier {
  const { baseUrl, timeoutMs } = account;
  return {
    code: 'ups',
    batchSize: 1,
    callsPerHour: account.callsPerHour,
    normalise,
    authorise() {
      const { headers, body } = form({ grant_type: 'client_credentials' });
      return askForToken({
        url: `${baseUrl}/security/v1/oauth/token`,
        headers: { ...headers, authorization: `Basic ${basic(account)}` },
        body,
        timeoutMs,
      });
    },
    async track(token, [wanted]) {
      if (wanted === undefined) {
        return { ok: true, parcels: [] };
      }
      const wish = 'locale=en_US&returnSignature=false&returnMilestones=false&returnPOD=false';
      const answer = await callCarrier({
        url: `${baseUrl}/api/track/v1/details/${encodeURIComponent(wanted.number)}?${wish}`,
        method: 'GET',
        headers: {
          authorization: `Bearer ${token.value}`,
          // UPS takes at most 32 characters.
          transId: crypto.randomUUID().replaceAll('-', ''),
          transactionSrc: 'counterfoil',
        },
        denied: 'bad_token',
        timeoutMs,
      });
      if (!answer.ok) {
        return answer;
      }
      if (answer.status >= 400) {
        const { data } = failed.safeParse(answer.body);
        const unknown = notFoundBy(wanted, data?.response.errors ?? []);
        return unknown ? { ok: true, parcels: [unknown] } : { ok: false, reason: 'refused' };
      }
      const { data } = answered.safeParse(answer.body);
      const shipments = data?.trackResponse.shipment ?? [];
      if (shipments.length === 0) {
        return { ok: false, reason: 'not_understood' };
      }
      const parcels = shipments.flatMap((one) => one.package);
      const found = parcelOf(wanted, parcels);
      const warned = shipments.flatMap(({ warnings }) => warnings);
      const unknown = parcels.length === 0 ? notFoundBy(wanted, warned) : null;
      return { ok: true, parcels: [unknown ?? found] };
    },
  };
}

/** Base64 of the pair in UTF-8, which `btoa` alone does not take. */
function basic({ clientId, clientSecret }: CarrierAccount): string {
  return btoa(String.fromCharCode(...utf8(`${clientId}:${clientSecret}`)));
}

function notFoundBy(
  { number }: WantedParcel,
  said: readonly { code: string | null }[],
): Tracked | null {
  if (said.some(({ code }) => code === BAD_NUMBER)) {
    return read.notFound(number, 'bad_number');
  }
  return said.some(({ code }) => code === NOT_FOUND) ? read.notFound(number) : null;
}

/** A shipment may have several packages: ours is the one of this number. */
function parcelOf(wanted: WantedParcel, parcels: readonly Parcel[]): Tracked {
  const own = parcels.filter(
    ({ trackingNumber }) =>
      trackingNumber === null || read.compact(trackingNumber) === wanted.number,
  );
  return read.choose(
    wanted,
    own.map((one) => foundOf(wanted.number, one)),
  );
}

function foundOf(number: string, one: Parcel): read.Found {
  const events = read.eachOnce(one.activity.flatMap(eventOf));
  const dayOf = (type: string) => one.deliveryDate.find((day) => day.type === type)?.date ?? null;
  const [newest] = one.activity;
  return {
    number,
    found: true,
    uniqueId: null,
    events,
    current: newest?.status ? statusOf(newest.status) : currentOf(one.currentStatus),
    // Rescheduled, otherwise scheduled.
    estimatedDelivery: read.calendarDay(dayOf('RDD') ?? dayOf('SDD')),
    deliveredAt: read.deliveryAmong(events),
    signedBy: one.deliveryInformation?.receivedBy ?? null,
  };
}

function eventOf(one: Parcel['activity'][number]): CarrierEvent[] {
  const at =
    one.gmtDate && one.gmtTime
      ? read.moment(`${one.gmtDate} ${one.gmtTime}`)
      : read.moment([one.date, one.time].filter(Boolean).join(' '), one.gmtOffset);
  const code = one.status?.statusCode ?? one.status?.type ?? null;
  if (at === null || one.status == null || code === null) {
    return [];
  }
  return [
    {
      ...statusOf(one.status),
      at,
      code,
      description: one.status.description,
      city: one.location?.address?.city ?? null,
    },
  ];
}

function statusOf({ statusCode, type }: z.infer<typeof status>): CarrierStatus {
  return UPS_CODES.get(statusCode ?? '') ?? UPS_TYPES.get(type ?? '') ?? read.UNKNOWN;
}

// Here the status code is called `code`.
function currentOf(current: Parcel['currentStatus']): CarrierStatus {
  return current
    ? statusOf({ ...current, statusCode: current.statusCode ?? current.code })
    : read.UNKNOWN;
}
