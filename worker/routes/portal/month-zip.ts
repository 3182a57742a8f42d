/** A month's end in one file: the papers, the statement, what the books want, and an index. */
import type { Context } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { dayKey } from '../../domain/cursor.ts';
import { takePackDocuments } from '../../domain/document.ts';
import { listExportMappings, readOf, readSupplier, takePackExport } from '../../domain/export.ts';
import { takePackStatement } from '../../domain/statement.ts';
import { AppError } from '../../errors.ts';
import { utf8 } from '../../utf8.ts';
import { DATE_ORDERS } from '../../vocabulary.ts';
import { checkPeriod, packFilesOf } from '../export-files.ts';
import { documentsOf, type MadeFile, sendZip } from './documents-zip.ts';
import { statementCsv } from './statement-csv.ts';
import { statementPdf } from './statements.ts';

/** A stretch of days, or one's own PO number. `dates`: how the export writes days, as remembered unless told. */
export const packQuery = z
  .object({
    from: dayKey.optional(),
    to: dayKey.optional(),
    po: z.string().trim().min(1).max(100).optional(),
    dates: z.enum(DATE_ORDERS).optional(),
  })
  .superRefine((query, context) => {
    const missing = (name: string) =>
      context.addIssue({ code: 'custom', path: [name], message: 'a first and a last day, or po' });
    if (query.po === undefined) {
      if (query.from === undefined) missing('from');
      if (query.to === undefined) missing('to');
    } else if (query.from !== undefined || query.to !== undefined) {
      context.addIssue({ code: 'custom', path: ['po'], message: 'days, or a PO number' });
    }
    checkPeriod(query, context);
  });

/**
 * Serves the documents of a period with its statement, or those of every order with a PO number, and the
 * export in the format that the customer saved last. The index says what the export left out.
 *
 * @throws AppError `not_found` where there is nothing; `too_many_documents`, `zip_too_large`,
 *   `document_unavailable`, `statement_broken`
 */
export async function serveMonth(
  c: Context<AppEnv>,
  { dates, ...wanted }: z.infer<typeof packQuery>,
): Promise<Response> {
  const isHead = c.req.method === 'HEAD';
  const [{ rows: taken }, { rows: exported }, mappings, supplier, account] = await asCustomer(
    c,
    null,
    (db) => [
      takePackDocuments(db, { ...wanted, isHead }),
      // Which format it is in, the database decides: a generic CSV stands in for what makes no file.
      takePackExport(db, wanted, isHead),
      listExportMappings(db),
      readSupplier(db),
      takePackStatement(db, wanted, isHead),
    ],
  );
  const papers = documentsOf(taken);
  const written = packFilesOf(
    exported[0]?.format,
    { ...readOf(exported), mappings, supplier },
    dates,
  );
  const [statement] = account.rows;
  if (papers.length === 0 && written.files.length === 0 && statement === undefined) {
    throw new AppError('not_found', 'no documents');
  }
  const name = wanted.po === undefined ? `${wanted.from}-${wanted.to}` : wanted.po;
  const files: MadeFile[] = written.files.map((file) => ({
    name: file.name,
    kind: 'export',
    bytes: utf8(file.text),
  }));
  if (statement && !isHead) {
    const text = utf8(statementCsv(statement));
    const pdf = await statementPdf(c, statement);
    files.push(
      { ...pdf, kind: 'statement', reference: statement.reference },
      { name: pdf.name.replace(/pdf$/, 'csv'), kind: 'statement', bytes: text },
    );
  }
  return sendZip(c, `documents-${name}`, papers, { files, notWritten: written.notWritten });
}
