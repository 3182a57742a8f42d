/** The audit trail, as staff read it. It is written in SQL, in the transaction of each change. */
import { and, desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { contacts, customers, events, members } from '../database/schema.ts';
import type { AuditAction } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';
import { instant } from './text.ts';

export const AUDIT_PAGE_SIZE = 50;

/** A page of events and one row more, newest first. */
export function listEvents(
  db: Db,
  query: {
    action?: AuditAction | undefined;
    customer?: string | undefined;
    cursor?: Cursor | undefined;
  },
) {
  const { action, customer, cursor } = query;
  return db
    .select({
      id: events.id,
      at: instant(events.at),
      actor: {
        kind: events.actorKind,
        /** The member's name, or the contact's who acted: null for the system and for visitors. */
        name: sql<string | null>`case ${events.actorKind}
          when 'customer' then coalesce(${contacts.name}, ${contacts.email}) else ${members.name} end`,
      },
      action: sql<AuditAction>`${events.action}`,
      customer: { id: customers.id, name: customers.name },
      subjectKind: events.subjectKind,
      subjectId: events.subjectId,
      detail: sql<Record<string, unknown>>`${events.detail}`,
      requestId: events.requestId,
    })
    .from(events)
    .leftJoin(members, eq(members.id, events.actorId))
    .leftJoin(contacts, eq(contacts.id, events.contactId))
    .leftJoin(customers, eq(customers.id, events.customerId))
    .where(
      and(
        action ? eq(events.action, action) : undefined,
        customer ? eq(events.customerId, customer) : undefined,
        cursor
          ? sql`(${events.at}, ${events.id}) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(events.at), desc(events.id))
    .limit(AUDIT_PAGE_SIZE + 1);
}
