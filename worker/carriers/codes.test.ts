/** Every code that the carriers document, one by one, as their tables are read. */
import { describe, expect, test } from 'vitest';
import { parcelNumber } from '../../scripts/local/carrier-numbers.ts';
import { type LocalServer, listen } from '../../scripts/local/http.ts';
import type { CarrierCode } from '../vocabulary.ts';
import type { CarrierStatus } from './carrier.ts';
import { codeTable } from './codes.ts';
import { FEDEX_CODES } from './fedex-codes.ts';
import { openCarriers } from './open.ts';
import { UPS_CODES, UPS_TYPES } from './ups-codes.ts';
import { USPS_CATEGORIES, USPS_CODES } from './usps-codes.ts';

const said = ({ status, substatus }: CarrierStatus) =>
  substatus === null ? status : `${status}+${substatus}`;
const read = (table: ReadonlyMap<string, CarrierStatus>) =>
  Object.fromEntries([...table].map(([code, one]) => [code, said(one)]));
/** `{ label_created: 'OC IN' }` as `{ OC: 'label_created', IN: 'label_created' }`. */
const written = (rows: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(rows).flatMap(([status, codes]) =>
      codes.split(' ').map((code) => [code, status]),
    ),
  );

test('FedEx, by eventType', () => {
  expect(read(FEDEX_CODES)).toEqual(
    written({
      label_created: 'OC IN OX EP MD',
      picked_up: 'PU PX AP OF',
      in_transit: 'IT IX AA AC AF AR AX DP EA EO FD LO OW PF PL PM SF TR CC CP AE AO RR RM RC SP',
      'in_transit+available_for_pickup': 'HL HP',
      out_for_delivery: 'OD ED AD',
      delivered: 'DL',
      exception: 'DE SE DD DY PD CD CH',
      'exception+cancelled': 'CA',
      returned: 'RS RT',
    }),
  );
});

test('UPS, by statusCode', () => {
  expect(read(UPS_CODES)).toEqual(
    written({
      label_created: '003 157 166 044 045 079 080',
      picked_up: '038 160 167 168 169',
      in_transit: '005 010 012 014 025 039 047 057 071 073 074 084 087 092 138 158 159 164 165',
      'in_transit+available_for_pickup': '017 040 161',
      out_for_delivery: '006 021 037 072 078 089 091 146 162',
      delivered: '011 026',
      exception:
        '013 029 030 032 046 048 049 050 051 052 053 058 059 060 061 062 064 065 069 076 083 086 090 124 125 126 145',
      'exception+attempted': '022 023 024',
      'exception+cancelled': '007',
      returned: '033 034 035 036 067 081 118 119',
      unknown: 'NA 000 148 163',
    }),
  );
});

test('UPS, by type where the statusCode is another', () => {
  expect(read(UPS_TYPES)).toEqual({
    M: 'label_created',
    P: 'label_created',
    I: 'in_transit',
    O: 'out_for_delivery',
    D: 'delivered',
    X: 'exception',
    MV: 'exception+cancelled',
    RS: 'returned',
  });
});

test('USPS, by eventCode', () => {
  expect(read(USPS_CODES)).toEqual(
    written({
      label_created: 'GX MA',
      picked_up: '03',
      in_transit: '10 SF T1 TL A1 07 60',
      out_for_delivery: 'OF 59 DG',
      delivered: '01 DL I0 DN OK',
      'exception+attempted': '02 51 52 53 54 55 56 57 31',
      returned: '09 17 21 22 23 24 25 26 27 28 29 04 05 RD RE RT',
    }),
  );
});

test('USPS, by category where the eventCode is another', () => {
  expect(Object.fromEntries(USPS_CATEGORIES.map((one) => [one.begins, said(one)]))).toEqual({
    'pre-shipment': 'label_created',
    'label created': 'label_created',
    accepted: 'picked_up',
    'in transit': 'in_transit',
    'moving through network': 'in_transit',
    'available for pickup': 'in_transit+available_for_pickup',
    'out for delivery': 'out_for_delivery',
    delivered: 'delivered',
    'delivery attempt': 'exception+attempted',
    alert: 'exception',
  });
});

test('a code means one thing', () => {
  const twice = [
    { status: 'delivered', codes: '01-03' },
    { status: 'returned', codes: '02' },
  ] as const;
  expect(() => codeTable(twice)).toThrow('02 stands twice');
});

