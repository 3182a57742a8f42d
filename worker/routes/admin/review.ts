import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { readPublish } from '../../domain/publish.ts';
import { REVIEW_PAGE_SIZE, readReview } from '../../domain/review.ts';
import { AppError } from '../../errors.ts';
import { ITEM_CHANGES, ITEM_KINDS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const query = z.object({
  kind: z.enum(ITEM_KINDS).optional(),
  change: z.enum(ITEM_CHANGES).optional(),
  show: z.enum(['all', 'problems', 'ticks', 'overrides']).default('all'),
  customer: z.string().max(100).optional(),
  // How many items are above: what is under review holds still, or its hash changes.
  cursor: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

/** What an approver signs: a page of items, and the whole in numbers and in one hash. */
export const review = new Hono<AppEnv>().get(
  '/publishes/:id/review',
  validate('param', byId),
  validate('query', query),
  async (c) => {
    const { id } = c.req.valid('param');
    const { cursor: offset, ...filter } = c.req.valid('query');
    const [[publish], { rows }] = await asStaff(c, (db) => [
      readPublish(db, id),
      readReview(db, id, { ...filter, offset }),
    ]);
    const [found] = rows;
    if (publish === undefined || found === undefined) {
      throw new AppError('not_found', 'no such publish');
    }
    const { totals, imports, ...body } = found.body;
    if (body.preparing > 0) {
      c.env.kick('make-renditions');
    }
    const sum = (of: 'rows' | 'skipped') => imports.reduce((total, next) => total + next[of], 0);
    const end = offset + REVIEW_PAGE_SIZE;
    return c.json(
      {
        publish,
        ...body,
        imports,
        totals: { ...totals, rows: sum('rows'), skipped: sum('skipped') },
        nextCursor: end < body.matching ? String(end) : null,
      },
      200,
    );
  },
);
