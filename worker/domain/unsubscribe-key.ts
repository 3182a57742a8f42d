/** The keys of letters' unsubscribe links. Each is minted with its letter, in domain/claimed-letter. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { unsubscribeKeys } from '../database/schema.ts';

const KEPT_DAYS = 400;

/** Deletes the keys that are older than {@link KEPT_DAYS}. */
export function forgetKeys(db: Db) {
  return db.execute(
    sql`delete from ${unsubscribeKeys} where created_at < now() - make_interval(days => ${KEPT_DAYS})`,
  );
}
