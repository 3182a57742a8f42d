import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  jsonb,
  pgPolicy,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { MAIL_FATES, NOTIFICATION_KINDS, SUPPRESSION_REASONS } from '../../vocabulary.ts';
import { customerReads, id, moment, oneOf } from './columns.ts';
import { orders } from './orders.ts';
import { contacts, customers, ofOrg } from './portal.ts';
import {
  orderIsVisible,
  ownCustomer,
  ownerLookupPolicy,
  ownerPolicy,
  ownerRole,
  portal,
  staff,
  staffPolicy,
  systemPolicy,
} from './roles.ts';
import { outbox } from './staff.ts';

/** What a customer is told of, once for each thing that happened. What is hidden or withdrawn takes it along. */
export const notifications = portal.table(
  'notifications',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    kind: text('kind').notNull(),
    /** What happened: the same event never tells twice. */
    event: text('event').notNull(),
    orderId: uuid('order_id'),
    /** What its page is of: a shipment's, a report's, a document's id. */
    subject: text('subject'),
    params: jsonb('params').$type<Record<string, unknown>>().notNull().default({}),
    /** Never told through a link of scope `no_financials`. */
    financial: boolean('financial').notNull().default(false),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('notifications_event').on(t.orgId, t.customerId, t.event),
    index('notifications_customer').on(
      t.orgId,
      t.customerId,
      t.createdAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index('notifications_order').on(t.orderId),
    foreignKey({
      name: 'notifications_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    foreignKey({
      name: 'notifications_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }).onDelete('cascade'),
    check('notifications_kind', oneOf('kind', NOTIFICATION_KINDS)),
    customerReads(sql`${ownCustomer}
      and (not financial or (select c.financials from portal.context() c))
      and (order_id is null or ${orderIsVisible})`),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** Which letter tells a contact of it: one, whatever is tried again. */
export const noticeLetters = staff.table(
  'notice_letters',
  {
    orgId: uuid('org_id').notNull(),
    notificationId: uuid('notification_id')
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    contactId: uuid('contact_id')
      .notNull()
      .references(() => contacts.id),
    letterId: uuid('letter_id')
      .notNull()
      .references(() => outbox.id, { onDelete: 'cascade' }),
  },
  (t) => [
    primaryKey({ name: 'notice_letters_key', columns: [t.notificationId, t.contactId] }),
    index('notice_letters_letter').on(t.letterId),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** What customers were told of, kept when what it was about is withdrawn: the same may come again. */
export const told = staff.table(
  'told',
  {
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    /** As {@link notifications} has it. */
    event: text('event').notNull(),
    toldAt: moment('told_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'told_key', columns: [t.orgId, t.customerId, t.event] }),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** Customers whose open pages have to be told that something changed; gone once they were. */
export const hints = staff.table(
  'hints',
  {
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    at: moment('at').notNull().defaultNow(),
    id: id(),
    /** What is followed through this link is over; null: something changed. */
    linkId: uuid('link_id'),
  },
  () => [
    ownerPolicy(),
    systemPolicy(),
    pgPolicy('owner_tells', { to: ownerRole, for: 'insert', withCheck: sql`true` }),
  ],
);

/** What the mail provider told us, by its own id for the telling: twice told is once heard. */
export const webhookEvents = staff.table(
  'webhook_events',
  {
    svixId: text('svix_id').primaryKey(),
    /** Null, like the letter, for mail that we do not know. */
    orgId: uuid('org_id'),
    letterId: uuid('letter_id').references(() => outbox.id),
    fate: text('fate').notNull(),
    occurredAt: moment('occurred_at').notNull(),
    receivedAt: moment('received_at').notNull().defaultNow(),
    /** In the provider's words, such as why it bounced. */
    detail: text('detail'),
  },
  (t) => [
    index('webhook_events_letter').on(t.letterId),
    index('webhook_events_received').on(t.receivedAt),
    check('webhook_events_fate', oneOf('fate', MAIL_FATES)),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** Addresses that are written to no more, until somebody lifts it. */
export const suppressions = staff.table(
  'suppressions',
  {
    id: id(),
    orgId: ofOrg(),
    email: text('email').notNull(),
    reason: text('reason').notNull(),
    letterId: uuid('letter_id').references(() => outbox.id),
    createdAt: moment('created_at').notNull().defaultNow(),
    liftedAt: moment('lifted_at'),
    liftedBy: uuid('lifted_by'),
  },
  (t) => [
    unique('suppressions_email').on(t.orgId, t.email, t.createdAt),
    index('suppressions_in_force').on(t.orgId, t.email).where(sql`lifted_at is null`),
    check('suppressions_reason', oneOf('reason', SUPPRESSION_REASONS)),
    staffPolicy(),
    ownerLookupPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);
