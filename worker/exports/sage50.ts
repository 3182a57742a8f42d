/**
 * Sage 50's audit trail transactions: no header, columns by their place, amounts without a sign. Invoices
 * and credits are told apart by their type. Sizes: https://gb-kb.sage.com, "Data fields you can import".
 */
import type { LeftOutReason } from '../vocabulary.ts';
import { absolute } from './amounts.ts';
import { isSageReference, sageCodes, taxCode } from './codes.ts';
import { writeDay } from './days.ts';
import { type Entry, type EntryLine, isCredit, wholeLine } from './entries.ts';
import type { Books } from './export-row.ts';
import { amount, lineWords, oneLine, type Sheet } from './sheet.ts';

/** What its fields take. */
const DETAILS_MAX_CHARACTERS = 60;
const NUMBER_MAX_CHARACTERS = 30;

/** No amount may have a sign, so lines of both signs are one, of their rate where they have one between them. */
export function sageLines(entry: Entry): EntryLine[] {
  const isBelow = isCredit(entry);
  const isOneWay = entry.lines.every(({ net, tax }) =>
    isBelow ? net <= 0n && tax <= 0n : net >= 0n && tax >= 0n,
  );
  if (isOneWay) return entry.lines;
  const [rate = null, ...others] = new Set(entry.lines.map((line) => line.rate));
  return [{ ...wholeLine(entry, entry), rate: others.length === 0 ? rate : null }];
}

function typeOf(entry: Entry, { side }: Books): string {
  return `${side === 'purchases' ? 'P' : 'S'}${isCredit(entry) ? 'C' : 'I'}`;
}

/** Why Sage cannot say an entry. What is cut short would be booked as another's, so it is left out. */
export function sageRefusal(entry: Entry, { side }: Books): LeftOutReason | null {
  // Without signs, tax that takes back what the net gives cannot be said.
  if (entry.net * entry.tax < 0n) return 'signs';
  if (side === 'sales' && !isSageReference(entry.customer.code)) return 'code';
  return [...entry.number].length > NUMBER_MAX_CHARACTERS ? 'number' : null;
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
  rows: (entry, books) => {
    const codes = sageCodes(books.codes);
    // Whoever names none means the first.
    const department = books.codes.department === undefined ? '0' : (codes.department ?? null);
    return sageLines(entry).map((line) => [
      typeOf(entry, books),
      books.side === 'sales' ? entry.customer.code : (codes.contact ?? null),
      codes.account ?? null,
      department,
      writeDay(entry.issuedOn, 'dmy'),
      oneLine(entry.number),
      [...lineWords(line)].slice(0, DETAILS_MAX_CHARACTERS).join(''),
      amount(absolute(line.net)),
      taxCode(codes, line.rate),
      amount(absolute(line.tax)),
    ]);
  },
};
