/** What is brought in, reviewed and approved. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { IMPORT_STATES, ITEM_KINDS, PUBLISH_STATUSES } from '../../vocabulary.ts';
import { id, moment, oneOf } from './columns.ts';
import { ofOrg } from './portal.ts';
import { ownerPolicy, staff, staffPolicy, systemPolicy } from './roles.ts';
import { members } from './staff.ts';

/** The file that an approval took for an item, and how it is served. */
const file = () => ({
  fileSha256: text('file_sha256'),
  fileSize: bigint('file_size', { mode: 'number' }),
  fileName: text('file_name'),
  served: text('served'),
  renditionId: uuid('rendition_id'),
});

/** What a text would have to say to name this: its number or code, as one word. */
const term = () => ({
  term: text('term').generatedAlwaysAs(sql`staff.term_of(kind, key)`),
});

/** The set that is reviewed and approved together. */
export const publishes = staff.table(
  'publishes',
  {
    id: id(),
    orgId: ofOrg(),
    name: text('name').notNull(),
    status: text('status').notNull().default('staged'),
    createdBy: uuid('created_by').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    decidedBy: uuid('decided_by'),
    decidedAt: moment('decided_at'),
    rejectionReason: text('rejection_reason'),
    /** SHA-256 of the review that was approved. */
    reviewHash: text('review_hash'),
    /** The only approver approved their own import, and said so. */
    ownImportConfirmed: boolean('own_import_confirmed').notNull().default(false),
    withdrawnBy: uuid('withdrawn_by'),
    withdrawnAt: moment('withdrawn_at'),
    /** Counts as they were at the decision: what went out, to how many. */
    summary: jsonb('summary').$type<Record<string, number>>(),
    /** Rows or files have changed since its renditions were last found complete. */
    unprepared: boolean('unprepared').notNull().default(true),
    /** Customers of whom nothing passes, whatever else is staged for them. */
    excludedCustomers: text('excluded_customers').array().notNull().default([]),
    /** What its kept review was made of has changed since. */
    reviewStale: boolean('review_stale').notNull().default(true),
    /** SHA-256 of the kept review: an approval carries it. */
    keptHash: text('kept_hash'),
  },
  (t) => [
    index('publishes_org_created').on(
      t.orgId,
      t.createdAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index('publishes_unprepared').on(t.createdAt).where(sql`unprepared and status = 'staged'`),
    index('publishes_stale').on(t.createdAt).where(sql`review_stale and status = 'staged'`),
    unique('publishes_org_id').on(t.orgId, t.id),
    foreignKey({
      name: 'publishes_created_by',
      columns: [t.orgId, t.createdBy],
      foreignColumns: [members.orgId, members.id],
    }),
    check('publishes_status', oneOf('status', PUBLISH_STATUSES)),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** One uploaded CSV: its bytes are in the bucket under org/imports/id. */
export const imports = staff.table(
  'imports',
  {
    id: id(),
    orgId: ofOrg(),
    /** Null until somebody confirms how it is read, unless it was meant for a publish. */
    publishId: uuid('publish_id'),
    fileName: text('file_name').notNull(),
    sha256: text('sha256').notNull(),
    /** Bytes. */
    size: bigint('size', { mode: 'number' }).notNull().default(0),
    state: text('state').notNull().default('uploaded'),
    /** How it is read: encoding, delimiter, conventions, a field for each column; once confirmed. */
    reading: jsonb('reading'),
    rows: integer('rows').notNull().default(0),
    skipped: integer('skipped').notNull().default(0),
    /** Lines without a filled cell, repeats of the header and totals: not rows. */
    blank: integer('blank').notNull().default(0),
    items: integer('items').notNull().default(0),
    unknownColumns: text('unknown_columns').array().notNull().default([]),
    /** Problems of rows that made no item: `{code, line, value?}`. */
    problems: jsonb('problems').notNull().default([]),
    importedBy: uuid('imported_by').notNull(),
    /** Who said how it is read: as much its importer as who sent it. */
    stagedBy: uuid('staged_by'),
    createdAt: moment('created_at').notNull().defaultNow(),
    stagedAt: moment('staged_at'),
  },
  (t) => [
    index('imports_publish').on(t.publishId),
    foreignKey({
      name: 'imports_publish',
      columns: [t.orgId, t.publishId],
      foreignColumns: [publishes.orgId, publishes.id],
    }),
    check('imports_state', oneOf('state', IMPORT_STATES)),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** How files with these headers were read the last time, so that the next one is one confirmation. */
export const mappingProfiles = staff.table(
  'mapping_profiles',
  {
    id: id(),
    orgId: ofOrg(),
    /** Of the header's names, in order. */
    fingerprint: text('fingerprint').notNull(),
    reading: jsonb('reading').notNull(),
    usedBy: uuid('used_by').notNull(),
    usedAt: moment('used_at').notNull().defaultNow(),
    /** The names of its columns as the last file spelled them; empty until one is staged again. */
    header: text('header').array().notNull().default(sql`'{}'`),
  },
  (t) => [
    unique('mapping_profiles_fingerprint').on(t.orgId, t.fingerprint),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * What a CSV says about one thing, before anyone approved it. Frozen, by trigger, as soon as its
 * publish leaves `staged`. What the approval left out is no longer `included`; the file columns say what it took.
 */
export const publishItems = staff.table(
  'publish_items',
  {
    /** Its publish's: held by trigger, once for all that a statement stages. */
    orgId: uuid('org_id').notNull(),
    publishId: uuid('publish_id').notNull(),
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    customerKey: text('customer_key').notNull(),
    orderKey: text('order_key'),
    line: integer('line').notNull(),
    position: integer('position').notNull(),
    fields: jsonb('fields').$type<Record<string, string>>().notNull(),
    problems: jsonb('problems').notNull().default([]),
    /** The approver's own tick: for a revision, and for a new recipient. */
    ticked: boolean('ticked').notNull().default(false),
    /** Blocking problems that an approver has answered for, each with the file and customer it was seen for. */
    overridden: jsonb('overridden').notNull().default([]),
    overrideReason: text('override_reason'),
    overriddenBy: uuid('overridden_by'),
    included: boolean('included').notNull().default(true),
    /** Somebody left it out of this publish. */
    excluded: boolean('excluded').notNull().default(false),
    /** It went out, and was taken back. */
    withdrawn: boolean('withdrawn').notNull().default(false),
    /** When, where it was marked: with its own publish's withdrawal, or another's that it repeated. */
    takenBackAt: moment('taken_back_at'),
    importId: uuid('import_id'),
    /** Rows that are about it before all else: together with the skipped, all rows of its imports. */
    rows: integer('rows').notNull().default(0),
    ...file(),
    ...term(),
  },
  (t) => [
    primaryKey({ name: 'publish_items_key', columns: [t.publishId, t.kind, t.key] }),
    index('publish_items_term').on(t.publishId, t.term).where(sql`term is not null`),
    index('publish_items_file').on(t.orgId, t.fileSha256).where(sql`file_sha256 is not null`),
    // What an approval, a withdrawal and a projection look up: what is approved for a key.
    // The key first: it is for no other question.
    index('publish_items_of_key').on(t.key, t.kind, t.orgId),
    // Few at a time: what an approval and a withdrawal take back of what others have ticked.
    index('publish_items_ticked').on(t.publishId).where(sql`ticked`),
    index('publish_items_taken_back')
      .on(t.orgId, t.key)
      .where(sql`withdrawn and kind = 'document'`),
    check('publish_items_kind', oneOf('kind', ITEM_KINDS)),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * The review of a staged publish as it was last made: what staff.review gives, in the order in which it
 * is shown. Good while its publish is not `review_stale`.
 */
export const reviewedItems = staff.table(
  'reviewed_items',
  {
    // No foreign keys: it is made and dropped a hundred thousand rows at a time, by one function.
    orgId: uuid('org_id').notNull(),
    publishId: uuid('publish_id').notNull(),
    /** From 1. */
    place: integer('place').notNull(),
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    customerKey: text('customer_key').notNull(),
    orderKey: text('order_key'),
    line: integer('line').notNull(),
    position: integer('position').notNull(),
    rows: integer('rows').notNull(),
    fields: jsonb('fields').notNull(),
    before: jsonb('before'),
    change: text('change').notNull(),
    problems: jsonb('problems').notNull(),
    blocked: boolean('blocked').notNull(),
    excluded: boolean('excluded').notNull(),
    needsTick: boolean('needs_tick').notNull(),
    ticked: boolean('ticked').notNull(),
    passes: boolean('passes').notNull(),
    fileSha256: text('file_sha256'),
    fileSize: bigint('file_size', { mode: 'number' }),
    fileName: text('file_name'),
    pages: integer('pages'),
    served: text('served'),
    renditionId: uuid('rendition_id'),
    ready: boolean('ready').notNull(),
    overrideReason: text('override_reason'),
    overriddenBy: uuid('overridden_by'),
  },
  (t) => [
    primaryKey({ name: 'reviewed_items_key', columns: [t.publishId, t.place] }),
    index('reviewed_items_customer').on(t.publishId, t.customerKey, t.place),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** What the kept review says of each customer: what it would show them, and its items counted. */
export const reviewedCustomers = staff.table(
  'reviewed_customers',
  {
    orgId: uuid('org_id').notNull(),
    publishId: uuid('publish_id').notNull(),
    customerKey: text('customer_key').notNull(),
    name: text('name'),
    /** Nothing has been approved for them before. */
    isFirst: boolean('is_first').notNull(),
    excluded: boolean('excluded').notNull(),
    kinds: text('kinds').array().notNull(),
    fields: text('fields').array().notNull(),
    /** What signing would show them beyond what is in force; nothing for who is first. */
    widenedKinds: text('widened_kinds').array().notNull().default([]),
    widenedFields: text('widened_fields').array().notNull().default([]),
    /** Figures by name, such as `blocked`, `passing.documents.invoice` or `invoices.EUR`. */
    counts: jsonb('counts').$type<Record<string, number>>().notNull(),
    /** SHA-256 of their part of the review. */
    digest: text('digest').notNull(),
  },
  (t) => [
    primaryKey({ name: 'reviewed_customers_key', columns: [t.publishId, t.customerKey] }),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** An uploaded file, by name, in one publish. Its bytes are in the bucket under org/sha256. */
export const stagedFiles = staff.table(
  'staged_files',
  {
    id: id(),
    orgId: ofOrg(),
    publishId: uuid('publish_id').notNull(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    /** Every run of words in the name, joined by dashes: the document numbers it may carry. */
    numberKeys: text('number_keys').array().notNull(),
    sha256: text('sha256').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    uploadedBy: uuid('uploaded_by').notNull(),
    uploadedAt: moment('uploaded_at').notNull().defaultNow(),
  },
  (t) => [
    unique('staged_files_name').on(t.publishId, t.nameKey),
    index('staged_files_file').on(t.orgId, t.sha256),
    foreignKey({
      name: 'staged_files_publish',
      columns: [t.orgId, t.publishId],
      foreignColumns: [publishes.orgId, publishes.id],
    }),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * What every approved, unwithdrawn item together say of a key: the projection before exposure.
 * Customers have no grant on it; `portal` holds what they may see of it.
 */
export const records = staff.table(
  'records',
  {
    orgId: uuid('org_id').notNull(),
    kind: text('kind').notNull(),
    key: text('key').notNull(),
    customerKey: text('customer_key').notNull(),
    orderKey: text('order_key'),
    fields: jsonb('fields').$type<Record<string, string>>().notNull(),
    ...file(),
    ...term(),
  },
  (t) => [
    primaryKey({ name: 'records_key', columns: [t.orgId, t.kind, t.key] }),
    index('records_term').on(t.orgId, t.term).where(sql`term is not null`),
    index('records_file').on(t.orgId, t.fileSha256).where(sql`file_sha256 is not null`),
    index('records_customer').on(t.orgId, t.customerKey),
    // What an order's projection looks up: the papers that speak of it.
    index('records_order').on(t.orgId, t.orderKey).where(sql`order_key is not null`),
    check('records_kind', oneOf('kind', ITEM_KINDS)),
    staffPolicy(),
    ownerPolicy(),
  ],
);
