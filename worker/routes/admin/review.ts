import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { cursorOf, page } from '../../domain/cursor.ts';
import { readPublish } from '../../domain/publish.ts';
import { readReview } from '../../domain/review.ts';
import { listReviewCustomers, REVIEW_CUSTOMERS_PAGE_SIZE } from '../../domain/review-customer.ts';
import { holdReview, moveOf, openReview, readReviewHash } from '../../domain/review-move.ts';
import { excludeFromPublish } from '../../domain/staged-item.ts';
import { AppError } from '../../errors.ts';
import {
  CUSTOMER_SHOWS,
  ITEM_CHANGES,
  ITEM_KINDS,
  PROBLEM_CODES,
  REVIEW_SHOWS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';

const byId = z.object({ org: z.string(), id: z.uuid() });
const query = z.object({
  kind: z.enum(ITEM_KINDS).optional(),
  change: z.enum(ITEM_CHANGES).optional(),
  show: z.enum(REVIEW_SHOWS).default('all'),
  customer: z.string().max(100).optional(),
  problem: z.enum(PROBLEM_CODES).optional(),
  // The place of the last item above: what is under review holds still, or its hash changes.
  cursor: z.coerce.number().int().min(0).max(10_000_000).default(0),
});
const customersQuery = z.object({
  q: z.string().trim().max(100).optional(),
  show: z.enum(CUSTOMER_SHOWS).default('all'),
  cursor: cursorOf(z.string().max(100), z.string().max(100)).optional(),
});
const exclusions = z
  .object({
    items: z
      .array(z.object({ kind: z.enum(ITEM_KINDS), key: z.string().min(1).max(400) }))
      .max(1000)
      .default([]),
    customers: z.array(z.string().max(100)).max(1000).default([]),
    excluded: z.boolean(),
  })
  .refine(({ items, customers }) => items.length + customers.length > 0);

/** What an approver signs: a page of items, and the whole in numbers and in one hash. */
export const review = new Hono<AppEnv>()
  .get('/publishes/:id/review', validate('param', byId), validate('query', query), async (c) => {
    const { id } = c.req.valid('param');
    const { cursor: after, ...filter } = c.req.valid('query');
    const [, [publish], { rows }] = await asStaff(c, (db) => [
      openReview(db, id),
      readPublish(db, id),
      readReview(db, id, { ...filter, after }),
    ]);
    const [found] = rows;
    if (publish === undefined || found === undefined) {
      throw new AppError('not_found', 'no such publish');
    }
    const { totals, imports, nextPlace, ...body } = found.body;
    if (body.preparing > 0) {
      c.env.kick('make-renditions');
    }
    const sum = (of: 'rows' | 'skipped') => imports.reduce((total, next) => total + next[of], 0);
    return c.json(
      {
        publish,
        ...body,
        imports,
        totals: { ...totals, rows: sum('rows'), skipped: sum('skipped') },
        nextCursor: nextPlace === null ? null : String(nextPlace),
      },
      200,
    );
  })
  .get(
    '/publishes/:id/review/customers',
    validate('param', byId),
    validate('query', customersQuery),
    async (c) => {
      const { id } = c.req.valid('param');
      const { cursor: after, ...filter } = c.req.valid('query');
      const [, [publish], { rows }] = await asStaff(c, (db) => [
        openReview(db, id),
        readPublish(db, id),
        listReviewCustomers(db, id, { ...filter, after }),
      ]);
      if (publish === undefined) {
        throw new AppError('not_found', 'no such publish');
      }
      const listed = page(rows, REVIEW_CUSTOMERS_PAGE_SIZE, ({ customer }) => [
        (customer.name ?? '').slice(0, 100),
        customer.key,
      ]);
      const customers = listed.rows.map(({ customer }) => customer);
      return c.json({ customers, nextCursor: listed.nextCursor }, 200);
    },
  )
  .put(
    '/publishes/:id/exclusions',
    accepts('application/json'),
    validate('param', byId),
    validate('json', exclusions),
    async (c) => {
      const { id } = c.req.valid('param');
      const { items, customers, excluded } = c.req.valid('json');
      const [, , before, { rows }, after] = await asStaff(c, (db) => [
        ...holdReview(db, id),
        excludeFromPublish(db, id, { items, customers }, excluded),
        readReviewHash(db, id),
      ]);
      if (rows[0]?.changed === 0) {
        throw new AppError('not_found', 'no such items');
      }
      return c.json({ review: moveOf(before, after) }, 200);
    },
  );
