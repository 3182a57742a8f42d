import { sql } from 'drizzle-orm';
import {
  check,
  index,
  integer,
  jsonb,
  pgPolicy,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { id, moment, oneOf } from './columns.ts';
import { audit, openOrg, ownerRole } from './roles.ts';

export const ACTOR_KINDS = ['customer', 'visitor', 'staff', 'service', 'system'] as const;

/**
 * Who did what to what, in which request. Append-only: by grant (nobody may change a row) and by
 * trigger (not even the owner). Ids only: never a token, never an address.
 */
export const events = audit.table(
  'events',
  {
    id: id(),
    at: moment('at').notNull().default(sql`clock_timestamp()`),
    orgId: uuid('org_id').notNull(),
    actorKind: text('actor_kind').notNull(),
    /** The link for a customer, the member for staff; null for the system. */
    actorId: uuid('actor_id'),
    customerId: uuid('customer_id'),
    contactId: uuid('contact_id'),
    action: text('action').notNull(),
    subjectKind: text('subject_kind'),
    subjectId: text('subject_id'),
    detail: jsonb('detail').notNull().default({}),
    requestId: text('request_id'),
  },
  (t) => [
    index('events_org_at').on(t.orgId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
    index('events_customer_at')
      .on(t.orgId, t.customerId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`customer_id is not null`),
    index('events_subject_at')
      .on(t.orgId, t.subjectId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`subject_id is not null`),
    index('events_actor_at')
      .on(t.orgId, t.actorId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`actor_id is not null`),
    index('events_contact_at')
      .on(t.orgId, t.contactId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst())
      .where(sql`contact_id is not null`),
    index('events_action_at').on(
      t.orgId,
      t.action,
      t.at.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    check('events_actor_kind', oneOf('actor_kind', ACTOR_KINDS)),
    check('events_action_shape', sql`action ~ '^[a-z_]+[.][a-z_]+$'`),
    pgPolicy('staff_own_org', {
      to: 'counterfoil_staff',
      for: 'select',
      using: sql`org_id = (select s.org_id from staff.context() s)`,
    }),
    pgPolicy('owner_appends', { to: ownerRole, for: 'insert', withCheck: sql`true` }),
    pgPolicy('owner_reads_open_org', {
      to: ownerRole,
      for: 'select',
      using: sql`org_id = ${openOrg}`,
    }),
  ],
);

/**
 * What an org's events were when they were sealed: a chain of SHA-256 heads, each over the one before
 * and over all events since it. The heads are in the bucket too, where the database cannot reach.
 */
export const seals = audit.table(
  'seals',
  {
    orgId: uuid('org_id').notNull(),
    /** From 1, without a gap. */
    number: integer('number').notNull(),
    /** Events up to this moment, and after the last seal's. */
    upTo: moment('up_to').notNull(),
    events: integer('events').notNull(),
    /** Hex. */
    head: text('head').notNull(),
    sealedAt: moment('sealed_at').notNull().default(sql`clock_timestamp()`),
  },
  (t) => [
    primaryKey({ name: 'seals_key', columns: [t.orgId, t.number] }),
    pgPolicy('staff_own_org', {
      to: 'counterfoil_staff',
      for: 'select',
      using: sql`org_id = (select s.org_id from staff.context() s)`,
    }),
    pgPolicy('owner_appends', { to: ownerRole, for: 'insert', withCheck: sql`true` }),
    pgPolicy('owner_reads_open_org', {
      to: ownerRole,
      for: 'select',
      using: sql`org_id = ${openOrg}`,
    }),
  ],
);
