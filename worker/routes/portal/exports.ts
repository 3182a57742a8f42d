import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  listExportMappings,
  readOf,
  readSupplier,
  setExportMapping,
  takeExport,
} from '../../domain/export.ts';
import { AppError } from '../../errors.ts';
import { codesOf, type ExportRead, previewBody } from '../../exports/preview.ts';
import type { AuditAction } from '../../vocabulary.ts';
import {
  codesFor,
  exportCodes,
  exportQuery,
  exportResponse,
  filesOf,
  ofFormat,
} from '../export-files.ts';
import { validate } from '../validate.ts';
import { readExportsPage } from './exports-page.ts';
import { packQuery, serveMonth } from './month-zip.ts';

/** What a file holds; of one that is only looked at, no event says that it was taken. */
async function readExport(
  c: Context<AppEnv>,
  action: AuditAction | null,
  { format, ...wanted }: Omit<z.infer<typeof exportQuery>, 'dates'>,
  isLook: boolean,
): Promise<ExportRead> {
  const [{ rows }, mappings, supplier] = await asCustomer(c, action, (db) => [
    takeExport(db, format, wanted, isLook),
    listExportMappings(db),
    readSupplier(db),
  ]);
  return { ...readOf(rows), mappings, supplier };
}

/** A customer's invoices for their own books, and a month's papers in one file. */
export const exports = new Hono<AppEnv>()
  .get('/exports', async (c) => c.json(await readExportsPage(c), 200))
  .get('/exports/preview', validate('query', exportQuery), async (c) => {
    const { dates, ...asked } = c.req.valid('query');
    const read = await readExport(c, 'exports.viewed', asked, true);
    return c.json(previewBody('purchases', asked.format, read, dates), 200);
  })
  .get('/exports/invoices', validate('query', exportQuery), async (c) => {
    const { dates, ...asked } = c.req.valid('query');
    const isHead = c.req.method === 'HEAD';
    const read = await readExport(c, null, asked, isHead);
    const files = filesOf('purchases', asked.format, read, dates);
    return exportResponse(files, `${asked.from}-${asked.to}`, isHead);
  })
  .get('/exports/mappings/:format', validate('param', ofFormat), async (c) => {
    const { format } = c.req.valid('param');
    const [mappings] = await asCustomer(c, 'exports.viewed', (db) => [listExportMappings(db)]);
    return c.json({ codes: codesOf(mappings, format) }, 200);
  })
  .put(
    '/exports/mappings/:format',
    accepts('application/json'),
    validate('param', ofFormat),
    validate('json', exportCodes),
    async (c) => {
      const { format } = c.req.valid('param');
      const codes = codesFor(format, c.req.valid('json'));
      const [{ rows }] = await asCustomer(c, null, (db) => [setExportMapping(db, format, codes)]);
      const [kept] = rows;
      if (kept === undefined) {
        throw new AppError('not_found', 'money is not shown through this link');
      }
      return c.json({ codes: kept.codes }, 200);
    },
  )
  .get('/packs/month.zip', validate('query', packQuery), (c) =>
    serveMonth(c, c.req.valid('query')),
  );
