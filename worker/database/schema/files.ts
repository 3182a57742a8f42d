import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { ALERT_KINDS, INSPECTED, TAKEN_AS } from '../../vocabulary.ts';
import { id, moment, oneOf, slot } from './columns.ts';
import { ofOrg } from './portal.ts';
import { ownerPolicy, staff, staffPolicy } from './roles.ts';

/**
 * What inspection found in a file, by its bytes: whatever its name, and whichever publish it came
 * with. Its text is kept, so that whose document it is can be asked again when rows change.
 */
export const files = staff.table(
  'files',
  {
    orgId: ofOrg(),
    sha256: text('sha256').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    pages: integer('pages').notNull(),
    /** `{code, value?}` each. */
    findings: jsonb('findings').notNull().default([]),
    served: text('served').notNull(),
    /** The text as words (see pdf/words.ts), and what it can be looked up by. */
    words: text('words').notNull(),
    terms: text('terms').array().notNull(),
    crc: bigint('crc', { mode: 'number' }).notNull(),
    inspectedAt: moment('inspected_at').notNull().defaultNow(),
    /** Its bytes are gone: nothing needed them any more. */
    collectedAt: moment('collected_at'),
  },
  (t) => [
    primaryKey({ name: 'files_key', columns: [t.orgId, t.sha256] }),
    check('files_served', oneOf('served', INSPECTED)),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * A file as one customer gets it: stamped with their name, and with a slot for who takes it. A row
 * without `made_at` is wanted, and leased by whoever is making it.
 */
export const renditions = staff.table(
  'renditions',
  {
    id: id(),
    orgId: ofOrg(),
    sourceSha256: text('source_sha256').notNull(),
    customerKey: text('customer_key').notNull(),
    customerName: text('customer_name').notNull(),
    stampVersion: integer('stamp_version').notNull(),
    sha256: text('sha256'),
    size: bigint('size', { mode: 'number' }),
    ...slot(),
    attempts: integer('attempts').notNull().default(0),
    leasedUntil: moment('leased_until'),
    failed: boolean('failed').notNull().default(false),
    /** The bucket was asked for its bytes and did not have them: it is wanted again. */
    lost: boolean('lost').notNull().default(false),
    madeAt: moment('made_at'),
  },
  (t) => [
    unique('renditions_key').on(
      t.orgId,
      t.sourceSha256,
      t.customerKey,
      t.customerName,
      t.stampVersion,
    ),
    index('renditions_object').on(t.orgId, t.sha256),
    check(
      'renditions_made',
      sql`(made_at is null) = (sha256 is null) and (made_at is null) = (slot_offset is null)`,
    ),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** One taking of a document by a customer: its reference stands on the copy, and leads back here. */
export const stamps = staff.table(
  'stamps',
  {
    id: id(),
    orgId: ofOrg(),
    reference: text('reference').notNull(),
    at: moment('at').notNull().defaultNow(),
    /** No foreign key: a stamp outlives its document. */
    documentId: uuid('document_id').notNull(),
    kind: text('kind').notNull(),
    number: text('number').notNull(),
    orderNumber: text('order_number'),
    objectSha256: text('object_sha256'),
    takenAs: text('taken_as').notNull(),
    customerId: uuid('customer_id').notNull(),
    contactId: uuid('contact_id').notNull(),
    linkId: uuid('link_id').notNull(),
    sessionId: uuid('session_id'),
    requestId: text('request_id'),
    /** Further ranges and questions after it, which are not counted: up to a bound. */
    continued: integer('continued').notNull().default(0),
  },
  (t) => [
    unique('stamps_reference').on(t.orgId, t.reference),
    index('stamps_taken').on(t.linkId, t.documentId, t.at.desc().nullsFirst()),
    index('stamps_document').on(t.orgId, t.documentId),
    check('stamps_reference_shape', sql`reference ~ '^[0-9A-F]{4}(-[0-9A-F]{4}){3}$'`),
    check('stamps_taken_as', oneOf('taken_as', TAKEN_AS)),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** What staff must not miss; open until somebody says it is settled. */
export const alerts = staff.table(
  'alerts',
  {
    id: id(),
    orgId: ofOrg(),
    kind: text('kind').notNull(),
    /** What it is about: a document's id, or which seal. */
    subject: text('subject').notNull(),
    params: jsonb('params').$type<Record<string, string>>().notNull().default({}),
    createdAt: moment('created_at').notNull().defaultNow(),
    resolvedAt: moment('resolved_at'),
    resolvedBy: uuid('resolved_by'),
  },
  (t) => [
    uniqueIndex('alerts_open').on(t.orgId, t.subject).where(sql`resolved_at is null`),
    check('alerts_kind', oneOf('kind', ALERT_KINDS)),
    staffPolicy(),
    ownerPolicy(),
  ],
);
