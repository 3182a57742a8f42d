/** Orders, what is in them, and the parcels that they come in. */
import { sql } from 'drizzle-orm';
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  numeric,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { ORDER_STATUSES, SHIPMENT_STATUSES, SHIPMENT_SUBSTATUSES } from '../../vocabulary.ts';
import { customerReads, id, moment, money, oneOf } from './columns.ts';
import { customers } from './portal.ts';
import {
  orderIsVisible,
  ownCustomer,
  ownCustomerMoney,
  ownerPolicy,
  portal,
  staffPolicy,
} from './roles.ts';

/**
 * A live order: what its approved items say, through the exposure in force. The policy holds the
 * windows; everything that hangs on an order is visible only while the order is.
 */
export const orders = portal.table(
  'orders',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    number: text('number').notNull(),
    numberKey: text('number_key').notNull(),
    placedOn: date('placed_on').notNull(),
    status: text('status'),
    /** When it became what it is. */
    statusAt: moment('status_at').notNull().defaultNow(),
    cancelledOn: date('cancelled_on'),
    expectedShip: date('expected_ship'),
    expectedDelivery: date('expected_delivery'),
    itemsCount: integer('items_count'),
    poNumber: text('po_number'),
    deliveryAddress: text('delivery_address'),
    firstShownAt: moment('first_shown_at').notNull().defaultNow(),
    changedAt: moment('changed_at').notNull().defaultNow(),
  },
  (t) => [
    unique('orders_org_number').on(t.orgId, t.numberKey),
    unique('orders_customer_id').on(t.orgId, t.customerId, t.id),
    // Without the org: else what hangs on an order would be looked up here, not in the key before.
    index('orders_customer_placed').on(
      t.customerId,
      t.placedOn.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    foreignKey({
      name: 'orders_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    check('orders_status', oneOf('status', ORDER_STATUSES)),
    check('orders_cancelled', sql`status <> 'cancelled' or cancelled_on is not null`),
    customerReads(sql`${ownCustomer}
      and placed_on >= (select c.orders_since from portal.context() c)
      and (status is distinct from 'cancelled' or cancelled_on >= (select c.cancelled_since from portal.context() c))
      and (status is distinct from 'draft' or first_shown_at >= (select c.drafts_since from portal.context() c))`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** The order that a child row belongs to: of the same org and the same customer, by constraint. */
export const ofOrder = () => ({
  orgId: uuid('org_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  orderId: uuid('order_id').notNull(),
});

/** An order's money, apart from it, so that a link without financials is refused rows. */
export const orderAmounts = portal.table(
  'order_amounts',
  {
    ...ofOrder(),
    currency: text('currency').notNull(),
    subtotal: money('subtotal'),
    tax: money('tax'),
    shipping: money('shipping'),
    total: money('total'),
  },
  (t) => [
    unique('order_amounts_order').on(t.orderId),
    foreignKey({
      name: 'order_amounts_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }).onDelete('cascade'),
    customerReads(sql`${ownCustomerMoney} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

export const orderLines = portal.table(
  'order_lines',
  {
    id: id(),
    ...ofOrder(),
    lineNumber: integer('line_number').notNull(),
    itemCode: text('item_code'),
    description: text('description'),
    quantity: numeric('quantity'),
    unit: text('unit'),
  },
  (t) => [
    unique('order_lines_number').on(t.orderId, t.lineNumber),
    // What a line's amounts refer to, as whose they are.
    unique('order_lines_order_id').on(t.orgId, t.customerId, t.orderId, t.id),
    foreignKey({
      name: 'order_lines_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }).onDelete('cascade'),
    customerReads(sql`${ownCustomer} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

export const orderLineAmounts = portal.table(
  'order_line_amounts',
  {
    ...ofOrder(),
    lineId: uuid('line_id').notNull(),
    unitPrice: numeric('unit_price'),
    taxRate: numeric('tax_rate'),
    total: money('total'),
  },
  (t) => [
    unique('order_line_amounts_line').on(t.lineId),
    foreignKey({
      name: 'order_line_amounts_of_line',
      columns: [t.orgId, t.customerId, t.orderId, t.lineId],
      foreignColumns: [orderLines.orgId, orderLines.customerId, orderLines.orderId, orderLines.id],
    }).onDelete('cascade'),
    customerReads(sql`${ownCustomerMoney} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

export const shipments = portal.table(
  'shipments',
  {
    id: id(),
    ...ofOrder(),
    shipmentKey: text('shipment_key').notNull(),
    carrier: text('carrier'),
    trackingNumber: text('tracking_number'),
    status: text('status').notNull().default('unknown'),
    substatus: text('substatus'),
    /** When the carrier last answered. */
    checkedAt: moment('checked_at'),
    deliveredAt: moment('delivered_at'),
    signedBy: text('signed_by'),
    shippedOn: date('shipped_on'),
    estimatedDelivery: date('estimated_delivery'),
    /** The carrier's own day. */
    carrierEstimate: date('carrier_estimate'),
    /** Where nobody says a day: by when half, and four in five, of the like have arrived. */
    predictedDelivery: date('predicted_delivery'),
    predictedLatest: date('predicted_latest'),
  },
  (t) => [
    unique('shipments_org_key').on(t.orgId, t.shipmentKey),
    unique('shipments_order_id').on(t.orderId, t.id),
    index('shipments_order').on(t.orderId),
    foreignKey({
      name: 'shipments_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }).onDelete('cascade'),
    check('shipments_status', oneOf('status', SHIPMENT_STATUSES)),
    check('shipments_substatus', oneOf('substatus', SHIPMENT_SUBSTATUSES)),
    customerReads(sql`${ownCustomer} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
  ],
);
