/**
 * The outbox as deliver-mail works it: queries only, each set-based and by the database's clock.
 * A letter is one run's while its lease lasts; a write under a lease that is over changes nothing.
 */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { ContactAccess, LinkPurpose, Locale, MailTopic } from '../vocabulary.ts';

const BATCH = 20;
const LEASE_SECONDS = 120;
/**
 * The provider forgets an idempotency key after 24 h; a try after that could be a second mail. One
 * hour less, for a try that is on its way. Source: https://resend.com/docs/dashboard/emails/idempotency-keys
 */
const GIVE_UP_HOURS = 23;
/** Letters that fail before their first send are not under the rule above: they end here. */
const ATTEMPTS_MAX = 40;

/** A letter that this run may work on. Times are RFC 3339 in UTC. */
export type ClaimedLetter = {
  id: string;
  /** The lease's end as the database wrote it: it names this claim in every later write. */
  lease: string;
  claimedAt: string;
  attempts: number;
  orgId: string;
  template: string;
  /** What its reader can have no more of; null: it is no letter of a topic. */
  topic: MailTopic | null;
  /** They want no mail of the topic. */
  isMuted: boolean;
  /** Its address is written to no more. */
  isSuppressed: boolean;
  /** To a contact: as they choose it by now. */
  language: Locale;
  recipient: string;
  params: unknown;
  linkId: string | null;
  sealedBody: string | null;
  /** Tried for so long, or so often, that trying again is no longer safe or of use. */
  isSpent: boolean;
  orgCode: string;
  orgSlug: string;
  orgName: string;
  colour: string;
  timeZone: string;
  contactEmail: string | null;
  contactPhone: string | null;
  /** Null, like the customer's name, when the letter has no contact. */
  access: ContactAccess | null;
  contactName: string | null;
  customerName: string | null;
  /** Of a letter to a member: null when it has a contact, or the member is one no more. */
  memberName: string | null;
};

/** Takes the letters that are due, oldest first, past those that another run is taking. */
export function claimLetters(db: Db) {
  return db.execute<ClaimedLetter>(sql`
    with due as (
      select o.id from staff.outbox o
       where o.state = 'queued' and o.due_at <= now() and coalesce(o.leased_until <= now(), true)
       order by o.due_at, o.id
       limit ${BATCH}
       for update skip locked
    ), claimed as (
      update staff.outbox o
         set leased_until = now() + make_interval(secs => ${LEASE_SECONDS}), attempts = o.attempts + 1
        from due
       where o.id = due.id
      returning o.*
    )
    select k.id, k.leased_until::text as lease, k.attempts, k.org_id as "orgId", k.template, k.recipient, k.params,
           coalesce(c.chosen_language, k.language) as language, staff.mail_topic(k.template) as topic,
           coalesce(staff.mail_topic(k.template) = any (c.muted_mail), false) as "isMuted",
           exists (select 1 from staff.suppressions s
                    where s.org_id = k.org_id and s.email = lower(k.recipient) and s.lifted_at is null) as "isSuppressed",
           ${instant(sql`now()`)} as "claimedAt",
           k.link_id as "linkId", k.sealed_body as "sealedBody",
           coalesce(k.first_tried_at < now() - make_interval(hours => ${GIVE_UP_HOURS}), false)
             or k.attempts > ${ATTEMPTS_MAX} as "isSpent",
           g.code as "orgCode", g.slug as "orgSlug", g.name as "orgName", g.colour, g.time_zone as "timeZone",
           g.contact_email as "contactEmail", g.contact_phone as "contactPhone",
           c.access, c.name as "contactName", b.name as "customerName", m.name as "memberName"
      from claimed k
      join portal.orgs g on g.id = k.org_id
      left join portal.contacts c on c.org_id = k.org_id and c.id = k.contact_id
      left join portal.customers b on b.org_id = k.org_id and b.id = c.customer_id
      left join staff.members m on k.contact_id is null and m.org_id = k.org_id and m.email = k.recipient and m.active
     order by k.due_at, k.id`);
}

