/** What the exports of both audiences are asked with and answered with. */
import { z } from 'zod';
import { dayKey } from '../domain/cursor.ts';
import type { ExportMapping, readSupplier } from '../domain/export.ts';
import { AppError } from '../errors.ts';
import { ofCents } from '../exports/amounts.ts';
import type { ExportCodes } from '../exports/codes.ts';
import { MIXED } from '../exports/codes.ts';
import type { Books, ExportRow, Side } from '../exports/export-row.ts';
import {
  type ExportFile,
  previewOf,
  type Sorted,
  sortRows,
  writeExport,
} from '../exports/write-export.ts';
import { crc32 } from '../pdf/crc32.ts';
import {
  DATE_ORDERS,
  type DateOrder,
  EXPORT_FORMATS,
  EXPORT_MAX_INVOICES,
  type ExportFormat,
} from '../vocabulary.ts';
import { planZip, uniqueNames } from '../zip.ts';
import { attachmentHeaders } from './file-headers.ts';

export const EXPORT_YEARS_MAX = 2;
const PREVIEW_ROWS = 20;
/** Left out, and named one by one; there may be more. */
const LEFT_OUT_NAMED = 100;

/** Whether a period is the right way round, and no longer than {@link EXPORT_YEARS_MAX}; `to` is what is wrong. */
export function checkPeriod(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (!dayKey.safeParse(from).success || from === undefined || to === undefined) return;
  const wrong = (message: string) => context.addIssue({ code: 'custom', path: ['to'], message });
  const last = `${Number(from.slice(0, 4)) + EXPORT_YEARS_MAX}${from.slice(4)}`;
  if (to < from) wrong('before the first day');
  else if (to > last) wrong(`more than ${EXPORT_YEARS_MAX} years after the first day`);
}

const asked = {
  format: z.enum(EXPORT_FORMATS),
  from: dayKey,
  to: dayKey,
  dates: z.enum(DATE_ORDERS).optional(),
};
export const exportQuery = z.object(asked).superRefine(checkPeriod);
export const salesQuery = z
  .object({ ...asked, customer: z.uuid().optional() })
  .superRefine(checkPeriod);

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text), 'one line')
    .optional();
const country = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z]{2}$/, 'two letters, e.g. DE')
  .optional();
/** A scheme of Peppol's list and an id, e.g. 0088:7300010000001. */
const endpoint = z
  .string()
  .trim()
  .max(120)
  .regex(/^[0-9A-Z]{2,4}:\S+$/, 'a scheme and an id, e.g. 0088:7300010000001')
  .optional();
const TAX_CODES_MAX = 30;
export const exportCodes = z.strictObject({
  contact: line(120),
  account: line(120),
  taxAccount: line(120),
  department: line(20),
  taxCodes: z
    .record(
      z.string().regex(new RegExp(`^(${MIXED}|\\d{1,3}(\\.\\d{1,4})?)$`)),
      z.string().trim().min(1).max(60),
    )
    .refine((codes) => Object.keys(codes).length <= TAX_CODES_MAX, `at most ${TAX_CODES_MAX}`)
    .optional(),
  dates: z.enum(DATE_ORDERS).optional(),
  sellerTaxId: line(40),
  sellerCountry: country,
  sellerEndpoint: endpoint,
  buyerTaxId: line(40),
  buyerCountry: country,
  buyerEndpoint: endpoint,
});

/** What was read for an export. */
export type ExportRead = {
  documents: { document: ExportRow }[];
  mappings: ExportMapping[];
  supplier: Awaited<ReturnType<typeof readSupplier>>;
};

/** The books that are written for. `dates`: as asked for now, else as remembered. */
export function booksOf(
  side: Side,
  format: ExportFormat,
  { mappings, supplier: [supplier] }: Omit<ExportRead, 'documents'>,
  dates?: DateOrder,
): Books {
  const codes: ExportCodes = mappings.find((mapping) => mapping.format === format)?.codes ?? {};
  return {
    side,
    supplier: supplier ?? { name: '', email: null, address: null },
    codes,
    dates: dates ?? codes.dates ?? 'dmy',
  };
}

/** @throws AppError `too_many_documents` for more documents than one export holds */
function sortedOf(format: ExportFormat, books: Books, { documents }: ExportRead): Sorted {
  if (documents.length > EXPORT_MAX_INVOICES) {
    throw new AppError('too_many_documents', 'too many documents for one export', {
      fields: { count: `more than ${EXPORT_MAX_INVOICES}`, limit: String(EXPORT_MAX_INVOICES) },
    });
  }
  return sortRows(
    format,
    books,
    documents.map(({ document }) => document),
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
  const lines = entries.flatMap((entry) => entry.lines);
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
    leftOut: leftOut.slice(0, LEFT_OUT_NAMED),
    leftOutCount: leftOut.length,
    unmapped: sorted.unmapped,
    /** Every rate there is a code for to give. */
    rates: [...new Set(lines.map(({ rate }) => rate ?? MIXED))].sort(),
    /** Booked as due on their own day, since none is known. */
    withoutDueDate: entries.filter(({ dueOn }) => dueOn === null).length,
  };
}
export type ExportPreview = ReturnType<typeof previewBody>;

/**
 * The files of an export, under names that unzip anywhere; none where nothing can be exported.
 *
 * @throws AppError `too_many_documents`; `invalid` for UBL whose seller is not said
 */
export function filesOf(
  side: Side,
  format: ExportFormat,
  read: ExportRead,
  dates?: DateOrder,
): ExportFile[] {
  const books = booksOf(side, format, read, dates);
  const sorted = sortedOf(format, books, read);
  if (format === 'ubl' && sorted.unmapped.length > 0) {
    throw new AppError('invalid', 'UBL names its seller', {
      fields: Object.fromEntries(sorted.unmapped.map((name) => [name, 'is not mapped'])),
    });
  }
  const files = writeExport(format, books, sorted);
  const names = uniqueNames(files.map(({ name }) => name));
  return files.map((file, at) => ({ ...file, name: names[at] ?? file.name }));
}

// Its own declarations leave open which buffer: it is a new one.
export const bytesOf = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;

/**
 * An export as a file, or several as a ZIP.
 *
 * @throws AppError `not_found` where there is nothing
 */
export function exportResponse(files: readonly ExportFile[], period: string, look: boolean) {
  const [first, second] = files;
  if (first === undefined) {
    throw new AppError('not_found', 'nothing to export');
  }
  if (second === undefined) {
    const name = first.name.replace(/(?=\.csv$)/, `-${period}`);
    const headers = attachmentHeaders(name, `${first.type}; charset=utf-8`);
    return new Response(look ? null : first.text, { status: 200, headers });
  }
  const headers = attachmentHeaders(`export-${period}.zip`, 'application/zip');
  if (look) {
    return new Response(null, { status: 200, headers });
  }
  const bytes = files.map(({ text }) => bytesOf(text));
  const plan = planZip(
    files.map(({ name }, at) => {
      const body = bytes[at] ?? new Uint8Array();
      return { name, size: body.byteLength, crc32: crc32(body), modifiedAt: new Date() };
    }),
  );
  headers.set('Content-Length', String(plan.length));
  const parts = plan.headers.flatMap((header, at) => [header, bytes[at] ?? new Uint8Array()]);
  return new Response(new Blob([...parts, plan.end]), { status: 200, headers });
}
