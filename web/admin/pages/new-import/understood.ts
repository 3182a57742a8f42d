/**
 * A cell as it will be understood, while it can still be put right. Only to look at: the Worker reads
 * the file itself, and says of every cell that it cannot read where it stands.
 */

import type { DateOrder, Decimal } from '../../../../worker/vocabulary.ts';
import { CANONICAL_FIELDS, type CanonicalField } from '../../../../worker/vocabulary.ts';
import type { Reading } from '../../imports.ts';

/** Canonical text, as it would be staged; null where the cell cannot be read like this. */
export function understood(
  field: CanonicalField,
  cell: string,
  { dateOrder, decimal }: Pick<Reading, 'dateOrder' | 'decimal'>,
): string | null {
  switch (CANONICAL_FIELDS[field]) {
    case 'date':
      return dayOf(cell, dateOrder);
    case 'moment':
      return momentOf(cell, dateOrder);
    case 'amount':
    case 'price':
    case 'quantity':
    case 'integer':
    case 'rate':
      return decimalOf(cell, decimal);
    default:
      return cell.trim();
  }
}

const ORDER: Record<DateOrder, readonly ['y' | 'm' | 'd', 'y' | 'm' | 'd', 'y' | 'm' | 'd']> = {
  ymd: ['y', 'm', 'd'],
  dmy: ['d', 'm', 'y'],
  mdy: ['m', 'd', 'y'],
};
const TIME = /[T ]+\d{1,2}:\d{2}.*$/;
/** Days since 30 December 1899, as spreadsheets count them; these are 1954 to 2119. */
const SERIAL = /^([2-7]\d{4})(?:[.,]\d+)?$/;
const SERIAL_ZERO = Date.UTC(1899, 11, 30);
const DAY_MILLISECONDS = 86_400_000;

/** A day as YYYY-MM-DD; null where it is none in this order. */
export function dayOf(cell: string, order: DateOrder): string | null {
  const text = cell.trim().replace(TIME, '');
  const serial = SERIAL.exec(text)?.[1];
  if (serial) return iso(new Date(SERIAL_ZERO + Number(serial) * DAY_MILLISECONDS));
  const [, a, b, c] = /^(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,4})\.?$/.exec(text) ?? [];
  if (!a || !b || !c) return null;
  const [one, two, three] = a.length === 4 ? ORDER.ymd : ORDER[order];
  const part = { y: '', m: '', d: '' };
  part[one] = a;
  part[two] = b;
  part[three] = c;
  if (part.y.length !== 4 && part.y.length !== 2) return null;
  const year = Number(part.y) + (part.y.length === 2 ? 2000 : 0);
  const date = new Date(Date.UTC(year, Number(part.m) - 1, Number(part.d)));
  const isReal = date.getUTCMonth() === Number(part.m) - 1 && date.getUTCDate() === Number(part.d);
  return isReal ? iso(date) : null;
}

/** A day with its time of day as that stands; null where one of them is missing. */
function momentOf(cell: string, order: DateOrder): string | null {
  const time = TIME.exec(cell.trim())?.[0].replace(/^[T ]+/, '');
  const day = dayOf(cell, order);
  return day !== null && time ? `${day} ${time}` : null;
}

const iso = (date: Date): string => date.toISOString().slice(0, 10);

/** Decimal text; null where the cell is no number with this separator. */
export function decimalOf(cell: string, decimal: Decimal): string | null {
  const text = cell.replace(/[\s’'%]|\p{Sc}|[A-Za-zł]{1,3}(?=\s|$)|^\s*[A-Z]{3}(?=\s)/gu, '');
  const isNegative = /^\(.*\)$|^-|-$/.test(text);
  const bare = text.replace(/^\(|\)$|^[-+]|-$/g, '');
  const thousands = decimal === ',' ? '.' : ',';
  const [whole = '', fraction, ...more] = bare.split(decimal);
  const groups = whole.split(thousands);
  const isGrouped = groups.slice(1).every((group) => /^\d{3}$/.test(group));
  if (more.length > 0 || !isGrouped || !groups.every((group) => /^\d+$/.test(group))) return null;
  if (fraction !== undefined && !/^\d+$/.test(fraction)) return null;
  const digits = groups.join('') + (fraction === undefined ? '' : `.${fraction}`);
  return (isNegative ? '-' : '') + digits;
}