/** What a letter tells of that its reader may see by now: nothing that was withdrawn or hidden since. */
export function readNews(db: Db, { id }: ClaimedLetter) {
  return db.execute<Record<string, unknown>>(sql`
    select n.params, n.order_id as "orderId", n.order_number as "orderNumber", n.carrier,
           n.tracking_number as "trackingNumber"
      from staff.outbox o, staff.news_of(o.org_id, o.id) n
     where o.id = ${id}::uuid`);
}

/** The link that a letter carries, and the letter around it, boxed. */
export type FrozenLetter = {
  /** SHA-256 of the key of its unsubscribe link, as bytea text; null: it has none. */
  unsubscribeHash: string | null;
  tokenHash: string;
  last4: string;
  label: string | null;
  purpose: LinkPurpose;
  expiresAt: string;
  sealedBody: string;
};

/**
 * Mints the link, with its event, and the key to unsubscribe by, and freezes the letter that carries it, all or nothing. Gives the
 * link's id; no row when the lease is over, or the contact is not allowed access or wants no such mail
 * any more. A letter
 * never opens more than staff last gave the person, unless staff said so for this one and no less since.
 * The trigger on links refuses a contact who lost access this very moment (contact_not_allowed).
 */
export function freezeLetter(db: Db, { id, lease }: ClaimedLetter, frozen: FrozenLetter) {
  return db.execute<{ linkId: string }>(sql`
    with letter as (
      select o.id, o.org_id, o.template, c.customer_id, c.id as contact_id
        from staff.outbox o
        join portal.contacts c on c.org_id = o.org_id and c.id = o.contact_id
       where o.id = ${id}::uuid and ${held(lease)} and o.sealed_body is null and c.access = 'allowed'
         and coalesce(not staff.mail_topic(o.template) = any (c.muted_mail), true)
         for update of o
    ), unsubscribe as (
      insert into staff.unsubscribe_keys (key_hash, org_id, contact_id, topic)
      select encode(${frozen.unsubscribeHash}::bytea, 'hex'), t.org_id, t.contact_id, staff.mail_topic(t.template)
        from letter t
       where ${frozen.unsubscribeHash}::bytea is not null
    ), link as (
      insert into staff.access_links (org_id, customer_id, contact_id, token_hash, last4, label, scope, purpose, expires_at)
      select t.org_id, t.customer_id, t.contact_id, ${frozen.tokenHash}::bytea, ${frozen.last4}, ${frozen.label},
             staff.letter_scope(t.id), ${frozen.purpose}, ${frozen.expiresAt}::timestamptz
        from letter t
      returning id, org_id, customer_id, contact_id, scope
    ), kept as (
      update staff.outbox o
         set link_id = link.id, sealed_body = ${frozen.sealedBody}, first_tried_at = now()
        from letter t, link
       where o.id = t.id
      returning o.id
    )
    select l.id as "linkId",
           audit.append(l.org_id, 'system', null, l.customer_id, l.contact_id, 'link.created', 'link', l.id::text,
                        jsonb_build_object('contact', l.contact_id, 'scope', l.scope, 'letter', k.id))::text
      from link l, kept k`);
}

/** Freezes a desk letter, which carries no link; no row when the lease is over. */
export function freezeDeskLetter(db: Db, { id, lease }: ClaimedLetter, sealedBody: string) {
  return db.execute<{ id: string }>(sql`
    update staff.outbox o set sealed_body = ${sealedBody}, first_tried_at = now()
     where o.id = ${id}::uuid and ${held(lease)} and o.sealed_body is null
    returning o.id`);
}

/**
 * The letter went out: its body, and the token with it, is wiped. True whoever holds the lease by
 * now, as long as the row still is this letter and not a new one under the same id.
 */
