/** Withdrawals: what an approval brought, taken back. One SQL function decides. */
import { sql } from 'drizzle-orm';
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