/** What the adapter makes of an answer of these bytes. */
async function answerTo(code: CarrierCode, body: unknown, status = 200) {
  let server: LocalServer | undefined;
  try {
    server = await listen((_, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
    const account = {
      clientId: 'id',
      clientSecret: 'secret',
      baseUrl: server.loopbackUrl,
      callsPerHour: 60,
    };
    const carrier = openCarriers({ [code]: account })[code];
    const wanted = [{ number: NUMBERS[code], shippedOn: null, uniqueId: null }];
    return await carrier?.track({ value: 'token', expiresAt: 0 }, wanted);
  } finally {
    await server?.stop();
  }
}

const of = (code: CarrierCode) =>
  parcelNumber(code, { day: '2026-11-16', scenario: 'arrives', serial: 1 });
const NUMBERS = { fedex: of('fedex'), ups: of('ups'), usps: of('usps') };

async function statusesOf(code: CarrierCode, body: unknown, status = 200) {
  const answer = await answerTo(code, body, status);
  const parcel = answer?.ok ? answer.parcels[0] : undefined;
  return parcel?.found
    ? { current: said(parcel.current), events: parcel.events.map(said) }
    : answer;
}

describe('FedEx', () => {
  const body = (result: unknown) => ({
    output: {
      completeTrackResults: [{ trackingNumber: NUMBERS.fedex, trackResults: [result] }],
    },
  });
  const scan = (eventType: string) => ({
    date: '2026-11-16T10:00:00-06:00',
    eventType,
    derivedStatusCode: 'IT',
  });

  test('out for delivery is what it is, though it rolls up to in transit', async () => {
    const latestStatusDetail = { code: 'OD', derivedCode: 'IT' };
    expect(
      await statusesOf('fedex', body({ latestStatusDetail, scanEvents: [scan('OD')] })),
    ).toEqual({
      current: 'out_for_delivery',
      events: ['out_for_delivery'],
    });
  });

  test('a code that is not documented is unknown', async () => {
    const latestStatusDetail = { code: 'ZZ' };
    expect(
      await statusesOf('fedex', body({ latestStatusDetail, scanEvents: [scan('ZZ')] })),
    ).toEqual({
      current: 'unknown',
      events: ['unknown'],
    });
  });

  test('one scan that cannot be read takes no other with it', async () => {
    const scanEvents = [scan('DL'), null, { date: 'soon', eventType: 'IT' }, { eventType: 7 }, 'x'];
    expect(await statusesOf('fedex', body({ scanEvents }))).toMatchObject({
      events: ['delivered'],
    });
  });
});

describe('UPS', () => {
  const body = (activity: unknown[], currentStatus?: unknown) => ({
    trackResponse: {
      shipment: [{ package: [{ trackingNumber: NUMBERS.ups, activity, currentStatus }] }],
    },
  });
  const scan = (type: string, statusCode?: string) => ({
    date: '20261116',
    time: '100000',
    status: { type, statusCode },
  });

  test('type I is out for delivery where its code says so', async () => {
    expect(await statusesOf('ups', body([scan('I', '021')]))).toEqual({
      current: 'out_for_delivery',
      events: ['out_for_delivery'],
    });
  });

  test.each([
    ['I', '999', 'in_transit'],
    ['X', '999', 'exception'],
    ['D', undefined, 'delivered'],
    ['MV', '999', 'exception+cancelled'],
    ['Q', '999', 'unknown'],
    ['I', '000', 'unknown'],
  ])('type %s with code %s is %s', async (type, code, status) => {
    expect(await statusesOf('ups', body([scan(type, code)]))).toMatchObject({ current: status });
  });

  test('without any activity the current status counts', async () => {
    expect(await statusesOf('ups', body([], { code: '003' }))).toEqual({
      current: 'label_created',
      events: [],
    });
  });

  test.each([200, 404])(
    'not found and a bad number are told apart, with status %i',
    async (status) => {
      const warned = (code: string) =>
        status === 200
          ? { trackResponse: { shipment: [{ warnings: [{ code }] }] } }
          : { response: { errors: [{ code }] } };
      const answer = (reason: string) => ({ ok: true, parcels: [{ found: false, reason }] });
      expect(await answerTo('ups', warned('TW0001'), status)).toMatchObject(
        answer('unknown_number'),
      );
      expect(await answerTo('ups', warned('TV1002'), status)).toMatchObject(answer('bad_number'));
    },
  );
});

describe('USPS', () => {
  const item = (rest: object) => ({ trackingNumber: NUMBERS.usps, ...rest });
  const scan = (eventCode: string, eventType = 'SOMETHING') => ({
    eventCode,
    eventType,
    GMTTimestamp: '2026-11-16T16:00:00',
  });

  test('the category speaks for a code that is not documented, in any letters', async () => {
    const rest = {
      statusCategory: 'DELIVERY ATTEMPT: Action Needed',
      trackingEvents: [scan('ZZ')],
    };
    expect(await statusesOf('usps', [item(rest)])).toEqual({
      current: 'exception+attempted',
      events: ['exception+attempted'],
    });
  });

  test('a code that is documented counts more than the category', async () => {
    const rest = { statusCategory: 'Alert', trackingEvents: [scan('09')] };
    expect(await statusesOf('usps', [item(rest)])).toEqual({
      current: 'returned',
      events: ['returned'],
    });
  });

  test.each(['150001', '150003', '150006', '150009'])(
    '404 with %s is not known yet',
    async (code) => {
      const error = { code: '404', message: 'Not Found', errors: [{ status: '404', code }] };
      expect(await answerTo('usps', { apiVersion: '3', error }, 404)).toEqual({
        ok: true,
        parcels: [{ number: NUMBERS.usps, found: false, reason: 'unknown_number' }],
      });
    },
  );

  test('404 with another code is no answer about the parcel', async () => {
    const error = { code: '404', errors: [{ code: '999' }] };
    expect(await answerTo('usps', { error }, 404)).toEqual({ ok: false, reason: 'refused' });
  });
});

test.each(['fedex', 'ups', 'usps'] as const)(
  '%s: JSON of no known shape is not understood',
  async (code) => {
    for (const body of [
      {},
      [],
      null,
      7,
      'text',
      { output: { completeTrackResults: 'none' } },
      [null],
    ]) {
      expect(await answerTo(code, body)).toEqual({ ok: false, reason: 'not_understood' });
    }
  },
);

test.each(['fedex', 'ups', 'usps'] as const)(
  '%s: a request that is refused is said so',
  async (code) => {
    expect(await answerTo(code, { errors: [{ code: 'X' }] }, 400)).toEqual({
      ok: false,
      reason: 'refused',
    });
    expect(await answerTo(code, {}, 302)).toEqual({ ok: false, reason: 'not_understood' });
  },
);
