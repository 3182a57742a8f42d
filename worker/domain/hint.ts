/** Whose open pages are to be told that something changed: rows that triggers write with the change. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/** `linkId`: what is followed through it is over; null: something changed. */
export type Hint = { customerId: string; linkId: string | null };

/** Takes some that nobody else is taking, the oldest first; each customer and link once. */
export function takeHints(db: Db, limit: number) {
  return db.execute<Hint & { taken: number }>(sql`
    with taken as (
      delete from staff.hints h
       where h.id in (select x.id from staff.hints x order by x.id limit ${limit} for update skip locked)
      returning h.customer_id, h.link_id
    )
    select customer_id as "customerId", link_id as "linkId", (sum(count(*)) over ())::int as taken
      from taken group by 1, 2`);
}
