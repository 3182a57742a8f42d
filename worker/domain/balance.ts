/** What a customer owes. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/**
 * One row a currency, as decimal text, negative where the supplier owes the customer; none where a total
 * is not shown, or money not at all.
 */
export function readBalances(db: Db) {
  return db
    .select({
      currency: sql<string>`b.currency`,
      outstanding: sql<string>`b.outstanding`,
      overdue: sql<string>`b.overdue`,
      /** Of the balance, what is open the other way: not yet taken off an invoice. */
      credit: sql<string>`b.credit`,
    })
    .from(sql`portal.balances() b`)
    .orderBy(sql`b.currency`);
}
