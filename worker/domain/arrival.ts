/** By when a parcel arrives where neither its supplier nor its carrier says a day. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/**
 * Guesses by when parcels of an org arrive of which nobody says a day.
 *
 * @param isAnew all that are under way, and not only those without a guess
 */
export function predictArrivals(db: Db, orgId: string, isAnew: boolean) {
  return db.execute(sql`select staff.predict_arrivals(${orgId}::uuid, ${isAnew}::boolean)`);
}
