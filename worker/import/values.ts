/** One cell to the canonical text of its field's type, or why not. Money stays text throughout. */

import type { Decimal } from '../vocabulary.ts';
import {
  CANONICAL_FIELDS,
  type CanonicalField,
  type FieldType,
  type ProblemCode,
} from '../vocabulary.ts';
import type { Conventions } from './convention.ts';
import { readDate } from './dates.ts';
import { readMoment } from './moments.ts';
import { readNumber } from './numbers.ts';
import { kindOf, localeOf, shipmentStatusOf, statusOf } from './words.ts';

export type CellValue = { value: string } | { problem: ProblemCode };

const IDENTIFIER_MAX_CHARACTERS = 100;
const TEXT_MAX_CHARACTERS = 2_000;
const EMAIL_MAX_CHARACTERS = 254; // RFC 5321, 4.5.3.1.3
const INTEGER_DIGITS = 12;

// What a spreadsheet leaves behind when it took a number for a number: 1.23E+11, #N/A, ####.
const EXCEL_DAMAGE =
  /^(?:\d+(?:[.,]\d+)?E\+\d+|#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!)|#{2,})$/i;
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const INTEGER = /^\d{1,9}$/;

/** Fields whose text may run over several lines. */
const MULTILINE: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'delivery_address',
  'line_description',
]);

/**
 * Reads a cell that is not blank, by the file's conventions. Dates become `YYYY-MM-DD` (a time is
 * cut off; years 1990 to 2100), moments what `readMoment` gives, amounts have 2 decimals, quantities, prices and rates are plain
 * decimals without needless zeros, statuses, kinds and languages are the vocabulary's words,
 * e-mail addresses are lower case, a file name has lost its path. A number or a date that is
 * written in another way than the file's is refused, not guessed.
 */
export function readCell(
  field: CanonicalField,
  cell: string,
  { dateOrder, decimal: sign }: Conventions,
): CellValue {
  if (field === 'file_name') return fileName(cell);
  const type: FieldType = CANONICAL_FIELDS[field];
  switch (type) {
    case 'identifier':
      return identifier(cell);
    case 'text':
      return limited(MULTILINE.has(field) ? cell : oneLine(cell), TEXT_MAX_CHARACTERS);
    case 'email':
      return email(cell);
    case 'locale':
      return word(localeOf(cell), 'bad_language');
    case 'order_status':
      return word(statusOf(cell), 'unknown_status');
    case 'shipment_status':
      return word(shipmentStatusOf(cell), 'unknown_event_status');
    case 'document_kind':
      return word(kindOf(cell), 'unknown_document_kind');
    case 'date':
      return date(cell, dateOrder);
    case 'moment':
      return moment(cell, dateOrder);
    case 'currency':
      return currency(cell);
    case 'integer':
      return INTEGER.test(cell) ? { value: withoutZeros(cell) } : unread(cell, 'bad_number');
    case 'amount':
      return amount(cell, sign);
    case 'price':
      return decimal(cell, sign, { whole: INTEGER_DIGITS, fraction: 6 }, 'bad_amount');
    case 'quantity':
      return decimal(cell, sign, { whole: INTEGER_DIGITS, fraction: 6 }, 'bad_number');
    case 'rate':
      return decimal(
        cell.replace(/[ \u00a0\u202f]?%$/, ''),
        sign,
        { whole: 3, fraction: 4 },
        'bad_number',
      );
  }
}

function oneLine(cell: string): string {
  return /\s/.test(cell) ? cell.replace(/\s+/g, ' ') : cell;
}

function limited(value: string, characters: number): CellValue {
  return value.length > characters ? { problem: 'cell_too_long' } : { value };
}

function word(value: string | undefined, problem: ProblemCode): CellValue {
  return value === undefined ? { problem } : { value };
}

function identifier(cell: string): CellValue {
  if (EXCEL_DAMAGE.test(cell)) return { problem: 'excel_damage' };
  return limited(oneLine(cell), IDENTIFIER_MAX_CHARACTERS);
}

function fileName(cell: string): CellValue {
  const name = oneLine(cell.slice(Math.max(cell.lastIndexOf('/'), cell.lastIndexOf('\\')) + 1));
  return name.length > 255 ? { problem: 'cell_too_long' } : { value: name.trim() };
}

function email(cell: string): CellValue {
  // The length first: it bounds the work of the pattern.
  const address = cell.length <= EMAIL_MAX_CHARACTERS ? cell.toLowerCase() : '';
  return EMAIL.test(address) && address.indexOf('@') <= 64
    ? { value: address }
    : { problem: 'bad_email' };
}

function date(cell: string, order: Conventions['dateOrder']): CellValue {
  const value = readDate(cell, order);
  return value === undefined ? unread(cell, 'bad_date') : { value };
}

function moment(cell: string, order: Conventions['dateOrder']): CellValue {
  const value = readMoment(cell, order);
  return value === undefined ? unread(cell, 'bad_time') : { value };
}

/** A cell that is none of its type: `#REF!` and `####` say themselves what happened to them. */
function unread(cell: string, problem: ProblemCode): CellValue {
  return { problem: cell.startsWith('#') && EXCEL_DAMAGE.test(cell) ? 'excel_damage' : problem };
}

let currencies: ReadonlySet<string> | undefined;

function currency(cell: string): CellValue {
  const code = cell.toUpperCase();
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(code) ? { value: code } : { problem: 'bad_currency' };
}

function amount(cell: string, sign: Decimal): CellValue {
  const read = decimal(cell, sign, { whole: INTEGER_DIGITS, fraction: 2 }, 'bad_amount');
  if ('problem' in read) return read;
  const [whole = '', cents = ''] = read.value.split('.');
  return { value: `${whole}.${cents.padEnd(2, '0')}` };
}

function decimal(
  cell: string,
  sign: Decimal,
  most: { whole: number; fraction: number },
  problem: ProblemCode,
): CellValue {
  const digits = readNumber(cell, sign);
  if (digits === undefined) return unread(cell, problem);
  const integer = withoutZeros(digits.whole);
  if (integer.length > most.whole || digits.fraction.length > most.fraction) return { problem };
  const rest = digits.fraction.replace(/0+$/, '');
  const value = rest === '' ? integer : `${integer}.${rest}`;
  return { value: digits.negative && value !== '0' ? `-${value}` : value };
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '') || '0';
}
