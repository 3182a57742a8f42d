/** An export: which documents are in it, which are not and why, and its files. */
import { type Cell, cellText, csvFile, csvLines } from '../csv.ts';
import type { ExportFormat, LeftOutReason } from '../vocabulary.ts';
import { type Entry, entryOf } from './entries.ts';
import type { Books, ExportRow } from './export-row.ts';
import { GENERIC_HEADER, genericRows } from './generic.ts';
import { quickbooksBills, quickbooksInvoices } from './quickbooks.ts';
import { sage } from './sage50.ts';
import type { Sheet } from './sheet.ts';
import { ublFile, ublRefusal } from './ubl.ts';
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
function refusal(format: ExportFormat, entry: Entry, books: Books): LeftOutReason | null {
  if (format === 'ubl') return ublRefusal(entry, books);
  // Without signs, tax that takes back what the net gives cannot be said.
  return format === 'sage50' && entry.net * entry.tax < 0n ? 'signs' : null;
}

/** Which documents an export holds. A generic CSV leaves out only what is held back: every figure may be missing. */
export function sortRows(format: ExportFormat, books: Books, all: readonly ExportRow[]): Sorted {
  const sorted: Sorted = { rows: [], entries: [], leftOut: [], unmapped: [] };
  for (const row of all) {
    const entry = entryOf(row);
    const reason =
      format === 'csv'
        ? row.leftOut === 'held'
          ? row.leftOut
          : null
        : entry === null
          ? row.leftOut
          : refusal(format, entry, books);
    if (reason !== null) {
      sorted.leftOut.push({ number: row.number, kind: row.kind, reason });
      continue;
    }
    sorted.rows.push(row);
    if (entry) sorted.entries.push(entry);
  }
  return { ...sorted, unmapped: unmapped(format, books, sorted.entries) };
}

/** The first rows as they will stand in the file; of UBL, what its documents say. */
export function previewOf(format: ExportFormat, books: Books, sorted: Sorted, most: number) {
  const isGeneric = format === 'csv' || format === 'ubl';
  const header = isGeneric ? GENERIC_HEADER : sheetOf(format, books).header;
  const rows: Cell[][] = [];
  for (const [at, row] of sorted.rows.entries()) {
    if (rows.length >= most) break;
    const entry = sorted.entries[at];
    if (isGeneric) rows.push(...genericRows(row, books));
    else if (entry) rows.push(...sheetOf(format, books).rows(entry, books));
  }
  return {
    header: header.map((name) => name.replace(/^\*/, '')),
    rows: rows.slice(0, most).map((row) => row.map(cellText)),
  };
}

/**
 * The files of an export: several where a program takes only so many documents in one, where a file
 * holds one currency, and of UBL one a document. No file is empty.
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
  const sheet = sheetOf(format, books);
  const groups = byCurrency(sheet, sorted.entries).flatMap(({ currency, entries }) =>
    pieces(entries, sheet.most).map((piece, at, all) => ({
      name: [sheet.name, currency, all.length > 1 ? at + 1 : null].filter(Boolean).join('-'),
      piece,
    })),
  );
  return groups.map(({ name, piece }) => {
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
