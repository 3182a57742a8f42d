/** Numbers as files write them, and what stands before their decimals. Text throughout. */

import type { Decimal } from '../vocabulary.ts';

const PLAIN = /^([+-]?)(\d*)(?:\.(\d+))?$/;
// White space that stands between thousands, no-break and narrow ones too, and apostrophes.
const SPACES = /[ \u00a0\u2007\u2009\u202f'\u2019]/g;
const CURRENCY_SIGN = /^(?:\p{Sc}|zł)[ \u00a0\u202f]?|[ \u00a0\u202f]?(?:\p{Sc}|zł)$/u;
const MINUS = /\u2212/g;
const GROUPED = {
  '.': /^(?:\d+|\d{1,3}(?:([, \u00a0\u2007\u2009\u202f'\u2019])\d{3})(?:\1\d{3})*)?(?:\.\d+)?$/,
  ',': /^(?:\d+|\d{1,3}(?:([. \u00a0\u2007\u2009\u202f'\u2019])\d{3})(?:\1\d{3})*)?(?:,\d+)?$/,
};

const EITHER_SIGN = /[.,]/;
const WITH_CENTS = /^-?\d+([.,])\d\d?$/;

/** A number taken apart: digits before and after the decimal sign, as written. */
type Digits = { negative: boolean; whole: string; fraction: string };

/**
 * Takes a number apart that is written with this decimal sign, or gives undefined: thousands may
 * be set off (by a space, an apostrophe or the other sign, three digits each), a currency sign may
 * stand on either side, and a minus in front, behind, or as brackets around it.
 */
export function readNumber(cell: string, decimal: Decimal): Digits | undefined {
  if (decimal === '.') {
    const [, sign, whole = '', fraction = ''] = PLAIN.exec(cell) ?? [];
    if (sign !== undefined) {
      return whole + fraction === '' ? undefined : { negative: sign === '-', whole, fraction };
    }
  }
  const bare = bareOf(cell);
  if (bare === undefined || !GROUPED[decimal].test(bare.digits)) return undefined;
  const [whole = '', fraction = ''] = bare.digits.split(decimal);
  const together = whole.replace(SPACES, '').replace(decimal === '.' ? /,/g : /\./g, '');
  return together + fraction === ''
    ? undefined
    : { negative: bare.negative, whole: together, fraction };
}

/** What numbers say of a file's decimal sign: `certain` unless they could be either, or disagree. */
export function guessDecimal(
  cells: Iterable<{ cell: string; isAmount: boolean }>,
  suggested: Decimal,
): { decimal: Decimal; certain: boolean; ruledOut: Decimal[] } {
  const votes = { '.': 0, ',': 0 };
  const leanings = { '.': 0, ',': 0 };
  for (const { cell, isAmount } of cells) {
    const sign = signOf(cell);
    if (sign === undefined) continue;
    if (sign.certain) votes[sign.decimal]++;
    // An amount has two decimals, so that three digits are rather a thousand.
    else leanings[isAmount ? other(sign.decimal) : suggested]++;
  }
  const weigh = (of: Record<Decimal, number>) => of['.'] - of[','];
  const weight = weigh(votes) || weigh(leanings);
  const decimal = weight === 0 ? suggested : weight > 0 ? '.' : ',';
  const isOpen = votes['.'] + votes[','] === 0 && leanings['.'] + leanings[','] > 0;
  const disagree = votes['.'] > 0 && votes[','] > 0;
  const ruledOut = (['.', ','] as const).filter((sign) => votes[other(sign)] > 0);
  return { decimal, certain: !isOpen && !disagree, ruledOut };
}

/** Whether a cell is a number whose decimal sign has to be known. */
export function looksLikeNumber(cell: string): boolean {
  return signOf(cell) !== undefined;
}

/** Which sign a number has before its decimals; undefined when it has neither sign. */
function signOf(cell: string): { decimal: Decimal; certain: boolean } | undefined {
  if (!EITHER_SIGN.test(cell)) return undefined;
  const cents = WITH_CENTS.exec(cell);
  if (cents !== null) return { decimal: cents[1] === '.' ? '.' : ',', certain: true };
  const digits = bareOf(cell)?.digits;
  if (digits === undefined) return undefined;
  const asPoint = GROUPED['.'].test(digits);
  const asComma = GROUPED[','].test(digits);
  if (!asPoint && !asComma) return undefined;
  if (asPoint !== asComma) return { decimal: asPoint ? '.' : ',', certain: true };
  // Both: one sign, three digits behind it. A thousand never begins with a zero.
  const sign = digits.includes('.') ? '.' : ',';
  return { decimal: sign, certain: digits.startsWith('0') };
}

function other(decimal: Decimal): Decimal {
  return decimal === '.' ? ',' : '.';
}

/** A number without its currency sign and its minus; undefined where there are two of one. */
function bareOf(cell: string): { digits: string; negative: boolean } | undefined {
  let digits = cell.replace(MINUS, '-');
  let negative = 0;
  let currency = 0;
  for (let round = 0; round < 2; round++) {
    if (CURRENCY_SIGN.test(digits)) {
      currency++;
      digits = digits.replace(CURRENCY_SIGN, '');
    }
    if (digits.startsWith('(') && digits.endsWith(')')) {
      negative++;
      digits = digits.slice(1, -1).trim();
    } else if (digits.startsWith('-')) {
      negative++;
      digits = digits.slice(1).trimStart();
    } else if (digits.endsWith('-')) {
      negative++;
      digits = digits.slice(0, -1).trimEnd();
    } else if (round === 0 && digits.startsWith('+')) {
      digits = digits.slice(1).trimStart();
    }
  }
  if (negative > 1 || currency > 1 || digits === '') return undefined;
  return { digits, negative: negative === 1 };
}
