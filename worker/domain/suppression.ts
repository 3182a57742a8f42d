/** Addresses that are written to no more, until staff lift it. They are kept where their cause is told. */
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { SuppressionReason } from '../vocabulary.ts';

/** Why an address is written to no more, and since when. */
export type Suppression = { id: string; reason: SuppressionReason; since: string };

/** The {@link Suppression} of an address that is in force, or null. @param email the address, in SQL */
export function suppressionOf(email: SQL): SQL<Suppression | null> {
  return sql<Suppression | null>`(
    select jsonb_build_object('id', s.id, 'reason', s.reason, 'since', ${instant(sql`s.created_at`)})
      from staff.suppressions s where s.email = lower(${email}) and s.lifted_at is null limit 1)`;
}

/** Lifts one, with its event; no row when it is not of this org. */
export function liftSuppression(db: Db, id: string) {
  return db.execute<{ email: string }>(sql`select email from staff.lift_suppression(${id}::uuid)`);
}
