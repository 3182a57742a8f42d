import { sql } from 'drizzle-orm';
import {
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  ESTIMATE_SOURCES,
  INTEGRATION_OUTCOMES,
  SHIPMENT_STATUSES,
  SHIPMENT_SUBSTATUSES,
  TRACKING_SOURCES,
} from '../../vocabulary.ts';
import { customerReads, id, moment, oneOf } from './columns.ts';
import { ofOrder, orders, shipments } from './orders.ts';
import {
  orderIsVisible,
  ownCustomer,
  ownerLookupPolicy,
  ownerPolicy,
  portal,
  staff,
  staffPolicy,
  systemPolicy,
} from './roles.ts';

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
    /** The carrier's own code for it. */
    code: text('code'),
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
    check('tracking_events_substatus', oneOf('substatus', SHIPMENT_SUBSTATUSES)),
    check('tracking_events_source', oneOf('source', TRACKING_SOURCES)),
    customerReads(sql`${ownCustomer} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** When a parcel was said to arrive, each time that changed. */
export const deliveryEstimates = portal.table(
  'delivery_estimates',
  {
    id: id(),
    ...ofOrder(),
    shipmentId: uuid('shipment_id').notNull(),
    day: date('day').notNull(),
    source: text('source').notNull(),
    toldAt: moment('told_at').notNull().defaultNow(),
  },
  (t) => [
    index('delivery_estimates_shipment').on(t.shipmentId, t.toldAt),
    foreignKey({
      name: 'delivery_estimates_shipment',
      columns: [t.orderId, t.shipmentId],
      foreignColumns: [shipments.orderId, shipments.id],
    }).onDelete('cascade'),
    foreignKey({
      name: 'delivery_estimates_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }).onDelete('cascade'),
    check('delivery_estimates_source', oneOf('source', ESTIMATE_SOURCES)),
    customerReads(sql`${ownCustomer} and ${orderIsVisible}`),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** A shipment that its carrier is asked about: when next, by whom at this moment, and how that went. */
export const polledShipments = staff.table(
  'polled_shipments',
  {
    orgId: uuid('org_id').notNull(),
    shipmentId: uuid('shipment_id').notNull(),
    orderId: uuid('order_id').notNull(),
    carrier: text('carrier').notNull(),
    /** As the carrier writes it. Numbers are used again: the day says which parcel. */
    number: text('number').notNull(),
    shippedOn: date('shipped_on'),
    /** The carrier's own key for this parcel, where it has one. */
    uniqueId: text('unique_id'),
    /** Null: never again. */
    nextPollAt: moment('next_poll_at'),
    leasedUntil: moment('leased_until'),
    lease: uuid('lease'),
    checkedAt: moment('checked_at'),
    /** In a row. */
    failures: integer('failures').notNull().default(0),
    /** Why the last one failed: a code. */
    lastError: text('last_error'),
  },
  (t) => [
    primaryKey({ name: 'polled_shipments_key', columns: [t.shipmentId] }),
    index('polled_shipments_due').on(t.carrier, t.nextPollAt).where(sql`next_poll_at is not null`),
    foreignKey({
      name: 'polled_shipments_shipment',
      columns: [t.orderId, t.shipmentId],
      foreignColumns: [shipments.orderId, shipments.id],
    }).onDelete('cascade'),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/**
 * How a carrier's service fares. A deployment has one account with each: the row is no org's, and staff
 * read it through a function.
 */
export const carrierState = staff.table(
  'carrier_state',
  {
    carrier: text('carrier').primaryKey(),
    /** The hour that is being counted, and the calls it has seen. */
    hourStartedAt: moment('hour_started_at').notNull().defaultNow(),
    hourCalls: integer('hour_calls').notNull().default(0),
    /** Calls by the minute since 1970, as far back as they count. */
    recentCalls: jsonb('recent_calls').$type<Record<string, number>>().notNull().default({}),
    /** The OAuth token, sealed with OUTBOX_KEY, and until when it is good. */
    sealedToken: text('sealed_token'),
    tokenExpiresAt: moment('token_expires_at'),
    /** In a row; five open the breaker. */
    failures: integer('failures').notNull().default(0),
    /** The carrier is left alone until then. */
    openUntil: moment('open_until'),
    lastSuccessAt: moment('last_success_at'),
    /** A code, such as `throttled` or `bad_credentials`. */
    lastError: text('last_error'),
    lastErrorAt: moment('last_error_at'),
  },
  () => [ownerLookupPolicy(), systemPolicy()],
);

/** What happened between us and a service. Codes and counts: no number, no address. */
export const integrationLog = staff.table(
  'integration_log',
  {
    id: id(),
    at: moment('at').notNull().defaultNow(),
    /** A carrier's code, or `mail`. */
    integration: text('integration').notNull(),
    /** Null: it is about all orgs alike. */
    orgId: uuid('org_id'),
    outcome: text('outcome').notNull(),
    /** A code. */
    reason: text('reason'),
    /** Shipments or letters it was about. */
    subjects: integer('subjects').notNull().default(0),
    durationMs: integer('duration_ms'),
  },
  (t) => [
    index('integration_log_at').on(
      t.integration,
      t.at.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    check('integration_log_outcome', oneOf('outcome', INTEGRATION_OUTCOMES)),
    ownerLookupPolicy(),
    systemPolicy(),
  ],
);
