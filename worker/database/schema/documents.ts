/** Invoices, credit notes and documents that a customer may take. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { DOCUMENT_KINDS, FINANCIAL_DOCUMENT_KINDS, SERVED } from '../../vocabulary.ts';
import { customerReads, id, moment, money, oneOf, slot } from './columns.ts';
import { orders } from './orders.ts';
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
 * `held`: the order of this row is explicitly draft or pending. Kept by a trigger on orders, since
 * an order that its own window hides must still hold its invoice back.
 */
const held = () => boolean('held').notNull().default(false);

/** Invoices and credit notes. All of it is money, so all of it is behind the scope. */
export const invoices = portal.table(
  'invoices',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    orderId: uuid('order_id'),
    number: text('number').notNull(),
    numberKey: text('number_key').notNull(),
    kind: text('kind').notNull(),
    issuedOn: date('issued_on'),
    dueOn: date('due_on'),
    currency: text('currency'),
    net: money('net'),
    tax: money('tax'),
    total: money('total'),
    paid: money('paid'),
    creditsKey: text('credits_key'),
    held: held(),
  },
  (t) => [
    unique('invoices_org_number').on(t.orgId, t.numberKey),
    index('invoices_customer_issued').on(
      t.orgId,
      t.customerId,
      t.issuedOn.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index('invoices_order').on(t.orderId),
    foreignKey({
      name: 'invoices_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    foreignKey({
      name: 'invoices_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }),
    check('invoices_kind', oneOf('kind', ['invoice', 'credit_note'])),
    customerReads(sql`${ownCustomerMoney} and not held`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * A document that a customer may take. Invoices and credit notes follow their invoice (hidden
 * while the order is draft or pending); every other kind follows its order's window.
 */
export const documents = portal.table(
  'documents',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    orderId: uuid('order_id'),
    kind: text('kind').notNull(),
    number: text('number').notNull(),
    numberKey: text('number_key').notNull(),
    datedOn: date('dated_on'),
    fileName: text('file_name').notNull(),
    /** The supplier's own file; null for what we draw. */
    fileSha256: text('file_sha256'),
    fileSize: bigint('file_size', { mode: 'number' }),
    served: text('served').notNull().default('plain'),
    /** The bytes that are served: the rendition's, or the file's own. */
    objectSha256: text('object_sha256'),
    objectSize: bigint('object_size', { mode: 'number' }),
    ...slot(),
    /** When the bucket was last asked for the bytes. */
    checkedAt: moment('checked_at'),
    held: held(),
    shownAt: moment('shown_at').notNull().defaultNow(),
  },
  (t) => [
    unique('documents_org_number').on(t.orgId, t.kind, t.numberKey),
    index('documents_customer_shown').on(
      t.orgId,
      t.customerId,
      t.shownAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index('documents_order').on(t.orderId),
    index('documents_object').on(t.orgId, t.objectSha256),
    index('documents_drawn').on(t.orgId, t.kind, t.numberKey).where(sql`served = 'drawn'`),
    foreignKey({
      name: 'documents_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    foreignKey({
      name: 'documents_of_order',
      columns: [t.orgId, t.customerId, t.orderId],
      foreignColumns: [orders.orgId, orders.customerId, orders.id],
    }),
    check('documents_kind', oneOf('kind', DOCUMENT_KINDS)),
    check('documents_served', oneOf('served', SERVED)),
    check(
      'documents_bytes',
      sql`(served = 'drawn') = (object_sha256 is null) and (served = 'drawn') = (file_sha256 is null)`,
    ),
    check('documents_slot', sql`(served = 'stamped') = (slot_offset is not null)`),
    customerReads(sql`${ownCustomer}
      and (not (${oneOf('kind', FINANCIAL_DOCUMENT_KINDS)}) or (select c.financials from portal.context() c))
      and case when kind in ('invoice', 'credit_note') then not held
               else order_id is null or ${orderIsVisible} end`),
    staffPolicy(),
    ownerPolicy(),
  ],
);
