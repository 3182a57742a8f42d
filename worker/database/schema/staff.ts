/** The supplier's people, what they show, and whom they let in. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  LINK_PURPOSES,
  LINK_SCOPES,
  LOCALES,
  MAIL_FATES,
  OUTBOX_STATES,
  ROLES,
} from '../../vocabulary.ts';
import { id, moment, oneOf } from './columns.ts';
import { contacts, ofOrg } from './portal.ts';
import { ownerLookupPolicy, ownerPolicy, staff, staffPolicy, systemPolicy } from './roles.ts';

/** Bytes travel as Postgres' hex text, both ways: the HTTP driver's parameters are text. */
const bytea = customType<{ data: string }>({ dataType: () => 'bytea' });

/** The supplier's people, and the machines that push imports for them (`service_name`). */
export const members = staff.table(
  'members',
  {
    id: id(),
    orgId: ofOrg(),
    email: text('email'),
    serviceName: text('service_name'),
    name: text('name').notNull(),
    role: text('role').notNull(),
    language: text('language').notNull().default('en'),
    active: boolean('active').notNull().default(true),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('members_org_email').on(t.orgId, t.email),
    unique('members_org_service').on(t.orgId, t.serviceName),
    unique('members_org_id').on(t.orgId, t.id),
    check('members_one_identity', sql`(email is null) <> (service_name is null)`),
    check('members_email_lower', sql`email = lower(email)`),
    check('members_role', oneOf('role', ROLES)),
    check('members_language', oneOf('language', LOCALES)),
    // A service token may import; it may never approve.
    check('members_service_role', sql`service_name is null or role = 'clerk'`),
    staffPolicy(),
    ownerLookupPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/**
 * What may be shown. `kinds` and `fields` are what staff want (null: as the org's default, the
 * row without a customer); `granted_*` are what an approval allowed and what is in force.
 */
export const exposures = staff.table(
  'exposures',
  {
    id: id(),
    orgId: ofOrg(),
    customerKey: text('customer_key'),
    kinds: text('kinds').array(),
    fields: text('fields').array(),
    grantedKinds: text('granted_kinds').array(),
    grantedFields: text('granted_fields').array(),
    changedAt: moment('changed_at').notNull().defaultNow(),
  },
  (t) => [
    unique('exposures_customer').on(t.orgId, t.customerKey).nullsNotDistinct(),
    check(
      'exposures_default',
      sql`customer_key is not null or (kinds is not null and fields is not null)`,
    ),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** A standing grant to a contact. Only the SHA-256 of its token is here. */
export const accessLinks = staff.table(
  'access_links',
  {
    id: id(),
    orgId: ofOrg(),
    customerId: uuid('customer_id').notNull(),
    contactId: uuid('contact_id').notNull(),
    tokenHash: bytea('token_hash').notNull().unique(),
    last4: text('last4').notNull(),
    label: text('label'),
    scope: text('scope').notNull().default('all'),
    purpose: text('purpose').notNull().default('standing'),
    createdBy: uuid('created_by'),
    createdAt: moment('created_at').notNull().defaultNow(),
    expiresAt: moment('expires_at').notNull(),
    renewedAt: moment('renewed_at').notNull().defaultNow(),
    rotatedAt: moment('rotated_at'),
    revokedAt: moment('revoked_at'),
    openedAt: moment('opened_at'),
    usedAt: moment('used_at'),
    /** The hour that is being counted, and how many requests it has seen. */
    hourStartedAt: moment('hour_started_at').notNull().defaultNow(),
    hourCount: integer('hour_count').notNull().default(0),
  },
  (t) => [
    index('access_links_contact').on(t.contactId),
    index('access_links_customer').on(t.orgId, t.customerId),
    foreignKey({
      name: 'access_links_contact',
      columns: [t.orgId, t.customerId, t.contactId],
      foreignColumns: [contacts.orgId, contacts.customerId, contacts.id],
    }),
    check('access_links_scope', oneOf('scope', LINK_SCOPES)),
    check('access_links_purpose', oneOf('purpose', LINK_PURPOSES)),
    staffPolicy(),
    ownerLookupPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** What a link was exchanged for. Only the SHA-256 of the cookie's secret is here. */
export const sessions = staff.table(
  'sessions',
  {
    id: id(),
    orgId: ofOrg(),
    linkId: uuid('link_id')
      .notNull()
      .references(() => accessLinks.id),
    secretHash: bytea('secret_hash').notNull().unique(),
    /** When the contact was here before it: what is newer is news to them. */
    newSince: moment('new_since'),
    createdAt: moment('created_at').notNull().defaultNow(),
    lastSeenAt: moment('last_seen_at').notNull().defaultNow(),
    endedAt: moment('ended_at'),
    /** How often it began to follow its customer's changes within an hour, the last time, and since when the hour is. */
    listens: integer('listens').notNull().default(0),
    listenedAt: moment('listened_at'),
    listensSince: moment('listens_since'),
  },
  (t) => [
    index('sessions_link').on(t.linkId),
    // Not by when it was last seen: each request would write the index.
    index('sessions_recent').on(t.createdAt).where(sql`ended_at is null`),
    staffPolicy(),
    ownerLookupPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** Mail that will be sent: written in the transaction of what caused it, once for each recipient. */
export const outbox = staff.table(
  'outbox',
  {
    id: id(),
    orgId: ofOrg(),
    /** What happened, unique with the recipient: the same event never mails twice. */
    event: text('event').notNull(),
    recipient: text('recipient').notNull(),
    contactId: uuid('contact_id').references(() => contacts.id),
    template: text('template').notNull(),
    language: text('language').notNull(),
    params: jsonb('params').$type<Record<string, unknown>>().notNull().default({}),
    state: text('state').notNull().default('queued'),
    attempts: integer('attempts').notNull().default(0),
    dueAt: moment('due_at').notNull().defaultNow(),
    leasedUntil: moment('leased_until'),
    firstTriedAt: moment('first_tried_at'),
    /** The frozen body (AES-GCM, base64): it holds a token, so it is wiped once it is sent. */
    sealedBody: text('sealed_body'),
    linkId: uuid('link_id').references(() => accessLinks.id),
    providerId: text('provider_id'),
    lastError: text('last_error'),
    createdAt: moment('created_at').notNull().defaultNow(),
    sentAt: moment('sent_at'),
    /** What the provider last said of it, when that happened, and in its words. */
    fate: text('fate'),
    fateAt: moment('fate_at'),
    fateDetail: text('fate_detail'),
  },
  (t) => [
    unique('outbox_event_recipient').on(t.orgId, t.event, t.recipient),
    index('outbox_due').on(t.dueAt).where(sql`state = 'queued'`),
    index('outbox_contact').on(t.contactId),
    index('outbox_access_links').on(t.contactId, t.createdAt).where(sql`template = 'access-link'`),
    index('outbox_provider').on(t.providerId).where(sql`provider_id is not null`),
    index('outbox_org_created').on(
      t.orgId,
      t.createdAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    check('outbox_state', oneOf('state', OUTBOX_STATES)),
    check('outbox_fate', oneOf('fate', MAIL_FATES)),
    check('outbox_language', oneOf('language', LOCALES)),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);
