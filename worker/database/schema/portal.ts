/** The supplier, who buys, and whom they write to. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgPolicy,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  CONTACT_ACCESS,
  DOCUMENT_KINDS,
  LOCALES,
  MAIL_TOPICS,
  PDF_MAX_BYTES,
} from '../../vocabulary.ts';
import { customerReads, id, listOf, moment, oneOf } from './columns.ts';
import {
  openOrg,
  ownerLookupPolicy,
  ownerPolicy,
  ownerRole,
  portal,
  staffPolicy,
  systemPolicy,
} from './roles.ts';

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
