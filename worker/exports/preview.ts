/** What an export comes to before it is a file: whose books, which documents, and the first of its rows. */
import { AppError } from '../errors.ts';
import { type DateOrder, EXPORT_MAX_INVOICES, type ExportFormat } from '../vocabulary.ts';
import { ofCents } from './amounts.ts';
import type { ExportCodes } from './codes.ts';
import type { Books, ExportedOrder, ExportRow, Side } from './export-row.ts';
import { ratesIn } from './unmapped.ts';
import { previewOf, type Sorted, sortRows } from './write-export.ts';

const PREVIEW_ROWS = 20;
/** Left out, and named one by one; there may be more. */
const LEFT_OUT_NAMED = 100;

/** The codes that are kept for a format. */
export type ExportMapping = { format: ExportFormat; codes: ExportCodes };
/** What was read for an export. */
export type ExportRead = {
  documents: { document: ExportRow | null }[];
  /** Those that the documents are of, where the format tells of them. */
  orders: ExportedOrder[];
  mappings: ExportMapping[];
  /** With the ISO instant of the last approved publish. */
  supplier: (Books['supplier'] & { asOf: string | null })[];
};

/** The codes that are kept for a format, none where it has none. */
export const codesOf = (mappings: readonly ExportMapping[], format: ExportFormat): ExportCodes =>
  mappings.find((mapping) => mapping.format === format)?.codes ?? {};

/** The books that are written for. `dates`: as asked for now, else as remembered. */
export function booksOf(
  side: Side,
  format: ExportFormat,
  { mappings, supplier: [supplier] }: Omit<ExportRead, 'documents' | 'orders'>,
  dates?: DateOrder,
): Books {
  const codes = codesOf(mappings, format);
  return {
    side,
    supplier: supplier ?? { name: '', email: null, address: null },
    codes,
    dates: dates ?? codes.dates ?? 'dmy',
  };
}

/** What an export has too much of, by the name of it; null where it fits into one file. */
export function excessOf({ documents }: Pick<ExportRead, 'documents'>): Excess | null {
  if (documents.length > EXPORT_MAX_INVOICES) {
    return { count: `more than ${EXPORT_MAX_INVOICES}`, limit: String(EXPORT_MAX_INVOICES) };
  }
  return documents.some(({ document }) => document === null) ? { lines: 'too many' } : null;
}
type Excess = { count: string; limit: string } | { lines: string };

/** @throws AppError `too_many_documents` for more documents, or lines of them, than one export holds */
export function sortedOf(
  format: ExportFormat,
  books: Books,
  { documents, orders }: ExportRead,
): Sorted {
  const excess = excessOf({ documents });
  if (excess !== null) {
    throw new AppError('too_many_documents', 'too many documents for one export', {
      fields: excess,
    });
  }
  const keyOf = (code: string, number: string | null) => JSON.stringify([code, number]);
  const shown = new Map(orders.map((order) => [keyOf(order.customerCode, order.number), order]));
  return sortRows(
    format,
    books,
    documents.flatMap(({ document }) =>
      document === null
        ? []
        : { ...document, order: shown.get(keyOf(document.customer.code, document.orderNumber)) },
    ),
  );
}

/** The first rows, what is left out and why, what is not mapped, and what the rest adds up to. */
export function previewBody(side: Side, format: ExportFormat, read: ExportRead, dates?: DateOrder) {
  const books = booksOf(side, format, read, dates);
  const sorted = sortedOf(format, books, read);
  const { leftOut, entries } = sorted;
  const sums = new Map<string, { documents: number; net: bigint; tax: bigint; total: bigint }>();
  for (const { currency, net, tax, total } of entries) {
    const sum = sums.get(currency) ?? { documents: 0, net: 0n, tax: 0n, total: 0n };
    sums.set(currency, {
      documents: sum.documents + 1,
      net: sum.net + net,
      tax: sum.tax + tax,
      total: sum.total + total,
    });
  }
  return {
    ...previewOf(format, books, sorted, PREVIEW_ROWS),
    documents: sorted.rows.length,
    sums: [...sums].sort().map(([currency, { documents, net, tax, total }]) => ({
      currency,
      documents,
      net: ofCents(net),
      tax: ofCents(tax),
      total: ofCents(total),
    })),
    asOf: read.supplier[0]?.asOf ?? null,
    leftOut: leftOut.slice(0, LEFT_OUT_NAMED),
    leftOutCount: leftOut.length,
    unmapped: sorted.unmapped,
    rates: format === 'ubl' ? sorted.unsaid : ratesIn(format, entries),
  };
}
export type ExportPreview = ReturnType<typeof previewBody>;
