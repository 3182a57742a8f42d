import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import { listOutbox, OUTBOX_FILTERS, readLetter, requeueLetter } from '../../domain/outbox.ts';
import { liftSuppression } from '../../domain/suppression.ts';
import { AppError } from '../../errors.ts';
import { PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const listQuery = z.object({
  state: z.enum(OUTBOX_FILTERS).optional(),
  template: z
    .string()
    .regex(/^[a-z-]{1,40}$/)
    .optional(),
  q: z.string().trim().max(100).optional(),
  cursor: cursorOf(momentKey).optional(),
});

const REFUSED = {
  not_found: 'no such letter',
  conflict: 'it is not dead, was kept back on purpose, or what it tells of is gone',
  address_suppressed: 'the address is written to no more',
  contact_not_allowed: 'access is paused or ended',
} as const;

/** What was mailed and what became of it; dead letters sent again, and addresses written to again. */
export const outbox = new Hono<AppEnv>()
  .get('/outbox', validate('query', listQuery), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [listOutbox(db, c.req.valid('query'))]);
    const listed = page(rows, PAGE_SIZE, (row) => [row.createdAt, row.id]);
    return c.json({ letters: listed.rows, nextCursor: listed.nextCursor }, 200);
  })
  .get('/outbox/:id', validate('param', byId), async (c) => {
    const [{ rows }] = await asStaff(c, (db) => [readLetter(db, c.req.valid('param').id)]);
    const [letter] = rows;
    if (letter === undefined) {
      throw new AppError('not_found', 'no such letter');
    }
    return c.json({ letter }, 200);
  })
  .post('/outbox/:id/retry', validate('param', byId), async (c) => {
    const { id } = c.req.valid('param');
    const [requeued, { rows }] = await asStaff(c, (db) => [
      requeueLetter(db, id),
      readLetter(db, id),
    ]);
    const status = requeued.rows[0]?.status ?? 'not_found';
    const [letter] = rows;
    if (status !== 'ok' || letter === undefined) {
      const code = status === 'ok' ? 'not_found' : status;
      throw new AppError(code, REFUSED[code]);
    }
    c.env.kick('deliver-mail');
    return c.json({ letter }, 202);
  })
  .put(
    '/suppressions/:id',
    accepts('application/json'),
    validate('param', byId),
    validate('json', z.object({ lifted: z.literal(true) })),
    async (c) => {
      const [{ rows }] = await asStaff(c, (db) => [liftSuppression(db, c.req.valid('param').id)]);
      if (rows.length === 0) {
        throw new AppError('not_found', 'no such suppression');
      }
      return c.body(null, 204);
    },
  );
