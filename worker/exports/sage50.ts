/**
 * Sage 50's audit trail transactions: no header, columns by their place, amounts without a sign. Invoices
 * and credits are told apart by their type.
 */
import { absolute } from './amounts.ts';
import { taxCode } from './codes.ts';
import { writeDay } from './days.ts';
import { type Entry, wholeLine } from './entries.ts';
import type { Books } from './export-row.ts';
import { amount, lineWords, oneLine, type Sheet } from './sheet.ts';

/** What its field takes. */
const DETAILS_MAX_CHARACTERS = 60;

/** No amount may have a sign, so lines of both signs are one. */
function linesOf(entry: Entry) {
  const isCredit = isCreditOf(entry);
  const isOneWay = entry.lines.every(({ net, tax }) =>
    isCredit ? net <= 0n && tax <= 0n : net >= 0n && tax >= 0n,
  );
  return isOneWay ? entry.lines : [wholeLine(entry, entry)];
}

const isCreditOf = ({ kind, total }: Entry) =>
  total < 0n || (total === 0n && kind === 'credit_note');

function typeOf(entry: Entry, { side }: Books): string {
  return `${side === 'purchases' ? 'P' : 'S'}${isCreditOf(entry) ? 'C' : 'I'}`;
}

export const sage: Sheet = {
  header: [
    'Type',
    'Account',
    'Nominal',
    'Dept',
    'Date',
    'Reference',
    'Details',
    'Net',
    'Tax code',
    'Tax',
  ],
  hasHeader: false,
  hasCurrency: false,
  most: null,
  name: 'sage50',
  rows: (entry, books) =>
    linesOf(entry).map((line) => [
      typeOf(entry, books),
      books.side === 'sales' ? entry.customer.code : (books.codes.contact ?? null),
      books.codes.account ?? null,
      books.codes.department ?? '0',
      writeDay(entry.issuedOn, 'dmy'),
      oneLine(entry.number),
      [...lineWords(line)].slice(0, DETAILS_MAX_CHARACTERS).join(''),
      amount(absolute(line.net)),
      taxCode(books.codes, line.rate),
      amount(absolute(line.tax)),
    ]),
};
