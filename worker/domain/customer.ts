/** Customers and their contacts: who is looking, and, for staff, who may. */
import { and, asc, eq, ilike, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import {
  accessLinks,
  contacts,
  customers,
  documents,
  orders,
  orgs,
  sessions,
} from '../database/schema.ts';
import { anywhere, instant } from '../database/text.ts';
import type { ErrorCode } from '../errors.ts';
import {
  type AuditAction,
  type ContactAccess,
  type CustomerFilter,
  type LinkScope,
  type Locale,
  PAGE_SIZE,
} from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';
import { type LetterFate, letterFate } from './letter.ts';
import { unreadNotifications } from './notification.ts';
import { suppressionOf } from './suppression.ts';

/** The link that a visitor came through; `isPreview`: a member of staff looks as this contact. */
type VisitLink = {
  scope: LinkScope;
  expiresAt: string;
  /** The day of that moment where the supplier is, YYYY-MM-DD. */
  lastDay: string;
  isPreview: boolean;
  /** When this person was here before; null the first time. */
  newSince: string | null;
};

/** What the visit has yet: at most these seconds (null for a token), and whether to ask how it was. */
type VisitSession = { secondsLeft: number | null; asksFeedback: boolean };

/** Who is here, for whom, through which link: one row for a live credential. */
export function readVisitor(db: Db) {
  return db
    .select({
      org: {
        code: orgs.code,
        name: orgs.name,
        colour: orgs.colour,
        hasLogo: orgs.hasLogo,
        contactEmail: orgs.contactEmail,
        contactPhone: orgs.contactPhone,
        contactHours: orgs.contactHours,
        locale: sql<Locale>`${orgs.locale}`,
      },
      customer: { code: customers.code, name: customers.name },
      contact: {
        name: contacts.name,
        email: contacts.email,
        language: sql<Locale>`${contacts.language}`,
        chosenLanguage: sql<Locale | null>`${contacts.chosenLanguage}`,
      },
      link: sql<VisitLink>`(
        select jsonb_build_object('scope', v.scope, 'expiresAt', v.expires_at,
                                  'lastDay', (v.expires_at at time zone ${orgs.timeZone})::date, 'isPreview', v.is_preview, 'newSince', v.new_since)
          from portal.visit() v)`,
      session: sql<VisitSession>`(
        select jsonb_build_object('secondsLeft', s.seconds_left, 'asksFeedback', s.asks_feedback)
          from portal.session_state() s)`,
      unread: unreadNotifications,
    })
    .from(customers)
    .innerJoin(orgs, eq(orgs.id, customers.orgId))
    .innerJoin(contacts, eq(contacts.customerId, customers.id));
}
export type Visitor = Awaited<ReturnType<typeof readVisitor>>[number];

/** The event that something was refused that would have been `action`; goes with what is shown instead. */
export function auditRefusal(db: Db, code: ErrorCode, action: AuditAction) {
  return db.execute(sql`
    select portal.audit('request.refused', null, null, jsonb_build_object('code', ${code}::text, 'action', ${action}::text))::text`);
}

/**
 * A subquery as a column. Nested, because in a select from one table drizzle drops the table's name
 * from the columns of a field's own SQL, and these compare two tables.
 */
function subquery<T>(query: SQL): SQL<T> {
  return sql<T>`(${query})`;
}

/** A link of theirs, other than what a member used to look as them. */
const ofCustomer = sql`${accessLinks.customerId} = ${customers.id} and ${accessLinks.purpose} <> 'preview'`;
/** A standing link that works, and is not on its way out. */
const standing = sql`${accessLinks.purpose} = 'standing' and ${accessLinks.revokedAt} is null
  and ${accessLinks.rotatedAt} is null and ${accessLinks.expiresAt} > now()`;
const hasLink = (which: SQL) =>
  sql`exists (select 1 from ${accessLinks} where ${ofCustomer} and ${which})`;

/** `never_opened`: they have a link that works, and none of theirs was ever opened. */
const FILTERS: Record<CustomerFilter, SQL> = {
  expiring: hasLink(sql`${standing} and ${accessLinks.expiresAt} < now() + interval '14 days'`),
  never_opened: sql`${hasLink(sql`${accessLinks.revokedAt} is null and ${accessLinks.expiresAt} > now()`)}
    and not ${hasLink(sql`(${accessLinks.openedAt} is not null or ${accessLinks.usedAt} is not null)`)}`,
  no_link: sql`not ${hasLink(standing)}`,
};

/** A page of customers for staff and one row more, by name. */
export function listCustomers(
  db: Db,
  query: {
    q?: string | undefined;
    key?: string | undefined;
    filter?: CustomerFilter | undefined;
    cursor?: Cursor | undefined;
  },
) {
  const found = query.q
    ? or(ilike(customers.name, anywhere(query.q)), ilike(customers.code, anywhere(query.q)))
    : undefined;
  const behind = query.cursor
    ? sql`(${customers.name}, ${customers.id}) > (${query.cursor[0]}, ${query.cursor[1]}::uuid)`
    : undefined;
  return db
    .select({
      id: customers.id,
      code: customers.code,
      name: customers.name,
      contacts: subquery<number>(
        sql`select count(*)::int from ${contacts} where ${contacts.customerId} = ${customers.id}`,
      ),
      /** Standing ones that work, as the customer's own page counts them. */
      activeLinks: subquery<number>(
        sql`select count(*)::int from ${accessLinks} where ${ofCustomer} and ${standing}`,
      ),
      /** The first of their standing links to end. */
      linkExpiresAt: subquery<string | null>(
        sql`select ${instant(sql`min(${accessLinks.expiresAt})`)} from ${accessLinks} where ${ofCustomer} and ${standing}`,
      ),
      orders: subquery<number>(
        sql`select count(*)::int from ${orders} where ${orders.customerId} = ${customers.id}`,
      ),
      documents: subquery<number>(
        sql`select count(*)::int from ${documents} where ${documents.customerId} = ${customers.id}`,
      ),
      lastSeenAt: subquery<string | null>(
        sql`select ${instant(sql`max(${sessions.lastSeenAt})`)} from ${sessions}
          join ${accessLinks} on ${accessLinks.id} = ${sessions.linkId} where ${ofCustomer}`,
      ),
    })
    .from(customers)
    .where(
      and(
        found,
        query.key === undefined ? undefined : eq(customers.codeKey, query.key),
        query.filter && FILTERS[query.filter],
        behind,
      ),
    )
    .orderBy(asc(customers.name), asc(customers.id))
    .limit(PAGE_SIZE + 1);
}

/** One customer for staff, or no row. */
export function readCustomer(db: Db, id: string) {
  return db
    .select({
      id: customers.id,
      code: customers.code,
      codeKey: customers.codeKey,
      name: customers.name,
    })
    .from(customers)
    .where(eq(customers.id, id));
}

/** A customer's contacts, for staff. */
export function listContacts(db: Db, customerId: string) {
  return db
    .select({
      id: contacts.id,
      name: contacts.name,
      email: contacts.email,
      language: sql<Locale>`${contacts.language}`,
      access: sql<ContactAccess>`${contacts.access}`,
      /** Why their address is written to no more; null: it is. */
      suppression: suppressionOf(sql`${contacts.email}`),
      /** How the newest mail to them fares. */
      letter: subquery<LetterFate | null>(
        sql`select ${letterFate(sql`x`)} from staff.outbox x
             where x.contact_id = ${contacts.id} order by x.created_at desc limit 1`,
      ),
    })
    .from(contacts)
    .where(eq(contacts.customerId, customerId))
    .orderBy(asc(contacts.email));
}

/**
 * Changes what a person may do, with its event; no row for a contact that is not of this org.
 * Paused and ended both refuse the next request of every link of theirs, and every mint. A pause
 * that is lifted brings the links back; what was ended is revoked, and stays so.
 */
export function setContactAccess(db: Db, contactId: string, access: ContactAccess) {
  return db.execute<{ id: string }>(sql`
    with changed as (
      update ${contacts} set access = ${access} where id = ${contactId}::uuid returning id, customer_id
    ), revoked as (
      update ${accessLinks} set revoked_at = now()
       where ${access} = 'ended' and contact_id in (select id from changed) and revoked_at is null
      returning id
    )
    select id, staff.audit('contact.access_changed', 'contact', id::text,
                           jsonb_build_object('access', ${access}::text, 'links_revoked', (select count(*) from revoked)),
                           customer_id)::text
      from changed`);
}
