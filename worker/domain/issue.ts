/** Issues as a customer reports and reads them. The policies say whose they are. */
import { asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { issueMessages, issuePhotos, issueReports, orders } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { IssueAuthor, IssueKind, IssueStatus } from '../vocabulary.ts';

const columns = {
  id: issueReports.id,
  number: sql<string>`'R-' || ${issueReports.number}`,
  orderNumber: issueReports.orderNumber,
  /** Null while the order is not shown: the link would lead nowhere. */
  orderId: orders.id,
  /** None: it is about all of the order. */
  lineNumbers: issueReports.lineNumbers,
  // The checks on these two columns are the vocabulary's lists.
  kind: sql<IssueKind>`${issueReports.kind}`,
  description: issueReports.description,
  contactEmail: issueReports.contactEmail,
  contactPhone: issueReports.contactPhone,
  status: sql<IssueStatus>`${issueReports.status}`,
  /** Null through a link that shows no money, too. */
  creditNoteNumber: sql<string | null>`case when (select c.financials from portal.context() c)
                                            then ${issueReports.creditNoteNumber} end`,
  createdAt: instant(issueReports.createdAt),
  changedAt: instant(issueReports.changedAt),
  /** Who wrote last, and when; null while nobody wrote after the report itself. */
  lastMessage: sql<{ author: IssueAuthor; at: string } | null>`(
    select jsonb_build_object('author', m.author, 'at', ${instant(sql`m.created_at`)})
      from ${issueMessages} m where m.issue_id = ${issueReports.id}
     order by m.created_at desc, m.id desc limit 1)`,
};

/** Every issue, or those that fit, newest first. Each costs its customer a request, so there are few. */
function select(db: Db, which?: SQL) {
  return db
    .select(columns)
    .from(issueReports)
    .leftJoin(orders, eq(orders.numberKey, issueReports.orderKey))
    .where(which)
    .orderBy(desc(issueReports.createdAt), desc(issueReports.id));
}

const ISSUES_MAX = 200;

/** A customer's issues, newest first: the latest {@link ISSUES_MAX}. */
export function listIssues(db: Db) {
  return select(db).limit(ISSUES_MAX);
}
export type Issue = Awaited<ReturnType<typeof listIssues>>[number];

/** An order's issues, newest first; none for an order that is not shown. */
export function listOrderIssues(db: Db, orderId: string) {
  return select(db, eq(orders.id, orderId)).limit(ISSUES_MAX);
}

/** One issue, or no row when it is not this customer's. */
export function readIssue(db: Db, id: string) {
  return select(db, eq(issueReports.id, id));
}

/** The event that this issue was looked at, or in vain; goes with the queries that show it. */
export function auditIssueView(db: Db, id: string) {
  return db.execute(sql`select portal.view_issue(${id}::uuid)`);
}

const messageColumns = {
  id: issueMessages.id,
  author: sql<IssueAuthor>`${issueMessages.author}`,
  authorName: issueMessages.authorName,
  body: issueMessages.body,
  createdAt: instant(issueMessages.createdAt),
};

/** What was said of an issue after it was reported, in its order. */
export function listIssueMessages(db: Db, issueId: string) {
  return db
    .select(messageColumns)
    .from(issueMessages)
    .where(eq(issueMessages.issueId, issueId))
    .orderBy(asc(issueMessages.createdAt), asc(issueMessages.id));
}
export type IssueMessage = Awaited<ReturnType<typeof listIssueMessages>>[number];

/** An issue's photos, in the order they came. */
export function listIssuePhotos(db: Db, issueId: string) {
  return db
    .select({
      id: issuePhotos.id,
      fileName: issuePhotos.fileName,
      /** Bytes. */
      size: issuePhotos.size,
      mediaType: issuePhotos.mediaType,
    })
    .from(issuePhotos)
    .where(eq(issuePhotos.issueId, issueId))
    .orderBy(asc(issuePhotos.createdAt), asc(issuePhotos.id));
}
export type IssuePhoto = Awaited<ReturnType<typeof listIssuePhotos>>[number];

export type Reported = {
  orderId: string;
  /** Sent twice with one key, it is one report. */
  key: string;
  kind: IssueKind;
  description: string;
  lineNumbers: readonly number[];
  contactEmail: string;
  contactPhone: string | null;
};

/** A list as a value: a Postgres array is made of it there. */
const intArray = (values: readonly number[]) =>
  sql`array(select v::int from jsonb_array_elements_text(${JSON.stringify(values)}::jsonb) v)`;

/**
 * Reports an issue: `known` is the report that this key made before, `sent_before` that it says something
 * else, `conflict` that it is of another order.
 */
export function reportIssue(db: Db, issue: Reported) {
  return db.execute<{
    status: 'ok' | 'known' | 'sent_before' | 'not_found' | 'lines_unknown' | 'conflict';
    issueId: string | null;
  }>(sql`
    select status, issue_id as "issueId"
      from portal.report_issue(${issue.orderId}::uuid, ${issue.key}, ${issue.kind}, ${issue.description},
             ${intArray(issue.lineNumbers)}, ${issue.contactEmail}, ${issue.contactPhone})`);
}

/** The report that a key of this person's made: read behind {@link reportIssue}, in its batch. */
export function readReported(db: Db, key: string) {
  return select(
    db,
    sql`${issueReports.idempotencyKey} = ${key}
        and ${issueReports.contactId} = (select c.contact_id from portal.context() c)`,
  );
}

/** Whether and where a report takes a photo, before its bytes are read; no row for one that is not theirs. */
export function readPhotoTerms(db: Db, issueId: string) {
  return db.execute<{ orgId: string; isResolved: boolean; photos: string[] }>(
    sql`select org_id as "orgId", is_resolved as "isResolved", photos from portal.photo_terms(${issueId}::uuid)`,
  );
}

export type NewPhoto = { sha256: string; size: number; mediaType: string; fileName: string };

/** Names a photo whose bytes are in the bucket; no row for a report that is not theirs. */
export function addIssuePhoto(db: Db, issueId: string, photo: NewPhoto) {
  return db.execute<{
    status: 'ok' | 'known' | 'resolved' | 'too_many';
    id: string;
    fileName: string;
    size: string;
    mediaType: string;
  }>(sql`
    select status, id, file_name as "fileName", size, media_type as "mediaType"
      from portal.add_issue_photo(${issueId}::uuid, ${photo.sha256}, ${photo.size}::bigint, ${photo.mediaType}, ${photo.fileName})`);
}

/** Where a photo's bytes are, with the event that it was looked at; no row for one that is not theirs. */
export function viewIssuePhoto(db: Db, issueId: string, photoId: string) {
  return db.execute<{
    orgId: string;
    sha256: string;
    size: string;
    mediaType: string;
    fileName: string;
  }>(sql`
    select org_id as "orgId", sha256, size, media_type as "mediaType", file_name as "fileName"
      from portal.view_issue_photo(${issueId}::uuid, ${photoId}::uuid)`);
}

/**
 * Answers, once a key: `known` is the answer that it made before, `sent_before` that it says something else;
 * no row for an issue that is not theirs.
 */
export function answerIssue(db: Db, issueId: string, answer: { key: string; body: string }) {
  return db.execute<{ status: 'ok' | 'known' | 'sent_before'; messageId: string }>(
    sql`select status, message_id as "messageId" from portal.answer_issue(${issueId}::uuid, ${answer.key}, ${answer.body})`,
  );
}

/** The answer that a key made: read behind {@link answerIssue}, in its batch. */
export function readAnswer(db: Db, issueId: string, key: string) {
  return db
    .select(messageColumns)
    .from(issueMessages)
    .where(
      sql`${issueMessages.issueId} = ${issueId} and ${issueMessages.idempotencyKey} = ${key} and ${issueMessages.author} = 'customer'`,
    );
}