export function recordSent(
  db: Db,
  { id }: ClaimedLetter,
  linkId: string | null,
  providerId: string,
) {
  return db.execute<{ id: string }>(sql`
    with sent as (
      update staff.outbox o
         set state = 'sent', sent_at = now(), provider_id = ${providerId}, sealed_body = null,
             leased_until = null, last_error = null
       where o.id = ${id}::uuid and o.state = 'queued' and o.link_id is not distinct from ${linkId}::uuid
      returning o.id, o.org_id, o.contact_id, jsonb_strip_nulls(jsonb_build_object('template', o.template, 'link', o.link_id)) as detail
    )
    ${audited(sql`sent`, 'mail.sent')}`);
}

/** The letter will not go out by itself any more. Its body is wiped; `reason` is for staff. */
export function recordDeath(db: Db, { id, lease }: ClaimedLetter, reason: string) {
  return db.execute<{ id: string }>(sql`
    with dead as (
      update staff.outbox o
         set state = 'dead', last_error = ${reason}, sealed_body = null, leased_until = null
       where o.id = ${id}::uuid and ${held(lease)}
      returning o.id, o.org_id, o.contact_id, jsonb_build_object('template', o.template, 'reason', o.last_error) as detail
    )
    ${audited(sql`dead`, 'mail.died')}`);
}

/**
 * Puts a letter back for later, body and all. One that could only be tried too late dies at once:
 * better that staff know now. Gives what became of it.
 */
export function recordRetry(
  db: Db,
  { id, lease }: ClaimedLetter,
  reason: string,
  afterSeconds: number,
) {
  return db.execute<{ id: string; state: 'queued' | 'dead' }>(sql`
    with tried as (
      select o.id, now() + make_interval(secs => ${afterSeconds}) as again,
             coalesce(now() + make_interval(secs => ${afterSeconds}) > o.first_tried_at + make_interval(hours => ${GIVE_UP_HOURS}), false)
               as is_over
        from staff.outbox o
       where o.id = ${id}::uuid and ${held(lease)}
         for update
    ), put_back as (
      update staff.outbox o
         set state = case when t.is_over then 'dead' else 'queued' end,
             sealed_body = case when t.is_over then null else o.sealed_body end,
             due_at = t.again, last_error = ${reason}, leased_until = null
        from tried t
       where o.id = t.id
      returning o.id, o.org_id, o.contact_id, o.state, jsonb_build_object('template', o.template, 'reason', o.last_error) as detail
    ), dead as (
      select * from put_back where state = 'dead'
    ), events as (
      ${audited(sql`dead`, 'mail.died')}
    )
    select p.id, p.state, (select count(*) from events)::int as events from put_back p`);
}

/** Gives back letters that this run took and did not try. */
export function releaseLetters(db: Db, letters: readonly ClaimedLetter[], afterSeconds: number) {
  const ids = JSON.stringify(letters.map(({ id, lease }) => ({ id, lease })));
  return db.execute(sql`
    update staff.outbox o
       set leased_until = null, attempts = o.attempts - 1,
           due_at = greatest(o.due_at, now() + make_interval(secs => ${afterSeconds}))
      from jsonb_to_recordset(${ids}::jsonb) as t (id uuid, lease timestamptz)
     where o.id = t.id and o.state = 'queued' and o.leased_until = t.lease`);
}

const held = (lease: string) =>
  sql`o.state = 'queued' and o.leased_until = ${lease}::timestamptz and o.leased_until > now()`;

const audited = (changed: ReturnType<typeof sql>, action: 'mail.sent' | 'mail.died') => sql`
    select x.id, audit.append(x.org_id, 'system', null, c.customer_id, x.contact_id, ${action}, 'mail', x.id::text, x.detail)::text
      from ${changed} x left join portal.contacts c on c.org_id = x.org_id and c.id = x.contact_id`;
