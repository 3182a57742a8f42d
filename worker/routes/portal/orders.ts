import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { cursorOf, dayKey } from '../../domain/cursor.ts';
import { listOrders } from '../../domain/order.ts';
import {
  ORDER_FILTERS,
  ORDER_SORTS,
  type OrderSort,
  SEARCH_MAX_CHARACTERS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { BACKWARDS, days, inOrder } from './days.ts';
import { orderPage, readOrderPage, readTracking } from './resources.ts';

/** What a list is sorted by, as a cursor says it; `none` for a row that has none. */
const SORT_KEYS: Record<OrderSort, z.ZodType<string, string>> = {
  newest: dayKey,
  oldest: dayKey,
  delivery: z.union([dayKey, z.literal('none')]),
  total: z.union([z.string().regex(/^-?\d{1,12}(\.\d{1,2})?$/), z.literal('none')]),
};

/** A cursor of a list with this sort, without the sort's name. */
function sortCursor(sort: OrderSort) {
  const key = z
    .string()
    .startsWith(`${sort}:`)
    .transform((text) => text.slice(sort.length + 1))
    .pipe(SORT_KEYS[sort]);
  return cursorOf(key).optional();
}

/** Which orders, in which order. */
const orderFields = z.object({
  status: z.enum(ORDER_FILTERS).default('all'),
  q: z.string().trim().max(SEARCH_MAX_CHARACTERS).optional(),
  ...days,
  sort: z.enum(ORDER_SORTS).default('newest'),
});
export const orderFilter = { fields: orderFields, whole: orderFields.refine(inOrder, BACKWARDS) };
const orderQuery = orderFields
  .extend({ cursor: z.string().optional() })
  .refine(inOrder, BACKWARDS)
  .transform(({ cursor, ...query }, context) => {
    const parsed = sortCursor(query.sort).safeParse(cursor);
    if (!parsed.success) {
      context.addIssue({ code: 'custom', path: ['cursor'], message: 'not a cursor of this list' });
      return z.NEVER;
    }
    return { ...query, cursor: parsed.data };
  });
const orderParam = z.object({ token: z.string(), id: z.uuid() });

/** A customer's orders. */
export const orders = new Hono<AppEnv>()
  .get('/orders', validate('query', orderQuery), async (c) => {
    const query = c.req.valid('query');
    const [rows] = await asCustomer(c, 'orders.listed', (db) => [listOrders(db, query)]);
    return c.json(orderPage(rows, query.sort), 200);
  })
  .get('/orders/:id', validate('param', orderParam), async (c) =>
    c.json(await readOrderPage(c, c.req.valid('param').id), 200),
  )
  .get('/orders/:id/tracking', validate('param', orderParam), async (c) =>
    c.json(await readTracking(c, c.req.valid('param').id), 200),
  );
