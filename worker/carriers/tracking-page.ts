/** Carriers as people know them: by the names that suppliers write, and by their public tracking pages. */
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';

/** What each is called, in words of lower case; a service may follow, as in "FedEx Ground". */
const NAMES: Record<CarrierCode, readonly string[]> = {
  fedex: ['fedex', 'fed ex', 'federal express', 'fdeg'],
  ups: ['ups', 'united parcel service', 'united parcel services', 'upsn'],
  usps: [
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
};

/** The carriers' own pages; the number is put into the parameter. */
const PAGES: Record<CarrierCode, { page: string; parameter: string }> = {
  fedex: { page: 'https://www.fedex.com/fedextrack/', parameter: 'trknbr' },
  ups: { page: 'https://www.ups.com/track?loc=en_US', parameter: 'tracknum' },
  usps: { page: 'https://tools.usps.com/go/TrackConfirmAction', parameter: 'tLabels' },
};

/**
 * The carrier that a supplier means ("FedEx", "Federal Express", "UPS Ground", "U.S. Postal Service"), or
 * null: another one, none, or two in one name.
 */
export function carrierOf(name: string): CarrierCode | null {
  const words = ` ${wordsOf(name)} `;
  const named = CARRIERS.filter((code) => NAMES[code].some((one) => words.includes(` ${one} `)));
  const [code, another] = named;
  if (code === undefined || another !== undefined) {
    return null;
  }
  // "Collected by UPS", "not FedEx": what stands first is the name.
  return NAMES[code].some((one) => words.startsWith(` ${one} `)) ? code : null;
}

/** Where anybody can follow the parcel: an https address at the carrier's own site, whatever the number holds. */
export function trackingPage(carrier: CarrierCode, number: string): string {
  const { page, parameter } = PAGES[carrier];
  const url = new URL(page);
  url.searchParams.set(parameter, number.replace(/\s+/g, ''));
  return url.href;
}

/** "U.S. Postal-Service®" as "us postal service". */
function wordsOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[.'’]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
