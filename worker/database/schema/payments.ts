import { sql } from 'drizzle-orm';
import { check, date, foreignKey, index, text, unique, uuid } from 'drizzle-orm/pg-core';
import { customerReads, customers, id, money } from './portal.ts';
import { ownCustomerMoney, ownerPolicy, portal, staffPolicy } from './roles.ts';

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
