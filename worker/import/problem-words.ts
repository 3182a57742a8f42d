/** What is wrong with a row, said beside it in the file that goes back to whoever wrote it. */

import type { ProblemCode } from '../vocabulary.ts';
import type { Problem } from './items.ts';

const WORDS: Partial<Record<ProblemCode, string>> = {
  ragged_row: 'The row has more or fewer cells than the header',
  cell_too_long: 'A cell is too long',
  no_key: 'Nothing in the row says what it is about',
  totals_row: 'This looks like a total, and was left out',
  excel_damage: 'Excel turned this number into a short form, and its digits are lost',
  bad_date: 'This is not a date that can be read with certainty',
  bad_time: 'This is not a day with a time of day that can be read with certainty',
  bad_amount: 'This is not an amount that can be read with certainty',
  bad_number: 'This is not a number',
  bad_currency: 'This is not a currency code',
  bad_email: 'This is not an e-mail address',
  bad_language: 'This language is not offered',
  unknown_status: 'This order status is not known',
  unknown_event_status: 'This shipment status is not known',
  unknown_document_kind: 'This kind of document is not known',
  document_without_kind: 'The row names a document and does not say what kind it is',
  document_without_number: 'The document has no number',
  customer_code_missing: 'The row does not say which customer it belongs to',
  order_missing: 'The row has order lines or a shipment and no order number',
  tracking_number_unlikely: 'This does not look like a tracking number of that carrier',
  contradiction: 'Another row says something else about the same item',
  number_of_two_kinds: 'An invoice and a credit note carry the same number',
  line_unplaced:
    'The row does not say which line of the order it is, and its place is that of another line of an earlier file',
};

const NO_KEY_OF_CELL = 'Nothing says what this cell belongs to, and it was left out';

/**
 * One problem in English: `This is not a date that can be read with certainty (order_date: 31.02.2026)`.
 * Where another row says otherwise, its line is named.
 */
export function problemWords({ code, field, value, otherLine }: Problem): string {
  const isOfCell = code === 'no_key' && field !== undefined;
  const words = isOfCell ? NO_KEY_OF_CELL : (WORDS[code] ?? code.replaceAll('_', ' '));
  const told = [
    ...(field === undefined ? [] : [value === undefined ? field : `${field}: ${value}`]),
    ...(otherLine === undefined ? [] : [`line ${otherLine}`]),
  ];
  return told.length === 0 ? words : `${words} (${told.join(', ')})`;
}
