/** FedEx's Track API v1 as the local carriers speak it. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LocalParcel, Scan, ScanKind } from './carrier-parcels.ts';
import { type CarrierService, localMoment, parseJson } from './carrier-service.ts';

/** Scan code, what it rolls up to, words. */
const CODES: Record<ScanKind, [eventType: string, derived: string, words: string]> = {
  label: ['OC', 'IN', 'Shipment information sent to FedEx'],
  picked_up: ['PU', 'PU', 'Picked up'],
  departed: ['DP', 'IT', 'Left FedEx origin facility'],
  arrived: ['AR', 'IT', 'Arrived at FedEx location'],
  exception: ['DE', 'DE', 'Delivery exception'],
  attempted: ['DE', 'DE', 'Delivery exception'],
  held: ['HL', 'HL', 'Ready for pickup'],
  out: ['OD', 'IT', 'On FedEx vehicle for delivery'],
  delivered: ['DL', 'DL', 'Delivered'],
  returned: ['RS', 'RS', 'Returned to shipper'],
};

const EXCEPTIONS: Partial<Record<ScanKind, string>> = {
  exception: 'Package delayed by weather',
  attempted: 'Customer not available or business closed',
};

const body = z.object({
  includeDetailedScans: z.boolean(),
  trackingInfo: z
    .array(z.object({ trackingNumberInfo: z.object({ trackingNumber: z.string().min(1) }) }))
    .min(1),
});

const NAMES: Record<number, string> = {
  400: 'TRACKING.TRACKINGNUMBER.EMPTY',
  401: 'NOT.AUTHORIZED.ERROR',
  403: 'FORBIDDEN.ERROR',
  404: 'NOT.FOUND.ERROR',
  429: 'TOO.MANY.REQUESTS',
  503: 'SERVICE.UNAVAILABLE.ERROR',
};

export const fedex: CarrierService = {
  code: 'fedex',
  tokenPath: '/oauth/token',
  tokenLifetimeSeconds: 3600,
  clientOf({ headers, body: text }) {
    if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return null;
    const form = new URLSearchParams(text);
    if (form.get('grant_type') !== 'client_credentials') return null;
    return `${form.get('client_id')}:${form.get('client_secret')}`;
  },
  token: (value) => ({
    access_token: value,
    token_type: 'bearer',
    expires_in: 3600,
    scope: 'CXS',
  }),
  isTracking: ({ method, path }) => method === 'POST' && path === '/track/v1/trackingnumbers',
  askedOf(request) {
    const { data } = body.safeParse(parseJson(request.body));
    return (
      data?.trackingInfo.map(({ trackingNumberInfo }) => ({
        number: trackingNumberInfo.trackingNumber,
        mailingDate: null,
      })) ?? null
    );
  },
  batchMax: 30,
  limits: [
    { calls: 1400, seconds: 10 },
    { calls: 100_000, seconds: 86_400 },
  ],
  reply: (asked, look) => ({
    status: 200,
    body: {
      transactionId: randomUUID(),
      output: {
        completeTrackResults: asked.map((one) => {
          const looked = look(one);
          return {
            trackingNumber: one.number,
            trackResults: looked.found
              ? garbledOr(looked.parcels)
              : [notFound(one.number, looked.reason)],
          };
        }),
      },
    },
  }),
  failure: (status) => ({
    transactionId: randomUUID(),
    errors: [
      {
        code: NAMES[status] ?? 'INTERNAL.SERVER.ERROR',
        message: 'We are unable to process this request.',
      },
    ],
  }),
};

function garbledOr(parcels: readonly LocalParcel[]): unknown {
  return parcels.some(({ isGarbled }) => isGarbled) ? 'nothing' : parcels.map(trackResult);
}

function notFound(number: string, reason: 'not_found' | 'bad_number') {
  const code = reason === 'not_found' ? 'NOTFOUND' : 'INVALID';
  return {
    trackingNumberInfo: { trackingNumber: number, trackingNumberUniqueId: '', carrierCode: '' },
    error: {
      code: `TRACKING.TRACKINGNUMBER.${code}`,
      message: 'Tracking number cannot be found. Please correct the tracking number and try again.',
    },
  };
}

function trackResult(parcel: LocalParcel) {
  const { last, scans, isZoneless } = parcel;
  const [code, derivedCode, description] = CODES[last.kind];
  const isLabel = last.kind === 'label';
  const delivered = last.kind === 'delivered' ? [dated('ACTUAL_DELIVERY', last, isZoneless)] : [];
  const estimated = parcel.estimated === null ? [] : [`${parcel.estimated}T20:00:00-06:00`];
  return {
    trackingNumberInfo: {
      trackingNumber: parcel.number,
      trackingNumberUniqueId: parcel.uniqueId,
      carrierCode: 'FDXE',
    },
    latestStatusDetail: {
      ...(isLabel ? {} : { code }),
      derivedCode,
      statusByLocale: description,
      description,
      scanLocation: place(last),
      ...(parcel.isLate ? { delayDetail: { status: 'DELAYED' } } : {}),
    },
    // A label that was only printed has none.
    ...(isLabel ? {} : { scanEvents: scans.map((scan) => scanEvent(scan, isZoneless)) }),
    dateAndTimes: [
      { type: 'SHIP', dateTime: `${parcel.shippedOn}T00:00:00-06:00` },
      ...delivered,
      ...estimated.map((dateTime) => ({ type: 'ESTIMATED_DELIVERY', dateTime })),
    ],
    // Empty as often as not.
    estimatedDeliveryTimeWindow: { window: {} },
    deliveryDetails: {
      ...(parcel.receivedBy === null ? {} : { receivedByName: parcel.receivedBy }),
      deliveryAttempts: '0',
    },
    serviceDetail: { type: 'FEDEX_GROUND', description: 'FedEx Ground' },
  };
}

function scanEvent(scan: Scan, isZoneless: boolean) {
  const [eventType, derivedStatusCode, eventDescription] = CODES[scan.kind];
  const exceptionDescription = EXCEPTIONS[scan.kind] ?? '';
  return {
    date: moment(scan, isZoneless),
    eventType,
    eventDescription,
    exceptionCode: exceptionDescription === '' ? '' : '08',
    exceptionDescription,
    derivedStatusCode,
    scanLocation: place(scan),
  };
}

function dated(type: string, scan: Scan, isZoneless: boolean) {
  return { type, dateTime: moment(scan, isZoneless) };
}

function moment({ at }: Scan, isZoneless: boolean): string {
  const { date, time, offset } = localMoment(at);
  return isZoneless ? `${date}T${time}` : `${date}T${time}${offset}`;
}

function place({ city }: Scan) {
  return { city, stateOrProvinceCode: 'WI', postalCode: '53202', countryCode: 'US' };
}
