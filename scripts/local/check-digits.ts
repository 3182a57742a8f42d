/** The last digit of carriers' tracking numbers, which the others give. */
import { fedexDigit, gs1Digit, upsDigit } from '../../worker/carriers/check-digits.ts';
import type { CarrierCode } from '../../worker/vocabulary.ts';

/** The number with its check digit, which is the last, added. */
export function checked(carrier: CarrierCode, body: string): string {
  if (carrier === 'ups') return `${body}${upsDigit(body.slice(2))}`;
  return `${body}${carrier === 'fedex' ? fedexDigit(body) : gs1Digit(body)}`;
}
