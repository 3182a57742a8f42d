/** Letters of the outbox, as staff see how they fare. They are written where their cause is. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { MailFate, OUTBOX_STATES } from '../vocabulary.ts';

/**
 * How a letter fares: `dead` is tried no more, and `lastError` says why in English; one that is
 * `queued` and has a `lastError` is tried again. `fate` is what the provider last said of it.
 */
export type LetterFate = {
  id: string;
  template: string;
  state: (typeof OUTBOX_STATES)[number];
  lastError: string | null;
  fate: MailFate | null;
  /** In the provider's words. */
  fateDetail: string | null;
  createdAt: string;
};

/** A row of the outbox as a {@link LetterFate}. @param row its name in the query */
export function letterFate(row: SQL): SQL<LetterFate> {
  return sql<LetterFate>`jsonb_build_object(
    'id', ${row}.id, 'template', ${row}.template, 'state', ${row}.state, 'lastError', ${row}.last_error,
    'fate', ${row}.fate, 'fateDetail', ${row}.fate_detail,
    'createdAt', ${instant(sql`${row}.created_at`)})`;
}

/** Why a person, or a whole customer, is not sent a link. */
export type LeftOut =
  | 'not_found'
  | 'no_contact'
  | 'access_paused'
  | 'access_ended'
  | 'address_suppressed'
  | 'has_link'
  | 'mail_on_its_way'
  | 'mail_failed';

export type LinkLetterRow = {
  customerId: string;
  customerName: string;
  /** Null, like the address, for a customer without contacts. */
  contactId: string | null;
  contactName: string | null;
  email: string | null;
  /** Null: the letter is queued. */
  leftOut: Exclude<LeftOut, 'not_found'> | null;
};

/**
 * Queues a letter with a link for every allowed contact of these customers who has no standing link
 * that works, with an event each; a row for every contact, and for a customer without any. Whoever was
 * written to within the hour is left out, so a request that is made again sends nothing again; two at
 * once meet at the outbox's key. A customer that is not of this org has no row.
 */
export function sendLinks(db: Db, customerIds: readonly string[]) {
  return db.execute<LinkLetterRow>(sql`
    with wanted as (
      select b.id as customer_id, b.name as customer_name, c.id as contact_id, c.name as contact_name, c.email, c.language,
             case when c.id is null then 'no_contact'
                  when c.access = 'paused' then 'access_paused'
                  when c.access = 'ended' then 'access_ended'
                  when exists (select 1 from staff.suppressions s where s.email = lower(c.email) and s.lifted_at is null)
                    then 'address_suppressed'
                  when exists (select 1 from staff.access_links l
                                where l.contact_id = c.id and l.purpose = 'standing' and l.revoked_at is null
                                  and l.rotated_at is null and l.expires_at > now()) then 'has_link'
                  else (select case when x.state = 'dead' then 'mail_failed' else 'mail_on_its_way' end
                          from staff.outbox x
                         where x.contact_id = c.id and x.template = 'access-link'
                           and (x.state = 'queued' or x.created_at > now() - interval '1 hour')
                         order by x.created_at desc limit 1) end as left_out
        from portal.customers b
        left join portal.contacts c on c.customer_id = b.id
       where b.id in (select g::uuid from jsonb_array_elements_text(${JSON.stringify(customerIds)}::jsonb) g)
    ), queued as (
      insert into staff.outbox (org_id, event, recipient, contact_id, template, language)
      select s.org_id, 'link.sent/' || w.contact_id || '/' || floor(extract(epoch from now()) / 3600)::bigint,
             w.email, w.contact_id, 'access-link', w.language
        from wanted w, staff.context() s
       where w.left_out is null
      on conflict (org_id, event, recipient) do nothing
      returning contact_id
    ), told as (
      select q.contact_id,
             staff.audit('link.sent', 'contact', q.contact_id::text, '{"bulk": true}', w.customer_id)::text as event
        from queued q join wanted w on w.contact_id = q.contact_id
    )
    select w.customer_id as "customerId", w.customer_name as "customerName", w.contact_id as "contactId",
           w.contact_name as "contactName", w.email,
           coalesce(w.left_out, case when t.contact_id is null then 'mail_on_its_way' end) as "leftOut"
      from wanted w left join told t on t.contact_id = w.contact_id
     order by w.customer_name, w.customer_id, w.email`);
}
