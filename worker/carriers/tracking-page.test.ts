import { expect, test } from 'vitest';
import { carrierOf, trackingPage, unlikelyNumbers } from './tracking-page.ts';

test.each([
  ['FedEx', 'fedex'],
  ['FEDEX GROUND', 'fedex'],
  ['Fed-Ex', 'fedex'],
  ['FedEx® Express', 'fedex'],
  ['Federal Express', 'fedex'],
  ['fedex_ground', 'fedex'],
  ['UPS', 'ups'],
  [' ups polska ', 'ups'],
  ['U.P.S.', 'ups'],
  ['UPS Standard', 'ups'],
  ['United Parcel Service', 'ups'],
  ['USPS', 'usps'],
  ['U.S. Postal Service', 'usps'],
  ['US Postal Service', 'usps'],
  ['United States Postal Service', 'usps'],
  ['USPS Ground Advantage', 'usps'],
  ['U.S. Mail', 'usps'],
] as const)('%s is a carrier that is asked', (name, code) => {
  expect(carrierOf(name)).toBe(code);
});

test.each([
  '',
  ' ',
  '-',
  'DHL',
  'InPost',
  'Upsilon Logistics',
  'US Cargo',
  'UPS or FedEx',
  'not UPS',
])('"%s" is no carrier that is asked', (name) => {
  expect(carrierOf(name)).toBeNull();
});

test('each carrier’s page is its own', () => {
  expect(trackingPage('fedex', '7812 3456 7890')).toBe(
    'https://www.fedex.com/fedextrack/?trknbr=781234567890',
  );
  expect(trackingPage('ups', '1Z4A71E10312345678')).toBe(
    'https://www.ups.com/track?loc=en_US&tracknum=1Z4A71E10312345678',
  );
  expect(trackingPage('usps', '9405511234567890123456')).toBe(
    'https://tools.usps.com/go/TrackConfirmAction?tLabels=9405511234567890123456',
  );
});

test.each(['"><script>', '&loc=xx', '../../x?y#z', '\ud800', 'ż%00'])(
  'a number is only ever a number: %j',
  (number) => {
    const url = new URL(trackingPage('ups', number));
    expect(url.origin + url.pathname).toBe('https://www.ups.com/track');
    expect([...url.searchParams.keys()]).toEqual(['loc', 'tracknum']);
    expect(url.hash).toBe('');
  },
);

const isUnlikely = unlikelyNumbers();

test.each([
  ['FedEx', '9865 7878 8855'],
  ['FedEx Ground', '9612345678901234567890'],
  ['UPS', '1z 999 AA1 01 2345 6784'],
  ['UPS Freight', '123456789'],
  ['USPS', '9405 5118 9922 3197 4284 90'],
  ['USPS', '420 53202 9405511899223197428490'],
  ['US Mail', 'EA123456789US'],
  // Of a carrier that nobody here knows, whatever it is.
  ['DHL', '1Z999AA10123456784'],
  ['', 'x'],
])('of "%s" a number may well be %s', (name, number) => {
  expect(isUnlikely(name, number)).toBe(false);
});

test.each([
  ['FedEx', '986578788856'],
  ['FedEx', '1Z999AA10123456784'],
  ['Federal Express', '9.8658E+11'],
  ['UPS', '1Z999AA10123456785'],
  ['UPS Standard', '1Z999AA1012345678'],
  ['USPS', '9405511899223197428491'],
  ['USPS', 'SO-1004'],
])('of %s a number is hardly %s', (name, number) => {
  expect(isUnlikely(name, number)).toBe(true);
});
