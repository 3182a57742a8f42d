/** Dates as files write them, and which order of day and month a file uses. */

import type { DateOrder } from '../vocabulary.ts';

const YEAR_MIN = 1990;
const YEAR_MAX = 2100;
// Excel counts days from 1899-12-30; these are 1990-01-01 and 2100-12-31.
const SERIAL_MIN = 32_874;
const SERIAL_MAX = 73_415;
const SERIAL_OF_1970 = 25_569;
const DAY_MS = 86_400_000;
// Two digits of a year: 00 to 89 are of this century.
const CENTURY_TURN = 90;

const TIME =
  '(?:[T ] ?\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?: ?[AP]\\.?M\\.?)?(?: ?(?:Z|[+-]\\d{2}(?::?\\d{2})?))?)?';
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}$`, 'i');
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${TIME}$`, 'i');
const SERIAL = /^\d{5}(?:[.,]\d+)?$/;

/**
 * The day of a cell as `YYYY-MM-DD`, from 1990 to 2100, or undefined; a time is cut off. A year of
 * four digits in front and Excel's day numbers are the same in every order; a year behind is read
 * by the file's order, and not at all where that is `ymd`.
 */
export function readDate(cell: string, order: DateOrder): string | undefined {
  const first = YEAR_FIRST.exec(cell);
  if (first !== null) return dayOf(Number(first[1]), Number(first[3]), Number(first[4]));
  if (SERIAL.test(cell)) return ofSerial(Number.parseInt(cell, 10));
  if (order === 'ymd') return undefined;
  const last = YEAR_LAST.exec(cell);
  if (last === null) return undefined;
  const [one, two, year] = [Number(last[1]), Number(last[3]), yearOf(last[4] ?? '')];
  return order === 'dmy' ? dayOf(year, two, one) : dayOf(year, one, two);
}

/**
 * What a column's cells say of the order: `certain` unless they could be either, or disagree; `ruledOut`
 * are the orders by which some cell would be no date.
 */
export function guessDateOrder(
  cells: Iterable<string>,
  suggested: 'dmy' | 'mdy',
): { dateOrder: DateOrder; certain: boolean; ruledOut: DateOrder[] } {
  let dayFirst = 0;
  let monthFirst = 0;
  let either = 0;
  let short = 0;
  for (const cell of cells) {
    const last = YEAR_LAST.exec(cell);
    if (last === null) continue;
    const [one, two] = [Number(last[1]), Number(last[3])];
    // 26-05-01 may begin with its year: a person has to look at it.
    if (last[4]?.length === 2) short++;
    if (one > 12 && two <= 12) dayFirst++;
    else if (two > 12 && one <= 12) monthFirst++;
    else either++;
  }
  if (dayFirst + monthFirst + either === 0)
    return { dateOrder: 'ymd', certain: true, ruledOut: [] };
  const dateOrder = dayFirst === monthFirst ? suggested : dayFirst > monthFirst ? 'dmy' : 'mdy';
  const certain = short === 0 && (dayFirst === 0) !== (monthFirst === 0);
  const ruledOut: DateOrder[] = ['ymd'];
  if (dayFirst > 0) ruledOut.push('mdy');
  if (monthFirst > 0) ruledOut.push('dmy');
  return { dateOrder, certain, ruledOut };
}

/** Whether a cell is a date whose order has to be known. */
export function looksLikeDate(cell: string): boolean {
  return YEAR_LAST.test(cell);
}

function dayOf(year: number, month: number, day: number): string | undefined {
  if (year < YEAR_MIN || year > YEAR_MAX) return undefined;
  if (day < 1 || day > daysIn(year, month)) return undefined;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function yearOf(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < CENTURY_TURN ? 2000 + year : 1900 + year;
}

function ofSerial(serial: number): string | undefined {
  if (serial < SERIAL_MIN || serial > SERIAL_MAX) return undefined;
  return new Date((serial - SERIAL_OF_1970) * DAY_MS).toISOString().slice(0, 10);
}
