/** The last digit of carriers' tracking numbers, which the others give. */
import type { CarrierCode } from '../../worker/vocabulary.ts';

/** The number with its check digit, which is the last, added. */
export function checked(carrier: CarrierCode, body: string): string {
  if (carrier === 'ups') return `${body}${upsDigit(body.slice(2))}`;
  return `${body}${carrier === 'fedex' ? fedexDigit(body) : uspsDigit(body)}`;
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
