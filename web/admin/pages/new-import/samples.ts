/** Cells of the file that show how it is read. */
import {
  CANONICAL_FIELDS,
  type CanonicalField,
  DATE_ORDERS,
  type DateOrder,
  type FieldType,
} from '../../../../worker/vocabulary.ts';
import type { Detected, Reading } from '../../imports.ts';
import { dayOf, decimalOf, understood } from './understood.ts';

const AMOUNTS: ReadonlySet<FieldType> = new Set(['amount', 'price', 'quantity', 'rate']);

export type Sample = {
  /** The column's name in the file. */
  column: string;
  field: CanonicalField;
  cell: string;
  canonical: string | null;
};

function samplesOf(
  { columns }: Pick<Detected, 'columns'>,
  reading: Reading,
  isWanted: (type: FieldType) => boolean,
): Sample[] {
  return columns.flatMap(({ name, samples }, at) => {
    const field = reading.fields[at];
    if (!field || !isWanted(CANONICAL_FIELDS[field])) return [];
    return samples.map((cell) => ({
      column: name,
      field,
      cell,
      canonical: understood(field, cell, reading),
    }));
  });
}

/** The date that tells most: one that reads differently as day and month, else any. */
export function dateSample(detected: Detected, reading: Reading): Sample | undefined {
  const dates = samplesOf(detected, reading, (type) => type === 'date' || type === 'moment');
  return dates.find(({ cell }) => ordersOf(cell).length > 1) ?? dates[0] ?? unusedDate(detected);
}

/** A date in a column that nobody has named yet: the question stands all the same. */
function unusedDate({ columns }: Detected): Sample | undefined {
  const field = 'document_date';
  return columns
    .flatMap(({ name, samples }) => samples.map((cell) => ({ column: name, cell })))
    .map(({ column, cell }) => ({ column, field, cell, canonical: dayOf(cell, 'dmy') }) as const)
    .find(({ cell }) => /\D\d{1,2}\D/.test(cell) && ordersOf(cell).length > 1);
}

/** The orders in which a cell is a date, and a different one in each. */
export function ordersOf(cell: string): { order: DateOrder; day: string }[] {
  const seen = new Set<string>();
  return DATE_ORDERS.flatMap((order) => {
    const day = dayOf(cell, order);
    if (day === null || seen.has(day)) return [];
    seen.add(day);
    return [{ order, day }];
  });
}

/** Whether a cell is a number with either separator, and another with each. */
function isEitherAmount(cell: string): boolean {
  const [point, comma] = [decimalOf(cell, '.'), decimalOf(cell, ',')];
  return point !== null && comma !== null && point !== comma;
}

/**
 * What a column that was mapped by hand leaves open: the file was not looked at for what it holds, so the
 * order of its days, or the sign of its decimals, may be another than was found in other columns.
 */
export function questionsOf(
  { columns, fields, ruledOut, dateOrder, decimal }: Detected,
  column: number,
  field: CanonicalField,
): ('dates' | 'decimals')[] {
  const type = CANONICAL_FIELDS[field];
  const out = ruledOut[column];
  if (type === 'date' || type === 'moment') {
    return out?.dateOrders.includes(dateOrder) ? ['dates'] : [];
  }
  if (!AMOUNTS.has(type)) return [];
  const isKnown = fields.some((found) => found !== null && AMOUNTS.has(CANONICAL_FIELDS[found]));
  const isEither = columns[column]?.samples.some(isEitherAmount) ?? false;
  return out?.decimals.includes(decimal) || (isEither && !isKnown) ? ['decimals'] : [];
}

/** The amount that tells most: one that is a number with either separator, else a long one. */
export function amountSample(detected: Detected, reading: Reading): Sample | undefined {
  const amounts = samplesOf(detected, reading, (type) => AMOUNTS.has(type));
  const byLength = amounts.toSorted((one, other) => other.cell.length - one.cell.length);
  return (
    amounts.find(({ cell }) => isEitherAmount(cell)) ??
    byLength.find(({ canonical }) => canonical !== null) ??
    amounts[0]
  );
}

const LETTERS_SHOWN = 6;

/** Names and cells with letters that encodings disagree on. */
export function letterSamples({ columns }: Pick<Detected, 'columns'>): string[] {
  const all = columns.flatMap(({ name, samples }) => [name, ...samples]);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: whatever is not ASCII, named by its range
  const telling = all.filter((text) => /[^\u0000-\u007f]/.test(text));
  return [...new Set(telling)].slice(0, LETTERS_SHOWN);
}
