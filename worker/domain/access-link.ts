/** Access links for staff: make, rotate, revoke, list. The contact's own use is in the doors. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { accessLinks, members } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { LinkPurpose, LinkScope } from '../vocabulary.ts';
import { type LetterFate, letterFate } from './letter.ts';

/** How long a standing link opens, unless its use renews it: staff's own and one that a letter carries. */
export const STANDING_LINK_DAYS = 90;

/** `rotated`: replaced, and alive until it expires; `expired` and `revoked` open nothing. */
export type LinkState = 'active' | 'rotated' | 'expired' | 'revoked';

const state = sql<LinkState>`case
  when ${accessLinks.revokedAt} is not null then 'revoked'
  when ${accessLinks.expiresAt} <= now() then 'expired'
  when ${accessLinks.rotatedAt} is not null then 'rotated'
  else 'active' end`;

const LINKS_MAX = 500;

const rowColumns = {
  id: accessLinks.id,
  contactId: accessLinks.contactId,
  last4: accessLinks.last4,
  label: accessLinks.label,
  scope: sql<LinkScope>`${accessLinks.scope}`,
  purpose: sql<LinkPurpose>`${accessLinks.purpose}`,
  createdAt: instant(accessLinks.createdAt),
  createdBy: members.name,
  expiresAt: instant(accessLinks.expiresAt),
  openedAt: sql<string | null>`${instant(accessLinks.openedAt)}`,
  lastUsedAt: sql<string | null>`${instant(accessLinks.usedAt)}`,
  state,
  /** How the mail that carries it fares; null for one that was copied by hand. */
  letter: sql<LetterFate | null>`(
    select ${letterFate(sql`x`)} from staff.outbox x
     where x.contact_id = ${accessLinks.contactId} and x.link_id = ${accessLinks.id}
     order by x.created_at desc limit 1)`,
};

const works = sql`(${accessLinks.revokedAt} is null and ${accessLinks.expiresAt} > now())`;

/**
 * The links of a customer: first those that work, standing ones before those inside letters and those of
 * members who looked as somebody; each newest first. A letter brings a link of its own and none is deleted,
 * so the list ends somewhere, and then with links that open nothing.
 */
export function listLinks(db: Db, customerId: string) {
  return db
    .select(rowColumns)
    .from(accessLinks)
    .leftJoin(members, eq(members.id, accessLinks.createdBy))
    .where(eq(accessLinks.customerId, customerId))
    .orderBy(
      sql`${works} desc`,
      sql`array_position('{standing,notification,preview}'::text[], ${accessLinks.purpose})`,
      desc(accessLinks.createdAt),
      desc(accessLinks.id),
    )
    .limit(LINKS_MAX);
}

/** One link, as the lists show it; no row when it is not of this org. */
export function readLink(db: Db, id: string) {
  return db
    .select(rowColumns)
    .from(accessLinks)
    .leftJoin(members, eq(members.id, accessLinks.createdBy))
    .where(eq(accessLinks.id, id));
}
export type LinkRow = Omit<Awaited<ReturnType<typeof listLinks>>[number], 'contactId'>;

export type NewToken = { id: string; tokenHash: string; last4: string };

/**
 * Makes a standing link for a contact of this customer, with its event; no row when the contact is
 * not theirs. The database refuses a contact who is not allowed access (CF002).
 */
export function createLink(
  db: Db,
  token: NewToken,
  wanted: { customerId: string; contactId: string; scope: LinkScope; label: string | null },
) {
  return db.execute<{ id: string }>(sql`
    with made as (
      insert into staff.access_links (id, org_id, customer_id, contact_id, token_hash, last4, label, scope, purpose, created_by, expires_at)
      select ${token.id}::uuid, c.org_id, c.customer_id, c.id, ${token.tokenHash}::bytea, ${token.last4}, ${wanted.label},
             ${wanted.scope}, 'standing', s.member_id, now() + make_interval(days => ${STANDING_LINK_DAYS}::int)
        from portal.contacts c, staff.context() s
       where c.id = ${wanted.contactId}::uuid and c.customer_id = ${wanted.customerId}::uuid
      returning id, customer_id, contact_id
    )
    select id, staff.audit('link.created', 'link', id::text,
                           jsonb_build_object('contact', contact_id, 'scope', ${wanted.scope}::text), customer_id)::text
      from made`);
}

/**
 * Queues a letter with a link of its own; no row when the contact is not theirs or not allowed.
 * `scope` null: what staff last gave this person.
 */
