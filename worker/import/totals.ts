/** Rows that sum up the rows above them: a report's habit, and about nothing of their own. */

import { CANONICAL_FIELDS, type CanonicalField, type FieldType } from '../vocabulary.ts';

// At the beginning of a cell, as a whole word, in the languages that such reports come in.
const TOTAL_WORDS =
  /^(?:(?:grand|sub|sum)[ -]?total|subtotal|totals?|suma|sumas|razem|łącznie|ogółem|podsumowanie|gesamt(?:summe|betrag)?|zwischensumme|summe|totale|totaal|total general|somme|sous-total)(?![\p{L}\p{N}])/iu;
const ONLY_TOTAL = /^[\p{L}\s-]+[:.]?$/u;

/** Cells that make a row's items. One beside the word means that the row is about something. */
const KEYS: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'customer_code',
  'order_number',
  'document_number',
  'invoice_number',
  'payment_number',
  'contact_email',
  'tracking_number',
]);
const SUMMED: ReadonlySet<FieldType> = new Set<FieldType>([
  'amount',
  'price',
  'quantity',
  'integer',
  'rate',
]);

/**
 * Whether a row is a total: the first filled cell begins with a word for it, and no key is filled.
 * Where that cell is itself in a key's column it must be the word alone, beside nothing but
 * numbers: a customer may well be called Total.
 */
export function isTotals(
  cells: readonly string[],
  fields: readonly (CanonicalField | null)[],
): boolean {
  const first = cells.findIndex((cell) => cell !== '');
  const word = cells[first];
  if (word === undefined || !TOTAL_WORDS.test(word)) return false;
  const isInKey = isKey(fields[first]);
  let numbers = 0;
  for (let column = first + 1; column < cells.length; column++) {
    if (cells[column] === '') continue;
    const field = fields[column];
    if (isKey(field)) return false;
    if (field && SUMMED.has(CANONICAL_FIELDS[field])) numbers++;
    else if (isInKey && field) return false;
  }
  return !isInKey || (numbers > 0 && ONLY_TOTAL.test(word));
}

function isKey(field: CanonicalField | null | undefined): boolean {
  return field !== null && field !== undefined && KEYS.has(field);
}
