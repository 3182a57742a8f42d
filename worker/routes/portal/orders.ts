import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { cursorOf, dayKey } from '../../domain/cursor.ts';
import { listOrders } from '../../domain/order.ts';
import { ORDER_FILTERS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { orderPage, readOrderPage } from './resources.ts';

const listQuery = z.object({
  status: z.enum(ORDER_FILTERS).default('all'),
  q: z.string().trim().max(100).optional(),
  cursor: cursorOf(dayKey).optional(),
});
const orderParam = z.object({ token: z.string(), id: z.uuid() });

/** A customer's orders. */
export const orders = new Hono<AppEnv>()
  .get('/orders', validate('query', listQuery), async (c) => {
    const query = c.req.valid('query');
    const [rows] = await asCustomer(c, 'orders.listed', (db) => [listOrders(db, query)]);
    return c.json(orderPage(rows), 200);
  })
  .get('/orders/:id', validate('param', orderParam), async (c) =>
    c.json(await readOrderPage(c, c.req.valid('param').id), 200),
  );
