import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { holdReview, moveOf, readReviewHash } from '../../domain/review-move.ts';
import { overrideItem } from '../../domain/staged-item.ts';
import { AppError, type ErrorCode } from '../../errors.ts';
import { ITEM_KINDS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const item = z.object({ kind: z.enum(ITEM_KINDS), key: z.string().min(1).max(400) });
const override = item.extend({
  reason: z.string().trim().min(10).max(500),
  // What the approver saw: an answer is for that, and not for what came after.
  seen: z.object({
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    problems: z
      .array(z.object({ code: z.string().max(60), value: z.string().max(4_000).optional() }))
      .max(50),
  }),
});

type OverrideRow = Awaited<ReturnType<typeof overrideItem>>['rows'][number];
const REFUSALS = {
  forbidden: 'forbidden',
  not_found: 'not_found',
  not_staged: 'publish_not_staged',
  nothing_to_override: 'nothing_to_override',
  review_stale: 'review_stale',
} as const satisfies Record<Exclude<OverrideRow['status'], 'ok'>, ErrorCode>;

/** @throws AppError for every status but `ok` */
function refuseUnlessDone([row]: OverrideRow[]): void {
  if (row === undefined) {
    throw new AppError('internal', 'an override without a status');
  }
  if (row.status !== 'ok') {
    throw new AppError(REFUSALS[row.status], `refused: ${row.status}`);
  }
}

/** Blocking problems that an approver or an owner answers for, by name and with a reason. */
export const overrides = new Hono<AppEnv>()
  .put(
    '/publishes/:id/overrides',
    accepts('application/json'),
    validate('param', byId),
    validate('json', override),
    async (c) => {
      const { id } = c.req.valid('param');
      const [, , before, { rows }, after] = await asStaff(c, (db) => [
        ...holdReview(db, id),
        overrideItem(db, id, c.req.valid('json')),
        readReviewHash(db, id),
      ]);
      refuseUnlessDone(rows);
      return c.json({ review: moveOf(before, after) }, 200);
    },
  )
  .delete(
    '/publishes/:id/overrides',
    validate('param', byId),
    validate('query', item),
    async (c) => {
      const { id } = c.req.valid('param');
      const taken = { ...c.req.valid('query'), reason: null, seen: null } as const;
      const [, , before, { rows }, after] = await asStaff(c, (db) => [
        ...holdReview(db, id),
        overrideItem(db, id, taken),
        readReviewHash(db, id),
      ]);
      refuseUnlessDone(rows);
      return c.json({ review: moveOf(before, after) }, 200);
    },
  );
