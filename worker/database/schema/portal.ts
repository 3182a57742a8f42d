import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgPolicy,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  CONTACT_ACCESS,
  DOCUMENT_KINDS,
  FINANCIAL_DOCUMENT_KINDS,
  LOCALES,
  MAIL_TOPICS,
  ORDER_STATUSES,
  PDF_MAX_BYTES,
  SERVED,
  SHIPMENT_STATUSES,
  SHIPMENT_SUBSTATUSES,
} from '../../vocabulary.ts';
import {
  customerRole,
  openOrg,
  orderIsVisible,
  ownCustomer,
  ownCustomerMoney,
  ownerLookupPolicy,
  ownerPolicy,
  ownerRole,
  portal,
  staffPolicy,
  systemPolicy,
} from './roles.ts';

/** `column in ('a', 'b')` for a check or a policy, from a closed list of the vocabulary. */
export function oneOf(column: string, values: readonly string[]) {
  return sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(', ')})`);
}

/** A closed list as an array of text. */
function listOf(values: readonly string[]) {
  return sql.raw(`array[${values.map((value) => `'${value}'`).join(', ')}]`);
}

export const id = () => uuid('id').primaryKey().default(sql`uuidv7()`);
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
export const money = (name: string) => numeric(name, { precision: 14, scale: 2 });

/**
 * Where an object's stamp goes, and the CRC-32 of what stands before and behind it: with the stamp's
 * own they make the whole's, so a ZIP of many files needs none of their bytes to be summed. Without
 * a slot, `head_crc` is the whole's.
 */
export const slot = () => ({
  slotOffset: bigint('slot_offset', { mode: 'number' }),
  slotLength: integer('slot_length'),
  headCrc: bigint('head_crc', { mode: 'number' }),
  tailCrc: bigint('tail_crc', { mode: 'number' }),
});

export const customerReads = (using: ReturnType<typeof sql>) =>
  pgPolicy('customer_own', { to: customerRole, for: 'select', using });

/** The supplier. `code` is inside every token; `slug` is in the staff's URLs. */
export const orgs = portal.table(
  'orgs',
  {
    id: id(),
    code: text('code').notNull().unique(),
    slug: text('slug').notNull().unique(),
    name: text('name').notNull(),
    timeZone: text('time_zone').notNull().default('UTC'),
    contactEmail: text('contact_email'),
    contactPhone: text('contact_phone'),
    contactHours: text('contact_hours'),
    address: text('address'),
    colour: text('colour').notNull().default('#1f5f5b'),
    hasLogo: boolean('has_logo').notNull().default(false),
    hourlyRequestLimit: integer('hourly_request_limit').notNull().default(100),
    orderWindowMonths: integer('order_window_months').notNull().default(24),
    cancelledWindowDays: integer('cancelled_window_days').notNull().default(90),
    draftWindowDays: integer('draft_window_days').notNull().default(7),
    requiresTwoPersons: boolean('requires_two_persons').notNull().default(true),
    /** Documents carry who took them, when and through which link, but for these kinds. */
    stamping: boolean('stamping').notNull().default(true),
    unstampedKinds: text('unstamped_kinds').array().notNull().default(sql`'{}'`),
    /** Whether we draw what the supplier has no file of. */
    drawsConfirmations: boolean('draws_confirmations').notNull().default(false),
    drawsInvoiceCopies: boolean('draws_invoice_copies').notNull().default(false),
    fileMaxMegabytes: integer('file_max_megabytes').notNull().default(25),
    /** What is spoken to whoever has not said otherwise. */
    locale: text('locale').notNull().default('en'),
    /** Of amounts whose row names none; null: each must name its own. */
    currency: text('currency'),
    /** Where an invoice can be paid: https, with {invoice_number}, {balance}, {currency}, {customer_code}. */
    paymentLink: text('payment_link'),
    /** Where parcels of other carriers can be followed: https, with {tracking_number}, by the carrier's name. */
    trackingLinks: jsonb('tracking_links').$type<Record<string, string>>().notNull().default({}),
    /** Whether customers get a statement on the 1st. */
    sendsStatements: boolean('sends_statements').notNull().default(false),
    /** When a publish was last approved: what is shown is as of then. */
    publishedAt: moment('published_at'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  () => [
    check('orgs_code_shape', sql`code ~ '^[0-9A-Za-z]{6}$'`),
    check('orgs_slug_shape', sql`slug ~ '^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$'`),
    check('orgs_colour_shape', sql`colour ~ '^#[0-9a-f]{6}$'`),
    check('orgs_locale', oneOf('locale', LOCALES)),
    check('orgs_currency', sql`currency ~ '^[A-Z]{3}$'`),
    check('orgs_unstamped_kinds', sql`unstamped_kinds <@ ${listOf(DOCUMENT_KINDS)}`),
    check(
      'orgs_file_max',
      sql`file_max_megabytes between 1 and ${sql.raw(String(PDF_MAX_BYTES / 1_000_000))}`,
    ),
    customerReads(sql`id = (select c.org_id from portal.context() c)`),
    pgPolicy('staff_own_org', {
      to: 'counterfoil_staff',
      using: sql`id = (select s.org_id from staff.context() s)`,
      withCheck: sql`id = (select s.org_id from staff.context() s)`,
    }),
    ownerLookupPolicy(),
    pgPolicy('owner_open_org', {
      to: ownerRole,
      for: 'update',
      using: sql`id = ${openOrg}`,
      withCheck: sql`id = ${openOrg}`,
    }),
    systemPolicy(),
  ],
);

export const ofOrg = () =>
  uuid('org_id')
    .notNull()
    .references(() => orgs.id);

/** The buying company. `code_key` is the supplier's code for it, normalised. */
export const customers = portal.table(
  'customers',
  {
    id: id(),
    orgId: uuid('org_id')
      .notNull()
      .references(() => orgs.id),
    code: text('code').notNull(),
    codeKey: text('code_key').notNull(),
    name: text('name').notNull(),
    taxId: text('tax_id'),
    country: text('country'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('customers_org_code').on(t.orgId, t.codeKey),
    unique('customers_org_id').on(t.orgId, t.id),
    customerReads(sql`(org_id, id) = (select c.org_id, c.customer_id from portal.context() c)`),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** A person at a customer: the one that access belongs to. */
export const contacts = portal.table(
  'contacts',
  {
    id: id(),
    orgId: uuid('org_id').notNull(),
    customerId: uuid('customer_id').notNull(),
    email: text('email').notNull(),
    name: text('name'),
    /** As the supplier imported it. */
    language: text('language').notNull().default('en'),
    /** As this person chose it; before the supplier's. */
    chosenLanguage: text('chosen_language'),
    /** Topics of mail that this person does not want. */
    mutedMail: text('muted_mail').array().notNull().default(sql`'{}'`),
    access: text('access').notNull().default('allowed'),
    /** When they last opened the portal. */
    visitedAt: moment('visited_at'),
    /** Notifications up to then were read. */
    noticesReadAt: moment('notices_read_at').notNull().defaultNow(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('contacts_customer_email').on(t.orgId, t.customerId, t.email),
    unique('contacts_customer_id').on(t.orgId, t.customerId, t.id),
    index('contacts_org_email').on(t.orgId, t.email),
    foreignKey({
      name: 'contacts_customer',
      columns: [t.orgId, t.customerId],
      foreignColumns: [customers.orgId, customers.id],
    }),
    check('contacts_email_lower', sql`email = lower(email)`),
    check('contacts_language', oneOf('language', LOCALES)),
    check('contacts_chosen_language', oneOf('chosen_language', LOCALES)),
    check('contacts_muted_mail', sql`muted_mail <@ ${listOf(MAIL_TOPICS)}`),
    check('contacts_access', oneOf('access', CONTACT_ACCESS)),
    customerReads(
      sql`(org_id, customer_id, id) = (select c.org_id, c.customer_id, c.contact_id from portal.context() c)`,
    ),
    staffPolicy(),
    ownerLookupPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

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
