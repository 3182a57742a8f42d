/** Values as a person reads them, in the current language unless another is named. */
import { currentLocale } from './i18n.ts';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A day (`YYYY-MM-DD`) as it is on the paper: no time zone ever shifts it. */
export function formatDay(day: string, locale: string = currentLocale()): string {
  const [, year, month, date] = DAY.exec(day) ?? [];
  if (!year) return day;
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(Date.UTC(Number(year), Number(month) - 1, Number(date)));
}

/** A moment (ISO timestamp) as the day it is where the reader is, or in the named time zone. */
export function formatDate(
  moment: string,
  locale: string = currentLocale(),
  timeZone?: string,
): string {
  return dated(moment, locale, { day: 'numeric', month: 'short', year: 'numeric' }, timeZone);
}

/** A moment (ISO timestamp) with its time of day, where the reader is or in the named zone. */
export function formatMoment(
  moment: string,
  locale: string = currentLocale(),
  timeZone?: string,
): string {
  return dated(moment, locale, { dateStyle: 'medium', timeStyle: 'short' }, timeZone);
}

/** A moment (milliseconds) as the time of day where the reader is. */
export function formatTime(moment: number, locale: string = currentLocale()): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(moment);
}

function dated(
  moment: string,
  locale: string,
  options: Intl.DateTimeFormatOptions,
  timeZone: string | undefined,
): string {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment;
  return new Intl.DateTimeFormat(locale, { ...options, ...(timeZone && { timeZone }) }).format(
    date,
  );
}

const DECIMAL = /^-?\d+(?:\.(\d+))?$/;

/**
 * An amount (decimal text) with its currency. Formatted from the text, never through a float, and
 * never rounded: what was published is what is shown.
 */
export function formatMoney(
  amount: string,
  currency: string,
  locale: string = currentLocale(),
): string {
  const decimals = DECIMAL.exec(amount)?.[1]?.replace(/0+$/, '').length;
  if (decimals === undefined && !DECIMAL.test(amount)) return `${amount} ${currency}`;
  const options = { style: 'currency', currency } as const;
  try {
    const usual = new Intl.NumberFormat(locale, options).resolvedOptions().maximumFractionDigits;
    return new Intl.NumberFormat(locale, {
      ...options,
      maximumFractionDigits: Math.max(usual ?? 2, decimals ?? 0),
    }).format(amount as Intl.StringNumericLiteral); // the pattern above is a numeric literal
  } catch {
    return `${amount} ${currency}`; // not a currency code
  }
}

/** A quantity (decimal text or a number), without needless zeros. */
export function formatNumber(value: string | number, locale: string = currentLocale()): string {
  if (typeof value === 'string' && !DECIMAL.test(value)) return value;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 10 }).format(
    value as Intl.StringNumericLiteral, // the pattern above is a numeric literal
  );
}

/** A rate in percent (decimal text, `8.25` is 8.25 %). */
export function formatPercent(rate: string, locale: string = currentLocale()): string {
  if (!DECIMAL.test(rate)) return rate;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'percent',
    maximumFractionDigits: 4,
  }).format(rate as Intl.StringNumericLiteral); // the pattern above is a numeric literal
}

const KILOBYTE = 1000;

/** Bytes as kB or MB, as file managers count them. */
export function formatSize(bytes: number, locale: string = currentLocale()): string {
  const inMega = bytes >= KILOBYTE * KILOBYTE;
  const value = inMega ? bytes / KILOBYTE / KILOBYTE : Math.max(1, Math.round(bytes / KILOBYTE));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: inMega ? 'megabyte' : 'kilobyte',
    unitDisplay: 'short',
    maximumFractionDigits: inMega ? 1 : 0,
  }).format(value);
}
