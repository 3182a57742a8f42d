/** Carriers as people know them: by the names that suppliers write, and by their public tracking pages. */
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';
import { CARRIER_KINDS } from './list.ts';

const NAMES_REMEMBERED = 100;

/**
 * The carrier that a supplier means ("FedEx", "Federal Express", "UPS Ground", "U.S. Postal Service"), or
 * null: another one, none, or two in one name.
 */
export function carrierOf(name: string): CarrierCode | null {
  const words = ` ${wordsOf(name)} `;
  const namesOf = (code: CarrierCode) => CARRIER_KINDS[code].names;
  const named = CARRIERS.filter((code) => namesOf(code).some((one) => words.includes(` ${one} `)));
  const [code, another] = named;
  if (code === undefined || another !== undefined) {
    return null;
  }
  // "Collected by UPS", "not FedEx": what stands first is the name.
  return namesOf(code).some((one) => words.startsWith(` ${one} `)) ? code : null;
}

/** Where anybody can follow the parcel: an https address at the carrier's own site, whatever the number holds. */
export function trackingPage(carrier: CarrierCode, number: string): string {
  const { address, parameter } = CARRIER_KINDS[carrier].page;
  const url = new URL(address);
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

/**
 * Whether a number cannot well be one of the carrier that it is said to be with: not of its shape, or with
 * another check digit than it should have. False where the carrier is none that we know. Remembers names, which
 * a file repeats in every row.
 */
export function unlikelyNumbers(): (carrierName: string, number: string) => boolean {
  const known = new Map<string, CarrierCode | null>();
  return (name, number) => {
    let code = known.get(name);
    if (code === undefined) {
      code = carrierOf(name);
      if (known.size < NAMES_REMEMBERED) known.set(name, code);
    }
    if (code === null) return false;
    const { normalise, isChecked } = CARRIER_KINDS[code];
    const written = normalise(number);
    return written === null || !isChecked(written);
  };
}
