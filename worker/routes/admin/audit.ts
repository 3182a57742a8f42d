import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { AUDIT_PAGE_SIZE, listEvents } from '../../domain/audit-event.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import { AUDIT_ACTIONS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const query = z.object({
  action: z.enum(AUDIT_ACTIONS).optional(),
  customer: z.uuid().optional(),
  cursor: cursorOf(momentKey).optional(),
});

/** Who did what: read only, here as in the database. */
export const audit = new Hono<AppEnv>().get('/audit', validate('query', query), async (c) => {
  const [rows] = await asStaff(c, (db) => [listEvents(db, c.req.valid('query'))]);
  const listed = page(rows, AUDIT_PAGE_SIZE, (row) => [row.at, row.id]);
  return c.json({ events: listed.rows, nextCursor: listed.nextCursor }, 200);
});
