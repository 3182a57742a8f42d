/** Makes the reviews that are stale, so that whoever opens a large one need not wait for it. */
import { asSystem, type Database } from '../database/context.ts';
import { listStaleReviews, makeReview } from '../domain/review-move.ts';

/** It shares its minute with the other jobs. */
const RUN_SECONDS = 18;
const PUBLISHES_A_RUN = 20;

/**
 * The newest first, since it is the one that somebody waits for. Safe to run any number of times at once: a
 * publish that is held by another is passed over.
 *
 * @param now milliseconds; measures only how long this run takes
 * @throws AppError `unavailable` when the database does not answer: what is stale stays so
 */
export async function makeReviews(
  { database }: { database: Database },
  now: () => number = Date.now,
): Promise<{ made: number }> {
  const until = now() + RUN_SECONDS * 1000;
  const [{ rows: publishes }] = await asSystem(database, (db) => [
    listStaleReviews(db, PUBLISHES_A_RUN),
  ]);
  let made = 0;
  for (const { id, orgId } of publishes) {
    if (now() >= until) break;
    const [{ rows }] = await asSystem(database, (db) => [makeReview(db, orgId, id)]);
    made += rows[0]?.made ? 1 : 0;
  }
  return { made };
}
