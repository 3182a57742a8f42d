import type { DateOrder } from '../vocabulary.ts';

/** A day (`YYYY-MM-DD`) as an accounting program of the region reads it. */
export function writeDay(day: string, order: DateOrder): string {
  const [year = '', month = '', date = ''] = day.split('-');
  if (order === 'ymd') return day;
  return order === 'dmy' ? `${date}/${month}/${year}` : `${month}/${date}/${year}`;
}
