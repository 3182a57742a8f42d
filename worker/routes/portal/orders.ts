import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { cursorOf, dayKey, page } from '../../domain/cursor.ts';
import { readVisitor } from '../../domain/customer.ts';
import { listOrderDocuments } from '../../domain/document.ts';
import { listOrderIssues } from '../../domain/issue.ts';
import { missingDocuments } from '../../domain/missing-document.ts';
import {
  auditOrderView,
  listOrderLines,
  listOrders,
  type OrderRow,
  type OrdersQuery,
  presentOrder,
  readOrder,
} from '../../domain/order.ts';
import { readOrderAround } from '../../domain/order-around.ts';
import { listShipments, presentShipment } from '../../domain/shipment.ts';
import { AppError } from '../../errors.ts';
import {
  ORDER_FILTERS,
  ORDER_SORTS,
  type OrderSort,
  PAGE_SIZE,
  SEARCH_MAX_CHARACTERS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { BACKWARDS, days, inOrder } from './days.ts';
import { onlyVisitor } from './visitor.ts';

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

type ListedOrder = Awaited<ReturnType<typeof listOrders>>[number];

/** A page of orders from rows that were read one longer. A cursor names its sort: no other may follow it. */
export function orderPage(listed: ListedOrder[], sort: OrderSort = 'newest') {
  const keyOf = ({ sortKey, id }: ListedOrder) => [`${sort}:${sortKey}`, id] as const;
  const { rows, nextCursor } = page(listed, PAGE_SIZE, keyOf);
  const orders: OrderRow[] = rows.map(({ sortKey: _, ...row }) => row);
  return { orders, nextCursor };
}

/** The orders page: who is looking, and the first orders of the list. */
export async function readOrdersPage(c: Context<AppEnv>, query: OrdersQuery) {
  const [visitors, rows] = await asCustomer(c, 'orders.listed', (db) => [
    readVisitor(db),
    listOrders(db, query),
  ]);
  return { ...onlyVisitor(visitors), ...orderPage(rows, query.sort) };
}

/** @throws AppError `not_found` for an order that this customer may not see */
export async function readOrderPage(c: Context<AppEnv>, orderId: string) {
  const [visitors, [order], lines, shipments, documents, issues, around] = await asCustomer(
    c,
    null,
    (db) => [
      readVisitor(db),
      readOrder(db, orderId),
      listOrderLines(db, orderId),
      listShipments(db, orderId),
      listOrderDocuments(db, orderId),
      listOrderIssues(db, orderId),
      readOrderAround(db, orderId),
      auditOrderView(db, orderId),
    ],
  );
  const beside = around.rows[0];
  if (order === undefined || beside === undefined) {
    throw new AppError('not_found', 'no such order');
  }
  const { kinds, previous, next, creditNotes } = beside;
  return {
    ...onlyVisitor(visitors),
    order: presentOrder(order),
    lines,
    shipments: shipments.map(presentShipment),
    documents,
    issues,
    missing: missingDocuments(order.status, kinds, documents),
    creditNotes,
    previous,
    next,
  };
}
export type OrderPage = Awaited<ReturnType<typeof readOrderPage>>;

/** Where an order's parcels are. @throws AppError `not_found` for an order that this customer may not see */
async function readTracking(c: Context<AppEnv>, orderId: string) {
  const [[order], shipments] = await asCustomer(c, null, (db) => [
    readOrder(db, orderId),
    listShipments(db, orderId),
    auditOrderView(db, orderId),
  ]);
  if (order === undefined) {
    throw new AppError('not_found', 'no such order');
  }
  const { id, number, status, expectedDelivery } = order;
  return {
    order: { id, number, status, expectedDelivery },
    shipments: shipments.map(presentShipment),
  };
}

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
