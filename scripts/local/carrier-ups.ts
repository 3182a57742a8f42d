/** UPS's Tracking API v1 as the local carriers speak it. */
import type { LocalParcel, Scan, ScanKind } from './carrier-parcels.ts';
import { type CarrierService, localMoment } from './carrier-service.ts';

/** Type `I` stands for out for delivery too: only the status code tells. */
const CODES: Record<ScanKind, [type: string, code: string, statusCode: string, words: string]> = {
  label: ['M', 'MP', '003', 'Shipper created a label, UPS has not received the package yet. '],
  picked_up: ['P', 'PU', '038', 'Pickup Scan '],
  departed: ['I', 'DP', '005', 'Departed from Facility'],
  arrived: ['I', 'AR', '010', 'Arrived at Facility'],
  exception: ['X', 'DY', '013', 'Severe weather conditions have delayed delivery.'],
  attempted: ['X', 'NA', '022', 'A delivery attempt was made.'],
  held: ['I', 'ZP', '017', 'Held for customer pickup'],
  out: ['I', 'OT', '021', 'Out For Delivery'],
  delivered: ['D', 'KB', '011', 'DELIVERED '],
  returned: ['RS', 'RS', '033', 'Returned to sender'],
};

const CODE_OF: Record<number, string> = { 401: '250002', 403: '250003', 429: '10429' };
const TRACKING = /^\/api\/track\/v1\/details\/([^/?]+)\?/;

export const ups: CarrierService = {
  code: 'ups',
  tokenPath: '/security/v1/oauth/token',
  tokenLifetimeSeconds: 14_399,
  clientOf({ headers, body }) {
    const [, pair] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
    const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    if (pair === undefined || !isForm || body !== 'grant_type=client_credentials') return null;
    return Buffer.from(pair, 'base64').toString('utf8');
  },
  // Every value is a string.
  token: (value, now) => ({
    token_type: 'Bearer',
    issued_at: String(now),
    client_id: 'local',
    access_token: value,
    expires_in: '14399',
    status: 'approved',
  }),
  isTracking: ({ method, path }) => method === 'GET' && TRACKING.test(path),
  askedOf({ path, headers }) {
    const [, number] = TRACKING.exec(path) ?? [];
    const named = headers.transid !== undefined && headers.transactionsrc !== undefined;
    return number !== undefined && named
      ? [{ number: decodeURIComponent(number), mailingDate: null }]
      : null;
  },
  batchMax: 1,
  limits: [],
  reply([asked], look) {
    const number = asked?.number ?? '';
    const looked = look({ number, mailingDate: null });
    if (!looked.found && looked.reason === 'bad_number') {
      return { status: 400, body: errors('TV1002', 'Invalid inquiry number') };
    }
    const shipment = looked.found
      ? { inquiryNumber: number, package: garbledOr(looked.parcels) }
      : {
          inquiryNumber: number,
          warnings: [{ code: 'TW0001', message: 'Tracking Information Not Found' }],
        };
    return { status: 200, body: { trackResponse: { shipment: [shipment] } } };
  },
  failure: (status) => errors(CODE_OF[status] ?? String(status), 'The request was not processed.'),
};

function errors(code: string, message: string) {
  return { response: { errors: [{ code, message }] } };
}

/** A number that was used before is told of as the parcel that has it now. */
function garbledOr(parcels: readonly LocalParcel[]): unknown {
  const parcel = parcels.at(-1);
  return parcel === undefined || parcel.isGarbled ? 'nothing' : [packageOf(parcel)];
}

function packageOf(parcel: LocalParcel) {
  const { last, scans, isZoneless } = parcel;
  const [, , statusCode, description] = CODES[last.kind];
  const compact = (day: string) => day.replaceAll('-', '');
  const delivered = last.kind === 'delivered' ? localMoment(last.at) : null;
  return {
    trackingNumber: parcel.number,
    deliveryDate: [
      ...(delivered ? [{ type: 'DEL', date: compact(delivered.date) }] : []),
      ...(parcel.estimated === null ? [] : [{ type: 'SDD', date: compact(parcel.estimated) }]),
    ],
    deliveryTime: delivered
      ? { type: 'DEL', startTime: '', endTime: delivered.time.replaceAll(':', '') }
      : { type: 'EOD', startTime: '', endTime: '230000' },
    activity: scans.map((scan) => activity(scan, isZoneless)),
    currentStatus: { code: statusCode, description },
    deliveryInformation:
      parcel.receivedBy === null ? {} : { location: 'Dock', receivedBy: parcel.receivedBy },
    service: { code: '003', description: 'UPS Ground' },
  };
}

function activity(scan: Scan, isZoneless: boolean) {
  const [type, code, statusCode, description] = CODES[scan.kind];
  const { date, time, offset } = localMoment(scan.at);
  const utc = new Date(scan.at).toISOString();
  return {
    date: date.replaceAll('-', ''),
    time: time.replaceAll(':', ''),
    ...(isZoneless
      ? {}
      : {
          gmtDate: utc.slice(0, 10).replaceAll('-', ''),
          gmtTime: utc.slice(11, 19),
          gmtOffset: offset,
        }),
    location: {
      address: {
        city: scan.city,
        stateProvince: 'WI',
        postalCode: '53202',
        countryCode: 'US',
        country: 'US',
      },
    },
    status: { type, code, description, statusCode },
  };
}
