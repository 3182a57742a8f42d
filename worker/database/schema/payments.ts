import { sql } from 'drizzle-orm';
import {
  check,
  date,
  foreignKey,
  index,
  jsonb,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { EXPORT_FORMATS } from '../../vocabulary.ts';
import { customerReads, id, moment, money, oneOf } from './columns.ts';
import { documents } from './documents.ts';
import { customers, ofOrg } from './portal.ts';
import {
  ownCustomerMoney,
  ownerPolicy,
  portal,
  staff,
  staffPolicy,
  systemPolicy,
} from './roles.ts';

/** What a customer paid, as the supplier booked it. */
export const payments = portal.table(
  'payments',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    number: text('number').notNull(),
    numberKey: text('number_key').notNull(),
    paidOn: date('paid_on').notNull(),
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    method: text('method'),
    /** What the customer wrote on the transfer. */
    reference: text('reference'),
  },
  (t) => [
    unique('payments_org_number').on(t.orgId, t.numberKey),
    unique('payments_customer_id').on(t.orgId, t.customerId, t.id),
    index('payments_customer_paid').on(
      t.orgId,
      t.customerId,
      t.paidOn.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    foreignKey({
      name: 'payments_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    check('payments_currency', sql`currency ~ '^[A-Z]{3}$'`),
    customerReads(ownCustomerMoney),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * What of a payment went to which invoice. The invoice is named by its number: it may not be published,
 * or not yet, and what was paid is true all the same.
 */
export const paymentAllocations = portal.table(
  'payment_allocations',
  {
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    paymentId: uuid('payment_id').notNull(),
    invoiceNumber: text('invoice_number').notNull(),
    invoiceKey: text('invoice_key').notNull(),
    amount: money('amount').notNull(),
  },
  (t) => [
    unique('payment_allocations_invoice').on(t.paymentId, t.invoiceKey),
    index('payment_allocations_customer_invoice').on(t.orgId, t.customerId, t.invoiceKey),
    foreignKey({
      name: 'payment_allocations_payment',
      columns: [t.orgId, t.customerId, t.paymentId],
      foreignColumns: [payments.orgId, payments.customerId, payments.id],
    }).onDelete('cascade'),
    customerReads(ownCustomerMoney),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** The statement of a period: its document's own, which is drawn from what is published when it is asked for. */
export const statements = portal.table(
  'statements',
  {
    documentId: uuid('document_id')
      .primaryKey()
      .references(() => documents.id, { onDelete: 'cascade' }),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    /** Both days are in it. */
    fromDay: date('from_day').notNull(),
    toDay: date('to_day').notNull(),
    /** Of its figures: when they differ, it is another statement. */
    digest: text('digest').notNull(),
    drawnAt: moment('drawn_at').notNull().defaultNow(),
    /** When what it is drawn from had changed since. */
    redrawnAt: moment('redrawn_at'),
  },
  (t) => [
    unique('statements_period').on(t.orgId, t.customerId, t.fromDay, t.toDay),
    check('statements_days', sql`from_day <= to_day`),
    foreignKey({
      name: 'statements_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    customerReads(ownCustomerMoney),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** The codes of a customer's own books, for an export's format. */
export const exportMappings = portal.table(
  'export_mappings',
  {
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    format: text('format').notNull(),
    /** Codes by what they are for. */
    codes: jsonb('codes').$type<Record<string, unknown>>().notNull(),
    changedAt: moment('changed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'export_mappings_key', columns: [t.orgId, t.customerId, t.format] }),
    check('export_mappings_format', oneOf('format', EXPORT_FORMATS)),
    foreignKey({
      name: 'export_mappings_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    customerReads(ownCustomerMoney),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** As {@link exportMappings}, for the supplier's own books. */
export const salesMappings = staff.table(
  'sales_mappings',
  {
    orgId: ofOrg(),
    format: text('format').notNull(),
    codes: jsonb('codes').$type<Record<string, unknown>>().notNull(),
    changedAt: moment('changed_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ name: 'sales_mappings_key', columns: [t.orgId, t.format] }),
    check('sales_mappings_format', oneOf('format', EXPORT_FORMATS)),
    staffPolicy(),
    ownerPolicy(),
  ],
);
