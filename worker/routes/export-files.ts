/** What the exports of both audiences are asked with and answered with. */
import { z } from 'zod';
import { crc32 } from '../crc32.ts';
import { dayKey } from '../domain/cursor.ts';
import { AppError } from '../errors.ts';
import { type ExportCodes, MIXED, wrongCodes } from '../exports/codes.ts';
import type { Books, Side } from '../exports/export-row.ts';
import { booksOf, type ExportRead, excessOf, sortedOf } from '../exports/preview.ts';
import { type ExportFile, type Sorted, writeExport } from '../exports/write-export.ts';
import { utf8 } from '../utf8.ts';
import { DATE_ORDERS, type DateOrder, EXPORT_FORMATS, type ExportFormat } from '../vocabulary.ts';
import { planZip, uniqueNames } from '../zip.ts';
import { attachmentHeaders } from './file-headers.ts';

export const EXPORT_YEARS_MAX = 2;

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

/** Which format's codes are asked for. */
export const ofFormat = z.object({ format: z.enum(EXPORT_FORMATS) });

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

/** Codes as a format takes them. @throws AppError `invalid` for one that it has no place for */
export function codesFor(format: ExportFormat, codes: ExportCodes): ExportCodes {
  const fields = wrongCodes(format, codes);
  if (Object.keys(fields).length > 0) {
    throw new AppError('invalid', 'the format has no place for a code', { fields });
  }
  return codes;
}

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
  return writtenUnder(format, books, sorted);
}

/** What stands in the index of a pack in place of a file or of a document in it. */
export type NotWritten = { kind: string; number: string; reason: string };

/**
 * The files of a pack's export, and what they do not hold. It is in the format that was saved last, or, where
 * the database says so, in another one that can be written; a pack is never refused for its export.
 *
 * @param written the format that portal.take_export chose; undefined where there is no document
 */
export function packFilesOf(
  written: ExportFormat | undefined,
  read: ExportRead,
  dates?: DateOrder,
): { files: ExportFile[]; notWritten: NotWritten[] } {
  const wanted = read.mappings[0]?.format ?? 'csv';
  if (written === undefined) return { files: [], notWritten: [] };
  const excess = excessOf(read);
  if (excess !== null) {
    const reason = 'count' in excess ? excess.count : 'too many lines';
    return { files: [], notWritten: [{ kind: 'export', number: wanted, reason }] };
  }
  const sortedIn = (format: ExportFormat) => {
    const books = booksOf('purchases', format, read, dates);
    return { books, sorted: sortedOf(format, books, read) };
  };
  const { books, sorted } = sortedIn(written);
  const { leftOut, unmapped } = sortedIn(wanted).sorted;
  const missing = written === wanted || unmapped.length === 0 ? 'no_documents' : unmapped.join(' ');
  return {
    files: writtenUnder(written, books, sorted),
    notWritten: [
      ...(written === wanted ? [] : [{ kind: 'export', number: wanted, reason: missing }]),
      ...leftOut,
    ],
  };
}

function writtenUnder(format: ExportFormat, books: Books, sorted: Sorted): ExportFile[] {
  const files = writeExport(format, books, sorted);
  const names = uniqueNames(files.map(({ name }) => name));
  return files.map((file, at) => ({ ...file, name: names[at] ?? file.name }));
}

/**
 * An export as a file, or several as a ZIP.
 *
 * @throws AppError `not_found` where there is nothing
 */
export function exportResponse(files: readonly ExportFile[], period: string, isHead: boolean) {
  const [first, second] = files;
  if (first === undefined) {
    throw new AppError('not_found', 'nothing to export');
  }
  if (second === undefined) {
    const name = first.name.replace(/(?=\.csv$)/, `-${period}`);
    const headers = attachmentHeaders(name, `${first.type}; charset=utf-8`);
    return new Response(isHead ? null : first.text, { status: 200, headers });
  }
  const headers = attachmentHeaders(`export-${period}.zip`, 'application/zip');
  if (isHead) {
    return new Response(null, { status: 200, headers });
  }
  const bytes = files.map(({ text }) => utf8(text));
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
