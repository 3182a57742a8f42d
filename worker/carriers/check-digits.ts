/** The digits that carriers put at the end of their numbers, which follow from what is before them. */

/** UPS, `1Z` and 16 more: of the 15, a letter as (code − 63) mod 10, odd places + twice the even ones. */
export function upsDigit(body: string): number {
  const sum = [...body].reduce((total, character, place) => {
    const value = /\d/.test(character) ? Number(character) : (character.charCodeAt(0) - 63) % 10;
    return total + value * (place % 2 === 0 ? 1 : 2);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** FedEx Express: 11 digits weighted 3, 1, 7 from the left; modulo 11, then 10. */
export function fedexDigit(body: string): number {
  const sum = [...body].reduce(
    (total, digit, place) => total + Number(digit) * ([3, 1, 7][place % 3] ?? 0),
    0,
  );
  return (sum % 11) % 10;
}

/** GS1 modulo 10, as USPS has it in 22 digits: the others weighted 3, 1 from the right. */
export function gs1Digit(body: string): number {
  const sum = [...body]
    .reverse()
    .reduce((total, digit, place) => total + Number(digit) * (place % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10;
}

const endsOn = (number: string, digit: number) => number.at(-1) === String(digit);

export const hasUpsDigit = (number: string) => endsOn(number, upsDigit(number.slice(2, -1)));
export const hasFedexDigit = (number: string) => endsOn(number, fedexDigit(number.slice(0, -1)));
export const hasGs1Digit = (number: string) => endsOn(number, gs1Digit(number.slice(0, -1)));
