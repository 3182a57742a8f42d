/** Orders as a customer reads them: the policy decides which, the scope whether with amounts. */
import { and, asc, count, desc, eq, inArray, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import {
  documents,
  orderAmounts,
  orderLineAmounts,
  orderLines,
  orders,
  shipments,
} from '../database/schema.ts';
import { anywhere, instant } from '../database/text.ts';
import {
  ACTIVE_ORDER_STATUSES,
  type OrderFilter,
  type OrderSort,
  type OrderStatus,
  type ShipmentStatus,
  UNDER_WAY_STATUSES,
} from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

export type OrderRow = {
  id: string;
  number: string;
  /** Day, YYYY-MM-DD. */
  placedOn: string;
  status: OrderStatus | null;
  itemsCount: number | null;
  poNumber: string | null;
  expectedDelivery: string | null;
  /** When the last parcel of a delivered order came (RFC 3339); null where that is not known of each. */
  deliveredAt: string | null;
  currency: string | null;
  /** Decimal text, beside `currency`; null when not shown to this customer or through this link. */
  total: string | null;
  documents: number;
  /** Of the newest parcel; null when none is shown. */
  trackingNumber: string | null;
};

const rowColumns = {
  id: orders.id,
  number: orders.number,
  placedOn: orders.placedOn,
  // The check on the column is the vocabulary's list.
  status: sql<OrderStatus | null>`${orders.status}`,
  itemsCount: orders.itemsCount,
  poNumber: orders.poNumber,
  expectedDelivery: orders.expectedDelivery,
  currency: orderAmounts.currency,
  total: orderAmounts.total,
  documents: sql<number>`(select count(*)::int from ${documents} where ${documents.orderId} = ${orders.id})`,
};

/** A parcel of which nobody has heard yet is on its way while its order is. */
const isUnderWay = or(
  inArray(shipments.status, [...UNDER_WAY_STATUSES]),
  and(eq(shipments.status, 'unknown'), eq(orders.status, 'shipped')),
);

function ofStatus(filter: OrderFilter): SQL | undefined {
  if (filter === 'all') {
    return undefined;
  }
  return filter === 'active'
    ? inArray(orders.status, [...ACTIVE_ORDER_STATUSES])
    : eq(orders.status, filter);
}

/** The statuses of a filter as a Postgres array, or null for every one. */
function statuses(filter: OrderFilter): string | null {
  const wanted = filter === 'active' ? ACTIVE_ORDER_STATUSES : [filter];
  return filter === 'all' ? null : `{${wanted.join(',')}}`;
}

export type OrdersQuery = {
  status: OrderFilter;
  sort?: OrderSort | undefined;
  q?: string | undefined;
  /** Placed from one day to another (YYYY-MM-DD), both included. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: Cursor | undefined;
};

/** A page of orders and one row more. The search is for a number: an order's, a customer's own, a document's. */
export function listOrders(db: Db, query: OrdersQuery) {
  const { status, sort = 'newest', q, from, to, cursor } = query;
  const [key, id] = cursor ?? [null, null];
  return db
    .select({
      id: sql<string>`o.id`,
      number: sql<string>`o.number`,
      placedOn: sql<string>`o.placed_on`,
      status: sql<OrderStatus | null>`o.status`,
      itemsCount: sql<number | null>`o.items_count`,
      poNumber: sql<string | null>`o.po_number`,
      expectedDelivery: sql<string | null>`o.expected_delivery`,
      currency: sql<string | null>`o.currency`,
      total: sql<string | null>`o.total`,
      // As its page says it. What came before parcels knew of it, only their events tell.
      deliveredAt: sql<string | null>`case when o.status = 'delivered' then (
        select case when bool_and(p.at is not null) then ${instant(sql`max(p.at)`)} end
          from (select coalesce(s.delivered_at, (
                         select max(e.at) from portal.tracking_events e
                          where e.shipment_id = s.id and e.status = 'delivered')) as at
                  from portal.shipments s where s.order_id = o.id) p) end`,
      documents: sql<number>`o.documents`,
      trackingNumber: sql<string | null>`o.tracking_number`,
      sortKey: sql<string>`o.sort_key`,
    })
    .from(
      sql`portal.list_orders(${statuses(status)}::text[], ${q ? anywhere(q) : null}, ${from ?? null}::date,
            ${to ?? null}::date, ${sort}, ${key}, ${id}::uuid) o`,
    );
}

/** How many orders there are of each filter. */
export function countOrders(db: Db) {
  const of = (filter: OrderFilter) =>
    sql<number>`count(*) filter (where ${ofStatus(filter) ?? sql`true`})::int`;
  return db
    .select({
      all: sql<number>`${count()}::int`,
      active: of('active'),
      shipped: of('shipped'),
      delivered: of('delivered'),
      cancelled: of('cancelled'),
    })
    .from(orders);
}

/** Orders that were there before and whose status changed since the last visit, the latest first; none the first time. */
export function listMovedOrders(db: Db, limit: number) {
  return db
    .select({
      id: orders.id,
      number: orders.number,
      status: rowColumns.status,
      statusAt: instant(orders.statusAt),
    })
    .from(orders)
    .where(
      and(
        sql`${orders.statusAt} > (select v.new_since from portal.visit() v)`,
        // What came since is new as a whole.
        sql`${orders.firstShownAt} <= (select v.new_since from portal.visit() v)`,
        isNotNull(orders.status),
      ),
    )
    .orderBy(desc(orders.statusAt), desc(orders.id))
    .limit(limit);
}

/** When a parcel arrives: its carrier knows best. */
const saidDay = sql`coalesce(${shipments.carrierEstimate}, ${shipments.estimatedDelivery}, ${orders.expectedDelivery})`;
const predictedDay = sql`coalesce(${shipments.predictedLatest}, ${shipments.predictedDelivery})`;

/** Parcels on their way, the one that is expected first at the top. */
export function listUnderWay(db: Db, limit: number) {
  return db
    .select({
      id: shipments.id,
      orderId: orders.id,
      orderNumber: orders.number,
      carrier: shipments.carrier,
      trackingNumber: shipments.trackingNumber,
      status: sql<ShipmentStatus>`${shipments.status}`,
      shippedOn: shipments.shippedOn,
      estimatedDelivery: sql<string | null>`coalesce(${saidDay}, ${predictedDay})`,
      /** Nobody said the day: it is what parcels like it took. */
      isEstimate: sql<boolean>`${saidDay} is null`,
    })
    .from(shipments)
    .innerJoin(orders, eq(orders.id, shipments.orderId))
    .where(isUnderWay)
    .orderBy(sql`coalesce(${saidDay}, ${predictedDay}) asc nulls last`, desc(shipments.id))
    .limit(limit);
}

/** How many parcels are on their way. */
export function countUnderWay(db: Db) {
  return db
    .select({ underWay: sql<number>`${count()}::int` })
    .from(shipments)
    .innerJoin(orders, eq(orders.id, shipments.orderId))
    .where(isUnderWay);
}

/** One order, or no row when it is not visible to this customer. */
export function readOrder(db: Db, id: string) {
  return db
    .select({
      ...rowColumns,
      cancelledOn: orders.cancelledOn,
      expectedShip: orders.expectedShip,
      deliveryAddress: orders.deliveryAddress,
      subtotal: orderAmounts.subtotal,
      tax: orderAmounts.tax,
      shipping: orderAmounts.shipping,
    })
    .from(orders)
    .leftJoin(orderAmounts, eq(orderAmounts.orderId, orders.id))
    .where(eq(orders.id, id));
}

/** The event that this order was looked at, or in vain; goes with the queries that show it. */
export function auditOrderView(db: Db, id: string) {
  return db.execute(sql`select portal.view_order(${id}::uuid)`);
}

/** An order's lines, in their order, with their amounts where these may be seen. */
export function listOrderLines(db: Db, orderId: string | SQL) {
  return db
    .select({
      lineNumber: orderLines.lineNumber,
      itemCode: orderLines.itemCode,
      description: orderLines.description,
      quantity: orderLines.quantity,
      unit: orderLines.unit,
      unitPrice: orderLineAmounts.unitPrice,
      taxRate: orderLineAmounts.taxRate,
      total: orderLineAmounts.total,
    })
    .from(orderLines)
    .leftJoin(orderLineAmounts, eq(orderLineAmounts.lineId, orderLines.id))
    .where(eq(orderLines.orderId, orderId))
    .orderBy(asc(orderLines.lineNumber));
}

type OrderDetail = Awaited<ReturnType<typeof readOrder>>[number];

/** The order page's order: amounts together, null when there are none to show. */
export function presentOrder({ subtotal, tax, shipping, ...order }: OrderDetail) {
  const { currency, total } = order;
  return {
    ...order,
    amounts: currency === null ? null : { currency, subtotal, tax, shipping, total },
  };
}
