import type { Chance } from './chance.ts';

export type Carrier = 'UPS' | 'FedEx' | 'USPS';

/** A tracking number of the carrier's own shape, with a check digit that holds. */
export function trackingNumber(carrier: Carrier, random: Chance): string {
  if (carrier === 'UPS') return checked(carrier, `1Z4A71E${random.digits(1)}03${random.digits(7)}`);
  if (carrier === 'FedEx') return checked(carrier, `78${random.digits(9)}`);
  return checked(carrier, `9405511${random.digits(14)}`);
}

/** The number with its check digit, which is the last, added. */
export function checked(carrier: Carrier, body: string): string {
  if (carrier === 'UPS') return `${body}${upsDigit(body.slice(2))}`;
  return `${body}${carrier === 'FedEx' ? fedexDigit(body) : uspsDigit(body)}`;
}

/** The 15 characters after `1Z`, a letter as (code − 63) mod 10: odd places + twice the even ones. */
function upsDigit(body: string): number {
  const sum = [...body].reduce((total, character, place) => {
    const value = /\d/.test(character) ? Number(character) : (character.charCodeAt(0) - 63) % 10;
    return total + value * (place % 2 === 0 ? 1 : 2);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** 11 digits weighted 3, 1, 7 from the left; modulo 11, then 10. */
function fedexDigit(body: string): number {
  const sum = [...body].reduce(
    (total, digit, place) => total + Number(digit) * ([3, 1, 7][place % 3] ?? 0),
    0,
  );
  return (sum % 11) % 10;
}

/** 21 digits weighted 3, 1 from the right (GS1 modulo 10). */
function uspsDigit(body: string): number {
  const sum = [...body]
    .reverse()
    .reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

/** How the carrier's service reads on paper. */
export const SERVICE: Record<Carrier, string> = {
  UPS: 'UPS Standard',
  FedEx: 'FedEx Economy',
  USPS: 'USPS Ground Advantage',
};
