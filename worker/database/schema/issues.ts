import { sql } from 'drizzle-orm';
import {
  bigint,
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
import {
  CHANGE_REQUEST_KINDS,
  CHANGE_REQUEST_STATUSES,
  FEEDBACK_ABOUT,
  ISSUE_AUTHORS,
  ISSUE_KINDS,
  ISSUE_STATUSES,
  MAIL_TOPICS,
} from '../../vocabulary.ts';
import { customerReads, id, moment, oneOf } from './columns.ts';
import { contacts, ofOrg } from './portal.ts';
import {
  ownCustomer,
  ownerLookupPolicy,
  ownerPolicy,
  portal,
  staff,
  staffPolicy,
  systemPolicy,
} from './roles.ts';
import { members } from './staff.ts';

/** Who wrote it: a person at a customer. */
const ofContact = () => ({
  orgId: uuid('org_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  contactId: uuid('contact_id').notNull(),
});

/**
 * Something is wrong with an order. The order is named as it was called then: what is withdrawn later
 * takes no report with it.
 */
export const issueReports = portal.table(
  'issue_reports',
  {
    id: id(),
    ...ofContact(),
    /** What people call it by: `R-` and its number in the org. */
    number: integer('number').notNull(),
    orderNumber: text('order_number').notNull(),
    orderKey: text('order_key').notNull(),
    /** Order lines that it is about; none: all of the order. */
    lineNumbers: integer('line_numbers').array().notNull().default(sql`'{}'`),
    kind: text('kind').notNull(),
    description: text('description').notNull(),
    contactEmail: text('contact_email').notNull(),
    contactPhone: text('contact_phone'),
    status: text('status').notNull().default('open'),
    /** The credit note that closed it, as numbered. */
    creditNoteNumber: text('credit_note_number'),
    creditNoteKey: text('credit_note_key'),
    /** Sent twice, it is one report. */
    idempotencyKey: text('idempotency_key').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    changedAt: moment('changed_at').notNull().defaultNow(),
    resolvedAt: moment('resolved_at'),
  },
  (t) => [
    unique('issue_reports_number').on(t.orgId, t.number),
    unique('issue_reports_once').on(t.orgId, t.contactId, t.idempotencyKey),
    unique('issue_reports_customer_id').on(t.orgId, t.customerId, t.id),
    index('issue_reports_order').on(t.orgId, t.customerId, t.orderKey),
    index('issue_reports_org_changed').on(
      t.orgId,
      t.changedAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    foreignKey({
      name: 'issue_reports_contact',
      columns: [t.orgId, t.customerId, t.contactId],
      foreignColumns: [contacts.orgId, contacts.customerId, contacts.id],
    }),
    check('issue_reports_kind', oneOf('kind', ISSUE_KINDS)),
    check('issue_reports_status', oneOf('status', ISSUE_STATUSES)),
    check('issue_reports_description', sql`length(description) between 10 and 1000`),
    check('issue_reports_resolved', sql`(status = 'resolved') = (resolved_at is not null)`),
    customerReads(ownCustomer),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

const ofIssue = () => ({
  orgId: uuid('org_id').notNull(),
  customerId: uuid('customer_id').notNull(),
  issueId: uuid('issue_id').notNull(),
});

/** What was said after it, by either side. */
export const issueMessages = portal.table(
  'issue_messages',
  {
    id: id(),
    ...ofIssue(),
    author: text('author').notNull(),
    /** As it is shown: a person's name, or their address. */
    authorName: text('author_name').notNull(),
    contactId: uuid('contact_id'),
    memberId: uuid('member_id'),
    body: text('body').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('issue_messages_once').on(t.issueId, t.idempotencyKey),
    index('issue_messages_issue').on(t.issueId, t.createdAt),
    foreignKey({
      name: 'issue_messages_issue',
      columns: [t.orgId, t.customerId, t.issueId],
      foreignColumns: [issueReports.orgId, issueReports.customerId, issueReports.id],
    }),
    check('issue_messages_author', oneOf('author', ISSUE_AUTHORS)),
    check(
      'issue_messages_one_author',
      sql`(author = 'customer') = (contact_id is not null) and (author = 'staff') = (member_id is not null)`,
    ),
    check('issue_messages_body', sql`length(body) between 1 and 4000`),
    customerReads(ownCustomer),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** A photo of it. Its bytes are in the bucket under org/photos/sha256. */
export const issuePhotos = portal.table(
  'issue_photos',
  {
    id: id(),
    ...ofIssue(),
    sha256: text('sha256').notNull(),
    size: bigint('size', { mode: 'number' }).notNull(),
    mediaType: text('media_type').notNull(),
    fileName: text('file_name').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('issue_photos_file').on(t.issueId, t.sha256),
    foreignKey({
      name: 'issue_photos_issue',
      columns: [t.orgId, t.customerId, t.issueId],
      foreignColumns: [issueReports.orgId, issueReports.customerId, issueReports.id],
    }),
    check('issue_photos_size', sql`size between 1 and 10000000`),
    customerReads(ownCustomer),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** What only staff know of a report: whose it is to answer. */
export const issueDesks = staff.table(
  'issue_desks',
  {
    orgId: ofOrg(),
    issueId: uuid('issue_id')
      .notNull()
      .references(() => issueReports.id),
    assigneeId: uuid('assignee_id'),
  },
  (t) => [
    primaryKey({ name: 'issue_desks_key', columns: [t.issueId] }),
    index('issue_desks_assignee').on(t.orgId, t.assigneeId),
    foreignKey({
      name: 'issue_desks_assignee',
      columns: [t.orgId, t.assigneeId],
      foreignColumns: [members.orgId, members.id],
    }),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** What staff say of it among themselves. No customer has a grant on it. */
export const issueNotes = staff.table(
  'issue_notes',
  {
    id: id(),
    orgId: ofOrg(),
    issueId: uuid('issue_id')
      .notNull()
      .references(() => issueReports.id),
    memberId: uuid('member_id').notNull(),
    body: text('body').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('issue_notes_issue').on(t.issueId, t.createdAt),
    foreignKey({
      name: 'issue_notes_member',
      columns: [t.orgId, t.memberId],
      foreignColumns: [members.orgId, members.id],
    }),
    check('issue_notes_body', sql`length(body) between 1 and 4000`),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/** What a customer asks to have changed: staff accept it, in their own books, or decline it. */
export const changeRequests = portal.table(
  'change_requests',
  {
    id: id(),
    ...ofContact(),
    kind: text('kind').notNull(),
    /** What is asked for, by field. */
    fields: jsonb('fields').$type<Record<string, string>>().notNull(),
    note: text('note'),
    status: text('status').notNull().default('open'),
    /** Why it was declined. */
    reason: text('reason'),
    idempotencyKey: text('idempotency_key').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
    decidedAt: moment('decided_at'),
  },
  (t) => [
    unique('change_requests_once').on(t.orgId, t.contactId, t.idempotencyKey),
    index('change_requests_customer').on(t.orgId, t.customerId, t.createdAt),
    index('change_requests_open').on(t.orgId, t.createdAt).where(sql`status = 'open'`),
    foreignKey({
      name: 'change_requests_contact',
      columns: [t.orgId, t.customerId, t.contactId],
      foreignColumns: [contacts.orgId, contacts.customerId, contacts.id],
    }),
    check('change_requests_kind', oneOf('kind', CHANGE_REQUEST_KINDS)),
    check('change_requests_status', oneOf('status', CHANGE_REQUEST_STATUSES)),
    check('change_requests_decided', sql`(status = 'open') = (decided_at is null)`),
    customerReads(ownCustomer),
    staffPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);

/** How somebody found it, 1 to 5, at most once a month each. */
export const feedback = portal.table(
  'feedback',
  {
    id: id(),
    ...ofContact(),
    about: text('about').notNull(),
    rating: integer('rating').notNull(),
    comment: text('comment'),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('feedback_contact').on(t.contactId, t.createdAt),
    index('feedback_org').on(t.orgId, t.createdAt.desc().nullsFirst(), t.id.desc().nullsFirst()),
    foreignKey({
      name: 'feedback_contact',
      columns: [t.orgId, t.customerId, t.contactId],
      foreignColumns: [contacts.orgId, contacts.customerId, contacts.id],
    }),
    check('feedback_about', oneOf('about', FEEDBACK_ABOUT)),
    check('feedback_rating', sql`rating between 1 and 5`),
    check('feedback_comment', sql`length(comment) between 1 and 500`),
    customerReads(
      sql`(org_id, customer_id, contact_id) = (select c.org_id, c.customer_id, c.contact_id from portal.context() c)`,
    ),
    staffPolicy(),
    ownerPolicy(),
  ],
);

/**
 * What a letter's unsubscribe link opens: mail of one topic to one person, and nothing else. Only the
 * SHA-256 of its key is here.
 */
export const unsubscribeKeys = staff.table(
  'unsubscribe_keys',
  {
    keyHash: text('key_hash').primaryKey(),
    orgId: ofOrg(),
    contactId: uuid('contact_id')
      .notNull()
      .references(() => contacts.id),
    topic: text('topic').notNull(),
    createdAt: moment('created_at').notNull().defaultNow(),
  },
  (t) => [
    index('unsubscribe_keys_created').on(t.createdAt),
    check('unsubscribe_keys_topic', oneOf('topic', MAIL_TOPICS)),
    ownerLookupPolicy(),
    ownerPolicy(),
    systemPolicy(),
  ],
);
