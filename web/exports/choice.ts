/** What of an export a person chooses, and the addresses that it is asked under. */
import type { DateOrder, ExportFormat } from '../../worker/vocabulary.ts';

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

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);

/** The first and the last day of the month before a moment (milliseconds). Pure. */
export function monthBefore(now: number): { from: string; to: string } {
  const at = new Date(now);
  const [year, month] = [at.getFullYear(), at.getMonth()];
  return { from: dayOf(Date.UTC(year, month - 1, 1)), to: dayOf(Date.UTC(year, month, 0)) };
}

/** An export's query; `more` is what only some ask for. Pure. */
export function exportQuery(choice: Choice, more: Record<string, string> = {}): string {
  const { format, from, to, dates } = choice;
  const query = { format, from, to, ...(hasDateOrder(format) && { dates }), ...more };
  return String(new URLSearchParams(query));
}
