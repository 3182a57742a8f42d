import { Hono } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  listExportedOrders,
  listExportMappings,
  readSupplier,
  setExportMapping,
  takeExport,
} from '../../domain/export.ts';
import { AppError } from '../../errors.ts';
import { codesOf, previewBody } from '../../exports/preview.ts';
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

/** A customer's invoices for their own books, and a month's papers in one file. */
export const exports = new Hono<AppEnv>()
  .get('/exports', async (c) => c.json(await readExportsPage(c), 200))
  .get('/exports/preview', validate('query', exportQuery), async (c) => {
    const { format, dates, ...wanted } = c.req.valid('query');
    const [{ rows: documents }, { rows: orders }, mappings, supplier] = await asCustomer(
      c,
      'exports.viewed',
      // As the file has it; none is given.
      (db) => [
        takeExport(db, format, wanted, true),
        listExportedOrders(db, format, wanted),
        listExportMappings(db),
        readSupplier(db),
      ],
    );
    return c.json(
      previewBody('purchases', format, { documents, orders, mappings, supplier }, dates),
      200,
    );
  })
  .get('/exports/invoices', validate('query', exportQuery), async (c) => {
    const { format, dates, ...wanted } = c.req.valid('query');
    const isHead = c.req.method === 'HEAD';
    const [{ rows: documents }, { rows: orders }, mappings, supplier] = await asCustomer(
      c,
      null,
      (db) => [
        takeExport(db, format, wanted, isHead),
        listExportedOrders(db, format, wanted),
        listExportMappings(db),
        readSupplier(db),
      ],
    );
    const files = filesOf('purchases', format, { documents, orders, mappings, supplier }, dates);
    return exportResponse(files, `${wanted.from}-${wanted.to}`, isHead);
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
