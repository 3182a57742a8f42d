import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { decideChange, listChanges, readChange } from '../../domain/change-request.ts';
import { cursorOf, momentKey, page } from '../../domain/cursor.ts';
import { AppError } from '../../errors.ts';
import { CHANGE_REQUEST_STATUSES, PAGE_SIZE } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
/** Open or not, and since when. */
const rankedKey = z
  .string()
  .refine((text) => /^[01]@/.test(text) && momentKey.safeParse(text.slice(2)).success);
const listQuery = z.object({
  status: z.enum(CHANGE_REQUEST_STATUSES).optional(),
  customer: z.uuid().optional(),
  cursor: cursorOf(rankedKey).optional(),
});
const decision = z.discriminatedUnion('status', [
  z
    .strictObject({ status: z.literal('accepted') })
    .transform(({ status }) => ({ status, reason: null })),
  z.strictObject({
    status: z.literal('declined'),
    /** The customer reads it. */
    reason: z.string().trim().min(3).max(1_000),
  }),
]);

/** What customers ask to have changed. Accepting changes nothing that is published. */
export const changeRequests = new Hono<AppEnv>()
  .get('/change-requests', validate('query', listQuery), async (c) => {
    const [rows] = await asStaff(c, (db) => [listChanges(db, c.req.valid('query'))]);
    const listed = page(rows, PAGE_SIZE, (row) => [`${row.rank}@${row.createdAt}`, row.id]);
    return c.json({ changeRequests: listed.rows, nextCursor: listed.nextCursor }, 200);
  })
  .put(
    '/change-requests/:id/decision',
    accepts('application/json'),
    validate('param', byId),
    validate('json', decision),
    async (c) => {
      const { id } = c.req.valid('param');
      const [{ rows }, [changeRequest]] = await asStaff(c, (db) => [
        decideChange(db, id, c.req.valid('json')),
        readChange(db, id),
      ]);
      const status = rows[0]?.status ?? 'not_found';
      if (status !== 'ok') {
        throw new AppError(status, `refused: ${status}`);
      }
      c.env.kick('deliver-mail');
      return c.json({ changeRequest }, 200);
    },
  );
