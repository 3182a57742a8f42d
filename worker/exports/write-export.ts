/** An export: which documents are in it, which are not and why, and its files. */
import { type Cell, cellText, csvFile, csvLines } from '../csv.ts';
import type { ExportFormat, LeftOutReason } from '../vocabulary.ts';
import { MIXED, ratesOf } from './codes.ts';
import { type Entry, type EntryLine, entryOf } from './entries.ts';
import type { Books, ExportRow } from './export-row.ts';
import { GENERIC_HEADER, genericRows } from './generic.ts';
import { quickbooksBills, quickbooksInvoices, quickbooksRefusal } from './quickbooks.ts';
import { sage, sageRefusal } from './sage50.ts';
import { DUE_DAY, type Sheet, sheetFor } from './sheet.ts';
import { saidRates, ublFile, ublRefusal } from './ubl.ts';
import { unmapped } from './unmapped.ts';
import { xeroBills, xeroInvoices } from './xero.ts';

export type ExportFile = { name: string; type: 'text/csv' | 'application/xml'; text: string };
export type LeftOut = { number: string; kind: ExportRow['kind']; reason: LeftOutReason };

export type Sorted = {
  /** What is written. */
  rows: ExportRow[];
  entries: Entry[];
  leftOut: LeftOut[];
  /** Codes that these documents need and nobody has mapped. */
  unmapped: string[];
  /** Rates for which documents were left out, since nobody says that there are such rates. */
  unsaid: string[];
};

function sheetOf(format: Exclude<ExportFormat, 'csv' | 'ubl'>, { side }: Books): Sheet {
  switch (format) {
    case 'xero':
      return side === 'sales' ? xeroInvoices : xeroBills;
    case 'quickbooks':
      return side === 'sales' ? quickbooksInvoices : quickbooksBills;
    case 'sage50':
      return sage;
  }
}

/** Why a document that could be booked has no place in this format. */
function refusal(
  format: ExportFormat,
  entry: Entry,
  books: Books,
  said: ReadonlySet<string>,
): LeftOutReason | null {
  switch (format) {
    case 'ubl':
      return ublRefusal(entry, books, said);
    case 'quickbooks':
      return quickbooksRefusal(entry, books);
    case 'sage50':
      return sageRefusal(entry, books);
    default:
      return null;
  }
}

/** Which documents an export holds. A generic CSV leaves out only what is held back: every figure may be missing. */
export function sortRows(format: ExportFormat, books: Books, all: readonly ExportRow[]): Sorted {
  const sorted: Sorted = { rows: [], entries: [], leftOut: [], unmapped: [], unsaid: [] };
  const said = format === 'ubl' ? saidRates(books, all) : new Set<string>();
  const refused: EntryLine[] = [];
  for (const row of all) {
    const entry = entryOf(row);
    const reason =
      format === 'csv'
        ? row.leftOut === 'held'
          ? row.leftOut
          : null
        : entry === null
          ? row.leftOut
          : refusal(format, entry, books, said);
    if (reason !== null) {
      sorted.leftOut.push({ number: row.number, kind: row.kind, reason });
      if (reason === 'rates' && entry !== null) refused.push(...entry.lines);
      continue;
    }
    sorted.rows.push(row);
    if (entry) sorted.entries.push(entry);
  }
  const unsaid = ratesOf(refused).filter((rate) => rate !== MIXED && !said.has(rate));
  return { ...sorted, unsaid, unmapped: unmapped(format, books, sorted.entries) };
}

/**
 * The first rows as they will stand in the file, the first where there are several; of UBL, what its documents
 * say. With how many credits stand in a file of their own, and how many are booked as due on their own day, since
 * none is known.
 */
export function previewOf(format: ExportFormat, books: Books, sorted: Sorted, most: number) {
  const { header, ...first } =
    format === 'csv' || format === 'ubl'
      ? {
          header: GENERIC_HEADER,
          rows: firstRows(sorted.rows, (row) => genericRows(row, books), most),
          creditsApart: 0,
          withoutDueDate: 0,
        }
      : previewOfSheet(sheetOf(format, books), books, sorted.entries, most);
  return { header: header.map((name) => name.replace(/^\*/, '')), ...first };
}

function previewOfSheet(sheet: Sheet, books: Books, entries: readonly Entry[], most: number) {
  const inSheet = (each: Sheet) => entries.filter((entry) => sheetFor(sheet, entry) === each);
  const credits = sheet.credits ? inSheet(sheet.credits) : [];
  const first =
    sheet.credits && entries.length > 0 && credits.length === entries.length
      ? sheet.credits
      : sheet;
  return {
    header: first.header,
    rows: firstRows(inSheet(first), (entry) => first.rows(entry, books), most),
    creditsApart: credits.length,
    withoutDueDate: entries.filter(
      (entry) => entry.dueOn === null && sheetFor(sheet, entry).header.includes(DUE_DAY),
    ).length,
  };
}

function firstRows<T>(all: readonly T[], rowsOf: (one: T) => Cell[][], most: number): string[][] {
  const rows: Cell[][] = [];
  for (const one of all) {
    if (rows.length >= most) break;
    rows.push(...rowsOf(one));
  }
  return rows.slice(0, most).map((row) => row.map(cellText));
}

/**
 * The files of an export: several where a program takes only so many documents in one, where a file
 * holds one currency, where credits stand apart, and of UBL one a document. No file is empty.
 */
export function writeExport(format: ExportFormat, books: Books, sorted: Sorted): ExportFile[] {
  if (format === 'ubl') {
    return sorted.entries.map((entry) => ({
      name: `${entry.number}.xml`,
      type: 'application/xml',
      text: ublFile(entry, books),
    }));
  }
  if (format === 'csv') {
    const rows = sorted.rows.flatMap((row) => genericRows(row, books));
    const name = books.side === 'sales' ? 'invoices.csv' : 'bills.csv';
    return rows.length === 0
      ? []
      : [{ name, type: 'text/csv', text: csvFile([GENERIC_HEADER, ...rows]) }];
  }
  const whole = sheetOf(format, books);
  const groups = byCurrency(whole, sorted.entries).flatMap(({ currency, entries }) =>
    [whole, ...(whole.credits ? [whole.credits] : [])].flatMap((sheet) =>
      pieces(
        entries.filter((entry) => sheetFor(whole, entry) === sheet),
        sheet.most,
      ).map((piece, at, all) => ({
        name: [sheet.name, currency, all.length > 1 ? at + 1 : null].filter(Boolean).join('-'),
        sheet,
        piece,
      })),
    ),
  );
  return groups.map(({ name, sheet, piece }) => {
    const rows = piece.flatMap((entry) => sheet.rows(entry, books));
    // Without the mark: these programs know their columns by the first bytes of the file.
    return {
      name: `${name}.csv`,
      type: 'text/csv',
      text: csvLines(sheet.hasHeader ? [sheet.header, ...rows] : rows),
    };
  });
}

/** All in one, or where the file cannot say it, apart by currency when there are several. */
function byCurrency(sheet: Sheet, entries: readonly Entry[]) {
  const currencies = [...new Set(entries.map(({ currency }) => currency))].sort();
  if (sheet.hasCurrency || currencies.length < 2) return [{ currency: null, entries }];
  return currencies.map((currency) => ({
    currency,
    entries: entries.filter((entry) => entry.currency === currency),
  }));
}

function pieces<T>(all: readonly T[], most: number | null): (readonly T[])[] {
  if (all.length === 0) return [];
  if (most === null) return [all];
  const count = Math.ceil(all.length / most);
  return Array.from({ length: count }, (_, at) => all.slice(at * most, (at + 1) * most));
}
