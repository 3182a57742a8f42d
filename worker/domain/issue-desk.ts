/** Reports of what is wrong with an order, as staff find, read and answer them. */
import { and, asc, count, eq, ilike, ne, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import {
  contacts,
  customers,
  issueDesks,
  issueMessages,
  issueNotes,
  issuePhotos,
  issueReports,
  members,
  orderLines,
  orders,
} from '../database/schema.ts';
import { anywhere, instant } from '../database/text.ts';
import {
  type IssueAuthor,
  type IssueFilter,
  type IssueKind,
  type IssueStatus,
  type OUTBOX_STATES,
  PAGE_SIZE,
} from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

/** What people call a report by. */
const called = sql<string>`'R-' || ${issueReports.number}`;

const rowColumns = {
  id: issueReports.id,
  number: called,
  customer: { id: customers.id, code: customers.code, name: customers.name },
  orderNumber: issueReports.orderNumber,
  // The checks on the columns are the vocabulary's lists.
  kind: sql<IssueKind>`${issueReports.kind}`,
  status: sql<IssueStatus>`${issueReports.status}`,
  assignee: { id: members.id, name: members.name },
  createdAt: instant(issueReports.createdAt),
  changedAt: instant(issueReports.changedAt),
};

/** `me`: whoever asks. */
type AssigneeFilter = 'me' | 'none' | { memberId: string };
type IssueQuery = {
  status?: IssueFilter | undefined;
  assignee?: AssigneeFilter | undefined;
  customer?: string | undefined;
  q?: string | undefined;
  cursor?: Cursor | undefined;
};

function ofStatus(filter: IssueFilter): SQL | undefined {
  return filter === 'unresolved'
    ? ne(issueReports.status, 'resolved')
    : eq(issueReports.status, filter);
}

function ofAssignee(filter: AssigneeFilter): SQL {
  if (filter === 'none') return sql`${issueDesks.assigneeId} is null`;
  if (filter === 'me') {
    return sql`${issueDesks.assigneeId} = (select s.member_id from staff.context() s)`;
  }
  return eq(issueDesks.assigneeId, filter.memberId);
}

/** By its own number, written `R-12` or `12`; by a part of its order's, or of its customer's name or code. */
function found(q: string): SQL | undefined {
  const number = /^(?:r-?\s*)?(\d{1,9})$/i.exec(q)?.[1];
  return or(
    number ? eq(issueReports.number, Number(number)) : undefined,
    ilike(issueReports.orderNumber, anywhere(q)),
    ilike(customers.name, anywhere(q)),
    ilike(customers.code, anywhere(q)),
  );
}

/** Who wrote last, and when; null while nobody wrote after the report itself. */
const lastMessage = sql<{ author: IssueAuthor; at: string } | null>`(
  select jsonb_build_object('author', m.author, 'at', ${instant(sql`m.created_at`)})
    from ${issueMessages} m where m.issue_id = ${issueReports.id}
   order by m.created_at desc, m.id desc limit 1)`;

/** A page of reports and one row more, by their last change, newest first. */
export function listIssues(db: Db, { status, assignee, customer, q, cursor }: IssueQuery) {
  return db
    .select({ ...rowColumns, lastMessage })
    .from(issueReports)
    .innerJoin(customers, eq(customers.id, issueReports.customerId))
    .leftJoin(issueDesks, eq(issueDesks.issueId, issueReports.id))
    .leftJoin(members, eq(members.id, issueDesks.assigneeId))
    .where(
      and(
        status && ofStatus(status),
        assignee && ofAssignee(assignee),
        customer ? eq(issueReports.customerId, customer) : undefined,
        q ? found(q) : undefined,
        cursor
          ? sql`(${issueReports.changedAt}, ${issueReports.id}) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(
      sql`${issueReports.changedAt} desc nulls first`,
      sql`${issueReports.id} desc nulls first`,
    )
    .limit(PAGE_SIZE + 1);
}
export type DeskIssueRow = Awaited<ReturnType<typeof listIssues>>[number];

/** How many reports are open: nobody has taken them up yet. */
export function countOpenIssues(db: Db) {
  return db.select({ count: count() }).from(issueReports).where(eq(issueReports.status, 'open'));
}

/** One report, or no row; `orderId` is null when its order is withdrawn or another customer's by now. */
export function readDeskIssue(db: Db, id: string) {
  return db
    .select({
      ...rowColumns,
      orderId: orders.id,
      lineNumbers: issueReports.lineNumbers,
      description: issueReports.description,
      contact: {
        id: contacts.id,
        name: contacts.name,
        email: contacts.email,
        /** Whether a reply is mailed to them: as staff.reply_issue asks. */
        isMailed: sql<boolean>`${contacts.access} = 'allowed' and not 'issues' = any (${contacts.mutedMail})`,
      },
      contactEmail: issueReports.contactEmail,
      contactPhone: issueReports.contactPhone,
      creditNoteNumber: issueReports.creditNoteNumber,
      resolvedAt: sql<string | null>`${instant(issueReports.resolvedAt)}`,
    })
    .from(issueReports)
    .innerJoin(customers, eq(customers.id, issueReports.customerId))
    .innerJoin(contacts, eq(contacts.id, issueReports.contactId))
    .leftJoin(issueDesks, eq(issueDesks.issueId, issueReports.id))
    .leftJoin(members, eq(members.id, issueDesks.assigneeId))
    .leftJoin(
      orders,
      and(
        eq(orders.orgId, issueReports.orgId),
        eq(orders.customerId, issueReports.customerId),
        eq(orders.numberKey, issueReports.orderKey),
      ),
    )
    .where(eq(issueReports.id, id));
}
export type DeskIssue = Awaited<ReturnType<typeof readDeskIssue>>[number];

/** The order lines that a report names, as they are today. */
export function listIssueLines(db: Db, id: string) {
  return db
    .select({
      lineNumber: orderLines.lineNumber,
      itemCode: orderLines.itemCode,
      description: orderLines.description,
      quantity: orderLines.quantity,
      unit: orderLines.unit,
    })
    .from(issueReports)
    .innerJoin(
      orders,
      and(
        eq(orders.orgId, issueReports.orgId),
        eq(orders.customerId, issueReports.customerId),
        eq(orders.numberKey, issueReports.orderKey),
      ),
    )
    .innerJoin(
      orderLines,
      and(
        eq(orderLines.orderId, orders.id),
        sql`${orderLines.lineNumber} = any (${issueReports.lineNumbers})`,
      ),
    )
    .where(eq(issueReports.id, id))
    .orderBy(asc(orderLines.lineNumber));
}

/** The letter that a reply was sent with. Nested, or drizzle drops the table's name from its columns. */
const letterState = sql`select x.state from staff.outbox x
  where x.org_id = ${issueMessages.orgId} and x.event = 'issue.replied/' || ${issueMessages.id}`;

/** What was said, oldest first. */
export function listDeskMessages(db: Db, id: string) {
  return db
    .select({
      id: issueMessages.id,
      author: sql<IssueAuthor>`${issueMessages.author}`,
      authorName: issueMessages.authorName,
      body: issueMessages.body,
      /** How its letter fares; null: none was written, and it is in the portal alone. */
      letter: sql<(typeof OUTBOX_STATES)[number] | null>`(${letterState})`,
      createdAt: instant(issueMessages.createdAt),
    })
    .from(issueMessages)
    .where(eq(issueMessages.issueId, id))
    .orderBy(asc(issueMessages.createdAt), asc(issueMessages.id));
}

/** What staff said among themselves, oldest first. */
export function listIssueNotes(db: Db, id: string) {
  return db
    .select({
      id: issueNotes.id,
      authorName: members.name,
      body: issueNotes.body,
      createdAt: instant(issueNotes.createdAt),
    })
    .from(issueNotes)
    .innerJoin(members, eq(members.id, issueNotes.memberId))
    .where(eq(issueNotes.issueId, id))
    .orderBy(asc(issueNotes.createdAt), asc(issueNotes.id));
}

/** Where a photo's bytes are, and what they are called; no row unless it is of this report. */
export function readDeskPhoto(db: Db, id: string, photoId: string) {
  return db
    .select({
      sha256: issuePhotos.sha256,
      mediaType: issuePhotos.mediaType,
      fileName: issuePhotos.fileName,
    })
    .from(issuePhotos)
    .where(and(eq(issuePhotos.id, photoId), eq(issuePhotos.issueId, id)));
}

/** Whom reports can be given to: the people who work here, by name. */
export function listAssignees(db: Db) {
  return db
    .select({ id: members.id, name: members.name })
    .from(members)
    .where(and(eq(members.active, true), sql`${members.serviceName} is null`))
    .orderBy(asc(members.name), asc(members.id));
}

const SUGGESTED_MAX = 200;

/** The credit notes that the report's customer has, newest first. */
export function listCreditNotes(db: Db, id: string) {
  return db.execute<{ number: string }>(sql`
    select n.number
      from portal.issue_reports r cross join lateral staff.credit_notes(r.customer_id) n
     where r.id = ${id}::uuid
     order by n.issued_on desc nulls last, n.number desc limit ${SUGGESTED_MAX}`);
}
