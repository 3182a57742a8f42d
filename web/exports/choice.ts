/** What of an export a person chooses, and the addresses that it is asked under. */
import {
  DATE_ORDERS,
  type DateOrder,
  EXPORT_FORMATS,
  type ExportFormat,
} from '../../worker/vocabulary.ts';
import { isDay } from '../lib/day.ts';

/** Days are YYYY-MM-DD, both included. */
export type Choice = {
  format: ExportFormat;
  from: string;
  to: string;
  dates: DateOrder;
};

/** Formats whose days are written as the region does; Sage's, ISO's and UBL's are fixed. */
export const hasDateOrder = (format: ExportFormat): boolean =>
  format === 'xero' || format === 'quickbooks';

/** The order in which a language (BCP 47) writes a day, by which a file is read rightly where it is used. Pure. */
export function dateOrderIn(language: string): DateOrder {
  const parts = new Intl.DateTimeFormat(language, { dateStyle: 'short' }).formatToParts(0);
  const order = parts.map(({ type }) => type).filter((type) => /^(day|month|year)$/.test(type));
  if (order[0] === 'month') return 'mdy';
  return order[0] === 'day' ? 'dmy' : 'ymd';
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The first and the last day of the month before a moment (milliseconds). Pure. */
export function monthBefore(now: number): { from: string; to: string } {
  const at = new Date(now);
  const [year, month] = [at.getFullYear(), at.getMonth()];
  return { from: dayOf(Date.UTC(year, month - 1, 1)), to: dayOf(Date.UTC(year, month, 0)) };
}

/**
 * The choice that a page's address asks for; what it does not say, or cannot be read, goes without saying. Pure.
 *
 * @param usual format and days where the address has none
 * @param datesFor the order of days that a format's files usually have
 */
export function choiceIn(
  query: Record<string, string | undefined>,
  usual: Omit<Choice, 'dates'>,
  datesFor: (format: ExportFormat) => DateOrder,
): Choice {
  const format = EXPORT_FORMATS.find((each) => each === query.format) ?? usual.format;
  return {
    format,
    from: query.from && isDay(query.from) ? query.from : usual.from,
    to: query.to && isDay(query.to) ? query.to : usual.to,
    dates: DATE_ORDERS.find((each) => each === query.dates) ?? datesFor(format),
  };
}

/** An export's query; `more` is what only some ask for. Pure. */
export function exportQuery(choice: Choice, more: Record<string, string> = {}): string {
  const { format, from, to, dates } = choice;
  const query = { format, from, to, ...(hasDateOrder(format) && { dates }), ...more };
  return String(new URLSearchParams(query));
}
