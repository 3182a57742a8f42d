import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { listVersions } from '../../domain/document-history.ts';
import {
  listPartDocuments,
  listParts,
  PART_DOCUMENTS_PAGE_SIZE,
  PARTS_PAGE_SIZE,
  readOutcome,
} from '../../domain/outcome.ts';
import { AppError } from '../../errors.ts';
import { DOCUMENT_KINDS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { partKey } from './parts.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const byNumber = z.object({ org: z.string(), kind: z.enum(DOCUMENT_KINDS), number: partKey });

/** Cuts a list by key that was read one row longer than its page; its cursor is the last key. */
function cut<T extends { key: string }>(rows: T[], size: number) {
  const shown = rows.slice(0, size);
  return { shown, nextCursor: rows.length > size ? (shown.at(-1)?.key ?? null) : null };
}

/** What came of an approval, whole and by customer, and what became of a document. */
export const outcomes = new Hono<AppEnv>()
  .get('/publishes/:id/outcome', validate('param', byId), async (c) => {
    const { id } = c.req.valid('param');
    const [{ rows }] = await asStaff(c, (db) => [readOutcome(db, id)]);
    const [found] = rows;
    if (found === undefined) {
      throw new AppError('not_found', 'no publish that was approved');
    }
    return c.json(found.body, 200);
  })
  .get(
    '/publishes/:id/parts',
    validate('param', byId),
    validate('query', z.object({ cursor: partKey.optional() })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { cursor } = c.req.valid('query');
      const [{ rows }] = await asStaff(c, (db) => [listParts(db, id, cursor)]);
      if (rows.length === 0 && cursor === undefined) {
        throw new AppError('not_found', 'no publish that was approved');
      }
      const { shown, nextCursor } = cut(
        rows.map(({ part }) => part),
        PARTS_PAGE_SIZE,
      );
      return c.json({ parts: shown, nextCursor }, 200);
    },
  )
  .get(
    '/publishes/:id/documents',
    validate('param', byId),
    validate('query', z.object({ customer: partKey, cursor: partKey.optional() })),
    async (c) => {
      const { id } = c.req.valid('param');
      const { customer, cursor } = c.req.valid('query');
      const [{ rows }] = await asStaff(c, (db) => [listPartDocuments(db, id, customer, cursor)]);
      if (rows.length === 0 && cursor === undefined) {
        throw new AppError('not_found', 'no documents of such a part');
      }
      const { shown, nextCursor } = cut(
        rows.map(({ document }) => document),
        PART_DOCUMENTS_PAGE_SIZE,
      );
      return c.json({ documents: shown, nextCursor }, 200);
    },
  )
  .get('/documents/:kind/:number/history', validate('param', byNumber), async (c) => {
    const { kind, number } = c.req.valid('param');
    const [{ rows }] = await asStaff(c, (db) => [listVersions(db, kind, number)]);
    if (rows.length === 0) {
      throw new AppError('not_found', 'no approved publish brought this document');
    }
    return c.json({ versions: rows.map(({ version }) => version) }, 200);
  });
