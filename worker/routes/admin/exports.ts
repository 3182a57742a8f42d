import { Hono } from 'hono';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import {
  findExported,
  listSalesMappings,
  readOf,
  readSupplier,
  setSalesMapping,
  takeSalesExport,
} from '../../domain/export.ts';
import { AppError } from '../../errors.ts';
import { codesOf, previewBody } from '../../exports/preview.ts';
import {
  codesFor,
  exportCodes,
  exportResponse,
  filesOf,
  ofFormat,
  salesQuery,
} from '../export-files.ts';
import { validate } from '../validate.ts';

/** The supplier's invoices for its own books, as its customers see them. */
export const exports = new Hono<AppEnv>()
  .get('/exports', async (c) => {
    const [mappings] = await asStaff(c, (db) => [listSalesMappings(db)]);
    return c.json({ mappings }, 200);
  })
  .get('/exports/preview', validate('query', salesQuery), async (c) => {
    const { format, dates, ...wanted } = c.req.valid('query');
    const [{ rows }, mappings, supplier, [customer]] = await asStaff(c, (db) => [
      takeSalesExport(db, format, wanted, true),
      listSalesMappings(db),
      readSupplier(db),
      findExported(db, wanted.customer),
    ]);
    if (wanted.customer !== undefined && customer === undefined) {
      throw new AppError('not_found', 'no such customer');
    }
    const read = { ...readOf(rows), mappings, supplier };
    return c.json(previewBody('sales', format, read, dates), 200);
  })
  .get('/exports/invoices', validate('query', salesQuery), async (c) => {
    const { format, dates, ...wanted } = c.req.valid('query');
    const isHead = c.req.method === 'HEAD';
    const [{ rows }, mappings, supplier] = await asStaff(c, (db) => [
      takeSalesExport(db, format, wanted, isHead),
      listSalesMappings(db),
      readSupplier(db),
    ]);
    const read = { ...readOf(rows), mappings, supplier };
    const files = filesOf('sales', format, read, dates);
    return exportResponse(files, `${wanted.from}-${wanted.to}`, isHead);
  })
  .get('/exports/mappings/:format', validate('param', ofFormat), async (c) => {
    const { format } = c.req.valid('param');
    const [mappings] = await asStaff(c, (db) => [listSalesMappings(db)]);
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
      const [{ rows }] = await asStaff(c, (db) => [setSalesMapping(db, format, codes)]);
      const [kept] = rows;
      if (kept === undefined) {
        throw new AppError('forbidden', 'a service token keeps no codes');
      }
      return c.json({ codes: kept.codes }, 200);
    },
  );
