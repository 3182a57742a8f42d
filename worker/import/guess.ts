/** Which conventions a file's cells follow, and which of them it leaves open. */

import type { DateOrder, Decimal, Delimiter } from '../vocabulary.ts';
import { CANONICAL_FIELDS, type CanonicalField, type FieldType } from '../vocabulary.ts';
import type { Conventions } from './convention.ts';
import { guessDateOrder, looksLikeDate } from './dates.ts';
import { guessDecimal, looksLikeNumber } from './numbers.ts';

type Guessed = Conventions & { questions: ('dates' | 'decimals')[] };

const DATES: readonly FieldType[] = ['date', 'moment'];
const NUMBERS: readonly FieldType[] = ['amount', 'price', 'quantity', 'rate'];

/**
 * Reads the conventions off the columns that are known to hold dates and numbers, and off those
 * that nobody knows yet and that look like it: of numbers only where no column is known to, since
 * much looks like a number.
 */
export function guessConventions(
  rows: readonly string[][],
  fields: readonly (CanonicalField | null)[],
  delimiter: Delimiter,
): Guessed {
  const questions: Guessed['questions'] = [];
  // Who separates cells by semicolons needs the comma for something else.
  const suggested = delimiter === ';' ? ',' : '.';
  const numbers = columnsOf(fields, NUMBERS);
  const { decimal, certain: isDecimalCertain } = guessDecimal(
    cellsOf(rows, numbers ?? columnsThat(rows, fields, looksLikeNumber), fields),
    suggested,
  );
  if (!isDecimalCertain) questions.push('decimals');

  const dates = [...(columnsOf(fields, DATES) ?? []), ...columnsThat(rows, fields, looksLikeDate)];
  const inDollars = rows.some((cells) => cells[fields.indexOf('currency')] === 'USD');
  const { dateOrder, certain: isOrderCertain } = guessDateOrder(
    [...cellsOf(rows, dates, fields)].map(({ cell }) => cell),
    inDollars ? 'mdy' : 'dmy',
  );
  if (!isOrderCertain) questions.push('dates');
  return { dateOrder, decimal, questions };
}

/** Conventions by which some cell of a column could not be read, were it of dates or of numbers. */
export type RuledOut = { dateOrders: DateOrder[]; decimals: Decimal[] };

/** What each of so many columns rules out. */
export function ruledOutBy(rows: readonly string[][], columns: number): RuledOut[] {
  return Array.from({ length: columns }, (_, column) => {
    const cells = rows.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    return {
      dateOrders: guessDateOrder(cells, 'dmy').ruledOut,
      decimals: guessDecimal(
        cells.map((cell) => ({ cell, isAmount: false })),
        '.',
      ).ruledOut,
    };
  });
}

/** Whether a field's cells are dates, or numbers: what a convention is about. */
export const isRead = {
  dates: (field: CanonicalField) => DATES.includes(CANONICAL_FIELDS[field]),
  decimals: (field: CanonicalField) => NUMBERS.includes(CANONICAL_FIELDS[field]),
};

/** Columns whose field is of one of these types; undefined when there is none. */
function columnsOf(
  fields: readonly (CanonicalField | null)[],
  types: readonly FieldType[],
): number[] | undefined {
  const columns = [...fields.keys()].filter((column) => {
    const field = fields[column];
    return field && types.includes(CANONICAL_FIELDS[field]);
  });
  return columns.length === 0 ? undefined : columns;
}

/** Columns without a field whose filled cells all look like this. */
function columnsThat(
  rows: readonly string[][],
  fields: readonly (CanonicalField | null)[],
  looksLike: (cell: string) => boolean,
): number[] {
  return [...fields.keys()].filter((column) => {
    if (fields[column] !== null) return false;
    const filled = rows.map((cells) => cells[column]).filter((cell) => cell);
    return filled.length > 0 && filled.every((cell) => cell && looksLike(cell));
  });
}

function* cellsOf(
  rows: readonly string[][],
  columns: readonly number[],
  fields: readonly (CanonicalField | null)[],
): Generator<{ cell: string; isAmount: boolean }> {
  for (const column of columns) {
    const field = fields[column];
    const isAmount = field ? CANONICAL_FIELDS[field] === 'amount' : false;
    for (const cells of rows) {
      const cell = cells[column];
      if (cell) yield { cell, isAmount };
    }
  }
}
