/**
 * Amounts, rates and days as they are printed. Figures are formatted from their text, never through
 * a float: what was published is what is printed, digit by digit.
 */
import type { Locale } from '../../vocabulary.ts';

const NO_BREAK_SPACE = '\u00a0';
const MINUS = '\u2212';
const MARKS: Record<Locale, { group: string; decimal: string }> = {
  en: { group: ',', decimal: '.' },
  es: { group: '.', decimal: ',' },
  // The narrow no-break space (U+202F) is a hair's breadth in the face that we set: too little.
  pl: { group: NO_BREAK_SPACE, decimal: ',' },
};

const DECIMAL = /^([+-]?)0*(\d+)(?:\.(\d+))?$/;
const ZERO = /^[0.]*$/;

/**
 * Decimal text in the language's own figures: `-1234.5` with 2 decimals is `−1,234.50`, with a
 * minus as wide as a figure. Zeros at the end are dropped beyond `decimals`, and no other digit.
 * Thousands are grouped from 1 000 on, as columns need it. What is no decimal is given back.
 */
export function writeDecimal(value: string, language: Locale, decimals = 0): string {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(value) ?? [];
  if (sign === undefined || whole === undefined) return value;
  const { group, decimal } = MARKS[language];
  const rest = fraction.replace(/0+$/, '').padEnd(decimals, '0');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, group);
  const isNegative = sign === '-' && !ZERO.test(whole + fraction);
  return `${isNegative ? MINUS : ''}${grouped}${rest === '' ? '' : decimal}${rest}`;
}

/** As many decimals as any of the values has, `least` at least: a column's points stand in line. */
export function decimalsOf(values: readonly (string | null)[], least: number): number {
  return values.reduce((most, value) => {
    const count = DECIMAL.exec(value ?? '')?.[3]?.replace(/0+$/, '').length ?? 0;
    return Math.max(most, count);
  }, least);
}

/** How many decimals the currency's amounts have (ISO 4217): 2 where it is not known. */
export function currencyDecimals(currency: string | null): number {
  if (currency === null) return 2;
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2; // not a currency code
  }
}

/** A rate, which is percent: `8.25` is `8.25%`. */
export function writeRate(rate: string, language: Locale): string {
  if (!DECIMAL.test(rate)) return rate;
  const gap = language === 'es' ? NO_BREAK_SPACE : '';
  return `${writeDecimal(rate, language)}${gap}%`;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A day (`YYYY-MM-DD`) in the language's words; what is no day is given back. */
export function writeDay(day: string, language: Locale): string {
  return DAY.test(day) ? writeDate(`${day}T00:00:00Z`, language) : day;
}

/** An ISO instant: its day in the language's words and its time, both UTC. */
export function writeMoment(moment: string, language: Locale): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return `${writeDate(moment, language)}, ${date.toISOString().slice(11, 16)} UTC`;
}

function writeDate(moment: string, language: Locale): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  const format = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(date);
}

/** `PL` as the language calls the country; text that is no code is given back. */
export function writeCountry(country: string, language: Locale): string {
  if (!/^[A-Z]{2}$/.test(country)) return country;
  return new Intl.DisplayNames(language, { type: 'region' }).of(country) ?? country;
}
