/** Withdrawals: what an approval brought, taken back. One SQL function decides. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/** All of a publish when it names neither; keys as items have them. */
export type Part = { customer?: string | undefined; document?: string | undefined };

/**
 * Takes a publish, a customer's part of it, or one of its documents back. `not_found`: the publish is
 * not of this org, or has no such part. What is taken back already is `ok`.
 */
export function withdrawPart(db: Db, publishId: string, part: Part, reason: string) {
  const { customer = null, document = null } = part;
  return db.execute<{ status: 'ok' | 'forbidden' | 'not_found' | 'not_approved' }>(
    sql`select status from staff.withdraw(${publishId}::uuid, ${customer}, ${document}, ${reason})`,
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
 * Who would lose their access if a publish, or a customer's part of it, were taken back now; no row when
 * the publish is not of this org, was never approved, or has no such part.
 */
export function readLosingAccess(db: Db, publishId: string, customer: string | null) {
  return db.execute<{ lost: AccessLost }>(sql`
    with lost as materialized (
      select l.contact_id from staff.losing_access(${publishId}::uuid, ${customer}) l
    )
    select ${named(sql`lost`)} as lost
     where exists (select 1 from staff.publishes p join staff.publish_items i on i.publish_id = p.id and i.included
                    where p.id = ${publishId}::uuid and p.status in ('approved', 'withdrawn')
                      and i.customer_key = coalesce(${customer}, i.customer_key))`);
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
