import { sql } from 'drizzle-orm';
import { check, foreignKey, index, text, unique, uuid } from 'drizzle-orm/pg-core';
import { SHIPMENT_STATUSES, TRACKING_SOURCES } from '../../vocabulary.ts';
import { customerReads, id, moment, ofOrder, oneOf, orders, shipments } from './portal.ts';
import { orderIsVisible, ownCustomer, ownerPolicy, portal, staffPolicy } from './roles.ts';

/** What happened to a shipment, once for each thing that happened, whoever told it first. */
export const trackingEvents = portal.table(
  'tracking_events',
  {
    id: id(),
    ...ofOrder(),
    shipmentId: uuid('shipment_id').notNull(),
    /** The same for the same event, however often and by whomever it is told. */
    eventKey: text('event_key').notNull(),
    at: moment('at').notNull(),
    status: text('status').notNull(),
    substatus: text('substatus'),
    city: text('city'),
    /** In the carrier's own words, where they help. */
    description: text('description'),
    source: text('source').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('tracking_events_key').on(t.shipmentId, t.eventKey),
    index('tracking_events_shipment_at').on(t.shipmentId, t.at),
    index('tracking_events_order').on(t.orderId),
    foreignKey({
      name: 'tracking_events_shipment',
      columns: [t.orderId, t.shipmentId],
      foreignColumns: [shipments.orderId, shipments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'tracking_events_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }).onDelete('cascade'),
    check('tracking_events_status', oneOf('status', SHIPMENT_STATUSES)),
    check('tracking_events_source', oneOf('source', TRACKING_SOURCES)),
    customerReads(sql`${ownCustomer} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
  ],
);