export function sendLink(
  db: Db,
  wanted: {
    customerId: string;
    contactId: string;
    scope: LinkScope | null;
    label: string | null;
    event: string;
  },
) {
  const { scope, label } = wanted;
  return db.execute<{ id: string }>(sql`
    with queued as (
      insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
      select c.org_id, 'link.sent/' || ${wanted.event}::text, c.email, c.id, 'access-link', c.language,
             jsonb_strip_nulls(jsonb_build_object('scope', ${scope}::text, 'label', ${label}::text))
        from portal.contacts c
       where c.id = ${wanted.contactId}::uuid and c.customer_id = ${wanted.customerId}::uuid and c.access = 'allowed'
      on conflict (org_id, event, recipient) do nothing
      returning id, contact_id
    )
    select id, staff.audit('link.sent', 'contact', contact_id::text, '{}', ${wanted.customerId}::uuid)::text from queued`);
}

/**
 * Replaces a live link: the new one takes its contact, scope and label; the old one lives 7 days at
 * most and is not renewed. No row when the link is not of this org or no longer active.
 */
export function rotateLink(db: Db, id: string, token: NewToken) {
  return db.execute<{ id: string }>(sql`
    with old as (
      update staff.access_links l
         set rotated_at = now(), expires_at = least(l.expires_at, now() + interval '7 days')
       where l.id = ${id}::uuid and l.purpose = 'standing'
         and l.revoked_at is null and l.rotated_at is null and l.expires_at > now()
      returning l.id, l.org_id, l.customer_id, l.contact_id, l.label, l.scope
    ), made as (
      insert into staff.access_links (id, org_id, customer_id, contact_id, token_hash, last4, label, scope, purpose, created_by, expires_at)
      select ${token.id}::uuid, o.org_id, o.customer_id, o.contact_id, ${token.tokenHash}::bytea, ${token.last4}, o.label, o.scope,
             'standing', s.member_id, now() + make_interval(days => ${STANDING_LINK_DAYS}::int)
        from old o, staff.context() s
      returning id, customer_id
    )
    select id, staff.audit('link.rotated', 'link', ${id}::text, jsonb_build_object('replaced_by', id), customer_id)::text
      from made`);
}

/**
 * Revokes a link: its sessions end with their next request. With `endAccess` the person's other
 * links go too, and nothing mints them a new one. No row when it is not of this org.
 */
export function revokeLink(db: Db, id: string, endAccess: boolean) {
  return db.execute<{ id: string }>(sql`
    with wanted as (
      select l.id, l.customer_id, l.contact_id from staff.access_links l where l.id = ${id}::uuid
    ), revoked as (
      update staff.access_links l set revoked_at = coalesce(l.revoked_at, now())
        from wanted w
       where l.id = w.id or (${endAccess} and l.contact_id = w.contact_id)
      returning l.id
    ), ended as (
      update portal.contacts c set access = 'ended' from wanted w where ${endAccess} and c.id = w.contact_id returning c.id
    )
    select w.id,
           staff.audit('link.revoked', 'link', w.id::text, jsonb_build_object('links', (select count(*) from revoked)), w.customer_id)::text,
           (select staff.audit('contact.access_changed', 'contact', e.id::text, '{"access": "ended"}', w.customer_id)::text from ended e)
      from wanted w`);
}

/**
 * Revokes whatever links a customer's contacts have, with one event. With `endAccess` none of them is
 * sent a new one either. No row when the customer is not of this org.
 */
export function revokeCustomerLinks(db: Db, customerId: string, endAccess: boolean) {
  return db.execute<{ revoked: number }>(sql`
    with wanted as (
      select b.id from portal.customers b where b.id = ${customerId}::uuid
    ), revoked as (
      update staff.access_links l set revoked_at = now()
        from wanted w
       where l.customer_id = w.id and l.revoked_at is null
      returning l.expires_at > now() as worked
    ), ended as (
      update portal.contacts c set access = 'ended'
        from wanted w
       where ${endAccess} and c.customer_id = w.id and c.access <> 'ended'
      returning c.id
    ), counted as (
      select count(*) filter (where r.worked)::int as revoked from revoked r
    )
    select n.revoked,
           staff.audit('link.revoked', 'customer', w.id::text, jsonb_build_object('links', n.revoked), w.id)::text,
           (select count(staff.audit('contact.access_changed', 'contact', e.id::text, '{"access": "ended"}', w.id)::text) from ended e)
      from wanted w, counted n`);
}

/**
 * Mints the link that shows a member the portal as this contact sees it: single use, 10 minutes,
 * read-only. No row when the contact is not of this org. The database refuses a contact who is not
 * allowed access (CF002).
 */
export function beginPreview(db: Db, token: NewToken, contactId: string) {
  return db.execute<{ customerId: string; expiresAt: string }>(sql`
    select v.customer_id as "customerId", ${instant(sql`v.expires_at`)} as "expiresAt"
      from staff.begin_preview(${token.id}::uuid, ${contactId}::uuid, ${token.tokenHash}::bytea, ${token.last4}) v`);
}
