/** USPS's Tracking API v3r2 as the local carriers speak it. */
import { z } from 'zod';
import type { LocalParcel, Scan, ScanKind } from './carrier-parcels.ts';
import {
  type AskedParcel,
  type CarrierService,
  localMoment,
  parseJson,
} from './carrier-service.ts';

/** Code, the event's words, the category. Some codes are in no list: their words have to do. */
const CODES: Record<ScanKind, [code: string, words: string, category: string]> = {
  label: ['GX', 'SHIPPING LABEL CREATED, USPS AWAITING ITEM', 'Pre-Shipment'],
  picked_up: ['03', 'USPS PICKED UP ITEM', 'Accepted'],
  departed: ['T1', 'DEPARTED USPS REGIONAL FACILITY', 'In Transit'],
  arrived: ['10', 'ARRIVED AT USPS REGIONAL FACILITY', 'In Transit'],
  exception: ['48', 'ALERT: DELAYED BY WEATHER', 'Alert'],
  attempted: ['52', 'NOTICE LEFT', 'Delivery Attempt: Action Needed'],
  held: ['14', 'AVAILABLE FOR PICKUP', 'Available for Pickup'],
  out: ['OF', 'OUT FOR DELIVERY', 'Out for Delivery'],
  delivered: ['01', 'DELIVERED, LEFT WITH INDIVIDUAL', 'Delivered'],
  returned: ['09', 'RETURN TO SENDER', 'Alert'],
};

const client = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.literal('client_credentials'),
  scope: z.string().optional(),
});

const wanted = z
  .array(
    z.object({
      trackingNumber: z.string().min(1),
      mailingDate: z.iso.date().optional(),
      destinationZIPCode: z.string().optional(),
    }),
  )
  .min(1);

const DAY_MS = 86_400_000;
/** A mailing date of so many days around a parcel's own means that parcel. */
const MAILED_DAYS = 30;

export const usps: CarrierService = {
  code: 'usps',
  tokenPath: '/oauth2/v3/token',
  tokenLifetimeSeconds: 28_799,
  clientOf(request) {
    const { data } = client.safeParse(parseJson(request.body));
    return data ? `${data.client_id}:${data.client_secret}` : null;
  },
  token: (value, now) => ({
    access_token: value,
    token_type: 'Bearer',
    issued_at: now,
    expires_in: 28_799,
    status: 'approved',
    scope: 'addresses tracking',
  }),
  isTracking: ({ method, path }) => method === 'POST' && path === '/tracking/v3r2/tracking',
  askedOf(request) {
    const { data } = wanted.safeParse(parseJson(request.body));
    return (
      data?.map(({ trackingNumber, mailingDate = null }) => ({
        number: trackingNumber,
        mailingDate,
      })) ?? null
    );
  },
  batchMax: 35,
  limits: [{ calls: 60, seconds: 3600 }],
  reply(asked, look) {
    const looked = asked.map((one) => ({ one, ...look(one) }));
    const unknown = looked.filter(({ found }) => !found);
    // Nothing of all that was asked for is known.
    if (looked.every((one) => !one.found && one.reason === 'not_found')) {
      return { status: 404, body: problem(404, '150001', 'Not Found') };
    }
    const isMixed = unknown.length > 0;
    const items = looked.map((one) => {
      if (one.found) {
        return { ...(isMixed ? { statusCode: '200' } : {}), ...itemOf(one.one, one.parcels) };
      }
      const status = one.reason === 'bad_number' ? 400 : 404;
      const code = status === 400 ? '150005' : '150003';
      return {
        statusCode: String(status),
        trackingNumber: one.one.number,
        error: problem(status, code, 'Tracking').error,
      };
    });
    return { status: isMixed ? 207 : 200, body: items };
  },
  failure: (status) =>
    status === 401
      ? { error: 'invalid_client', error_description: 'The client is not known.' }
      : problem(status, String(status), 'The request was not processed.'),
};

function problem(status: number, code: string, title: string) {
  const detail = 'A status update is not yet available on this item.';
  return {
    apiVersion: '3.2',
    error: {
      code: String(status),
      message: title,
      errors: [{ status: String(status), code, title, detail }],
    },
  };
}

/** The parcel that was mailed on the day that is asked for, or the first that had the number. */
function itemOf({ number, mailingDate }: AskedParcel, parcels: readonly LocalParcel[]): object {
  const distance = ({ shippedOn }: LocalParcel) =>
    Math.abs(Date.parse(shippedOn) - Date.parse(mailingDate ?? '')) / DAY_MS;
  const parcel = parcels.find((one) => distance(one) <= MAILED_DAYS) ?? parcels[0];
  if (parcel === undefined || parcel.isGarbled) {
    return { trackingNumber: number, statusCategory: 7, trackingEvents: 'nothing' };
  }
  const [, status, statusCategory] = CODES[parcel.last.kind];
  return {
    trackingNumber: number,
    status,
    statusCategory,
    statusSummary: `Your item: ${status.toLowerCase()}.`,
    mailClass: 'USPS Ground Advantage',
    uniqueTrackingID: parcel.uniqueId,
    mailingDate: parcel.shippedOn,
    ...(parcel.estimated === null
      ? {}
      : { deliveryDateExpectation: { expectedDeliveryDate: parcel.estimated } }),
    trackingEvents: parcel.scans.map((scan) => eventOf(scan, parcel)),
  };
}

function eventOf(scan: Scan, { isZoneless, receivedBy }: LocalParcel) {
  const [eventCode, eventType] = CODES[scan.kind];
  const { date, time, offset } = localMoment(scan.at);
  return {
    eventType,
    eventCode,
    eventTimestamp: `${date}T${time}`,
    ...(isZoneless
      ? {}
      : { GMTTimestamp: new Date(scan.at).toISOString().slice(0, 19), GMTOffset: offset }),
    eventCity: scan.city,
    eventState: 'WI',
    eventZIPCode: '53202',
    eventCountry: null,
    recipientName: scan.kind === 'delivered' ? receivedBy : null,
  };
}
