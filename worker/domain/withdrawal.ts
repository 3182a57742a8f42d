/** Withdrawals: what an approval brought, taken back. One SQL function decides. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/** All of a publish when it names neither; keys as items have them. */
export type Part = { customer?: string | undefined; document?: string | undefined };

/** Publishes: how many, and the latest of them. */
export type NamedPublishes = { count: number; publishes: { id: string; name: string }[] };

/** What other approved publishes have to do with a withdrawal. */
export type Elsewhere = {
  /** Later ones that only repeated some of it: it is taken back from them too. */
  repeats: NamedPublishes;
  /** Those, earlier or later, that told something of their own about the same, which customers still see. */
  sources: NamedPublishes;
};

/**
 * Takes a publish, a customer's part of it, or one of its documents back, with what later publishes only
 * repeated of it. `not_found`: the publish is not of this org, or has no such part. What is taken back
 * already is `ok`.
 */
export function withdrawPart(db: Db, publishId: string, part: Part, reason: string) {
  const { customer = null, document = null } = part;
  return db.execute<{
    status: 'ok' | 'forbidden' | 'not_found' | 'not_approved';
    told: Elsewhere | null;
  }>(
    sql`select status, told from staff.withdraw(${publishId}::uuid, ${customer}, ${document}, ${reason})`,
  );
}

const LOSERS_NAMED_MAX = 20;

/** People whose access a withdrawal pauses: how many, and the first of them by customer and address. */
export type AccessLost = {
  count: number;
  people: { contactId: string; name: string | null; email: string; customer: string }[];
};

const named = (lost: SQL) => sql`
  jsonb_build_object('count', (select count(*) from ${lost} l), 'people', (
    select coalesce(jsonb_agg(jsonb_build_object('contactId', x.id, 'name', x.name, 'email', x.email, 'customer', x.customer)
                              order by x.customer, x.email), '[]')
      from (select c.id, c.name, c.email, b.name as customer
              from ${lost} l
              join portal.contacts c on c.id = l.contact_id
              join portal.customers b on b.id = c.customer_id
             order by b.name, c.email limit ${LOSERS_NAMED_MAX}) x))`;

/**
 * What a withdrawal of this part would do now: who would lose their access, and what other publishes have to
 * do with it. No row when the publish is not of this org, was never approved, or has no such part.
 */
export function readForetold(db: Db, publishId: string, part: Part) {
  const { customer = null, document = null } = part;
  return db.execute<{ lost: AccessLost; elsewhere: Elsewhere }>(sql`
    with fates as materialized (
      select t.* from staff.taken_back(${publishId}::uuid, ${customer}, ${document}) t
       where t.kind = 'contact' or t.fate in ('repeat', 'source')
    ), lost as materialized (
      select l.contact_id from staff.losing_access(${publishId}::uuid, array(
        select f.key from fates f
         where f.kind = 'contact' and f.fate = 'part'
           and not exists (select 1 from fates o where o.kind = 'contact' and o.key = f.key and o.fate in ('source', 'echo')))) l
    )
    select ${named(sql`lost`)} as lost, jsonb_build_object(
             'repeats', staff.named_publishes(array(select distinct f.publish_id from fates f where f.fate = 'repeat')),
             'sources', staff.named_publishes(array(
               select distinct f.publish_id from fates f
                where f.fate = 'source' and f.kind not in ('customer', 'contact')))) as elsewhere
     where exists (select 1 from staff.publishes p join staff.publish_items i on i.publish_id = p.id and i.included
                    where p.id = ${publishId}::uuid and p.status in ('approved', 'withdrawn')
                      and i.customer_key = coalesce(${customer}, i.customer_key)
                      and (${document}::text is null or i.kind = 'document' and i.key = ${document}))`);
}

/** Who lost their access to the withdrawal in this batch: behind {@link withdrawPart}. */
export function readLostAccess(db: Db, publishId: string) {
  return db.execute<{ lost: AccessLost }>(sql`
    with lost as materialized (
      select e.subject_id::uuid as contact_id
        from audit.events e, staff.context() s
       where e.org_id = s.org_id and e.action = 'contact.access_changed' and e.at >= now()
         and e.request_id is not distinct from nullif(current_setting('counterfoil.request', true), '')
         and e.detail->>'because' = 'publish_withdrawn' and e.detail->>'publish' = ${publishId}
    )
    select ${named(sql`lost`)} as lost`);
}
