/** The audit trail, as staff read it. It is written in SQL, in the transaction of each change. */
import { and, desc, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import {
  ACTOR_KINDS,
  accessLinks,
  contacts,
  customers,
  events,
  members,
} from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { AuditAction } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

export { ACTOR_KINDS };
export const AUDIT_PAGE_SIZE = 50;

export type ActorKind = (typeof ACTOR_KINDS)[number];
/** Everyone of a kind, or one of them: a member, the contact who acted, the link it was done through. */
export type ActorFilter =
  | { kind: ActorKind; id: null }
  | { kind: 'member' | 'contact' | 'link'; id: string };

export type AuditFilter = {
  actor?: ActorFilter | undefined;
  customer?: string | undefined;
  /** Any of these. */
  action?: readonly AuditAction[] | undefined;
  subject?: { kind: string; id: string } | undefined;
  /** Days in the org's time zone, both of them included. */
  from?: string | undefined;
  to?: string | undefined;
};

function byActor({ kind, id }: ActorFilter): SQL | undefined {
  switch (kind) {
    case 'member':
      return and(eq(events.actorId, id), inArray(events.actorKind, ['staff', 'service']));
    case 'link':
      return and(eq(events.actorId, id), eq(events.actorKind, 'customer'));
    case 'contact':
      return and(eq(events.contactId, id), inArray(events.actorKind, ['customer', 'visitor']));
    default:
      return eq(events.actorKind, kind);
  }
}

/** The moment a day begins where the supplier is. */
const startOf = (day: string, daysLater: 0 | 1) =>
  sql`((${day}::date + ${daysLater}::int)::timestamp at time zone
       (select o.time_zone from portal.orgs o where o.id = (select s.org_id from staff.context() s)))`;

function matching({ actor, customer, action, subject, from, to }: AuditFilter): SQL | undefined {
  return and(
    actor && byActor(actor),
    customer ? eq(events.customerId, customer) : undefined,
    action && action.length > 0 ? inArray(events.action, [...action]) : undefined,
    subject && and(eq(events.subjectKind, subject.kind), eq(events.subjectId, subject.id)),
    from ? sql`${events.at} >= ${startOf(from, 0)}` : undefined,
    to ? sql`${events.at} < ${startOf(to, 1)}` : undefined,
  );
}

/** The subject's id, where it is one of our rows'. */
const rowId = sql`(case when ${events.subjectId} ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
  then ${events.subjectId}::uuid end)`;
/**
 * What the subject is called today; null where it is gone or has no name. A document that is no longer
 * live is named by its stamps.
 */
const subjectName = sql<string | null>`case ${events.subjectKind}
  when 'publish' then (select x.name from staff.publishes x where x.id = ${rowId})
  when 'import' then (select x.file_name from staff.imports x where x.id = ${rowId})
  when 'document' then coalesce(
    (select x.number from portal.documents x where x.id = ${rowId}),
    (select x.number from staff.stamps x where x.org_id = ${events.orgId} and x.document_id = ${rowId} limit 1))
  when 'order' then (select x.number from portal.orders x where x.id = ${rowId})
  when 'shipment' then (select x.tracking_number from portal.shipments x where x.id = ${rowId})
  when 'customer' then (select x.name from portal.customers x where x.id = ${rowId})
  when 'contact' then (select coalesce(x.name, x.email) from portal.contacts x where x.id = ${rowId})
  when 'member' then (select x.name from staff.members x where x.id = ${rowId})
  when 'link' then (select '…' || x.last4 from staff.access_links x where x.id = ${rowId})
  when 'issue' then (select 'R-' || x.number from portal.issue_reports x where x.id = ${rowId})
  when 'exposure' then (select x.name from portal.customers x
                         where x.org_id = ${events.orgId} and x.code_key = ${events.subjectId}) end`;

/**
 * A page of events and one row more, newest first. The trail keeps ids; names are those of today.
 *
 * @param size rows of a page
 */
export function listEvents(
  db: Db,
  filter: AuditFilter,
  { cursor, size }: { cursor: Cursor | undefined; size: number },
) {
  return db
    .select({
      id: events.id,
      at: instant(events.at),
      actor: {
        // The check on the column is this list.
        kind: sql<ActorKind>`${events.actorKind}`,
        /** The link for a customer, the member for staff; null for the system and for visitors. */
        id: events.actorId,
        contactId: events.contactId,
        /** The member's name, or the contact's who acted: null for the system and for visitors. */
        name: sql<string | null>`case ${events.actorKind}
          when 'customer' then coalesce(${contacts.name}, ${contacts.email}) else ${members.name} end`,
        /** Of the link it was done through. */
        last4: accessLinks.last4,
      },
      action: sql<AuditAction>`${events.action}`,
      customer: { id: customers.id, code: customers.code, name: customers.name },
      subjectKind: events.subjectKind,
      subjectId: events.subjectId,
      subjectName,
      detail: sql<Record<string, unknown>>`${events.detail}`,
      requestId: events.requestId,
    })
    .from(events)
    .leftJoin(members, eq(members.id, events.actorId))
    .leftJoin(accessLinks, eq(accessLinks.id, events.actorId))
    .leftJoin(contacts, eq(contacts.id, events.contactId))
    .leftJoin(customers, eq(customers.id, events.customerId))
    .where(
      and(
        matching(filter),
        cursor
          ? sql`(${events.at}, ${events.id}) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(events.at), desc(events.id))
    .limit(size + 1);
}
export type EventRow = Awaited<ReturnType<typeof listEvents>>[number];

/** Says in the trail that somebody took a part of it along, and which. */
export function auditExport(db: Db, query: Record<string, string>) {
  return db.execute(
    sql`select staff.audit('audit.exported', 'audit', null, ${JSON.stringify(query)}::jsonb)::text`,
  );
}
