/**
 * Decimal text as whole numbers: figures are never floats, so a file adds up as the invoice does.
 */

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** `value` divided, half away from zero, as accountants round half a cent: the one place that rounds. */
export function divided(value: bigint, by: bigint): bigint {
  const [top, bottom] = by < 0n ? [-value, -by] : [value, by];
  const half = (absolute(top) * 2n + bottom) / (bottom * 2n);
  return top < 0n ? -half : half;
}

export const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

/** How many decimals a decimal text has; zeros at the end are none. */
export function decimalsIn(text: string): number {
  return DECIMAL.exec(text)?.[3]?.replace(/0+$/, '').length ?? 0;
}

/**
 * Decimal text in units of 10^-`scale`, rounded where it has more decimals: `12.5` at 2 is 1250n.
 *
 * @throws RangeError for what is no decimal
 */
export function scaled(text: string, scale: number): bigint {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) throw new RangeError('not a decimal');
  const digits = BigInt(whole + fraction.padEnd(scale, '0'));
  const value = divided(digits, 10n ** BigInt(Math.max(fraction.length - scale, 0)));
  return sign === '-' ? -value : value;
}

/** Units of 10^-`scale` as decimal text, with all of its decimals: 1250n at 2 is `12.50`. */
export function written(value: bigint, scale: number): string {
  const digits = absolute(value)
    .toString()
    .padStart(scale + 1, '0');
  const at = digits.length - scale;
  const text = scale === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return value < 0n ? `-${text}` : text;
}

/** An amount of money (2 decimals) in cents, and back. */
export const cents = (text: string): bigint => scaled(text, 2);
export const ofCents = (value: bigint): string => written(value, 2);

/** Decimal text without needless zeros: `23.00` is `23`, `8.250` is `8.25`. */
export function plain(text: string): string {
  return written(scaled(text, decimalsIn(text)), decimalsIn(text));
}
