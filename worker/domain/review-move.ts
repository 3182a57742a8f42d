/** A kept review, held still around a change: its hash says what it was, and what it is. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/** Sees to it that what is kept of a staged publish's review is fresh: before each reading of it. */
export function openReview(db: Db, publishId: string) {
  return db.execute(sql`select staff.open_review(${publishId}::uuid)::text`);
}

/** Staged publishes whose kept review is stale, the newest first. */
export function listStaleReviews(db: Db, limit: number) {
  return db.execute<{ id: string; orgId: string }>(sql`
    select p.id, p.org_id as "orgId" from staff.publishes p
     where p.review_stale and p.status = 'staged'
     order by p.created_at desc limit ${limit}`);
}

/** Makes the review of one that rests, before anybody opens it; `made` says whether it did. */
export function makeReview(db: Db, orgId: string, publishId: string) {
  return db.execute<{ made: boolean }>(
    sql`select made from staff.make_review(${orgId}::uuid, ${publishId}::uuid)`,
  );
}

/** What a change did to a review: its hash as it was, with all that others had done, and as it is now. */
export type ReviewMove = { was: string | null; now: string | null };

/**
 * The hash of a review as it stands, made anew where it was stale; the publish is held until the batch
 * ends. Runs before a change and {@link readReviewHash} after it: then nobody else's change is between.
 */
export function holdReview(db: Db, publishId: string) {
  return [
    db.execute(sql`select staff.hold_publish(${publishId}::uuid)`),
    openReview(db, publishId),
    readReviewHash(db, publishId),
  ] as const;
}

/** The hash of a review as it is kept; no row for a publish that is not of this org. */
export function readReviewHash(db: Db, publishId: string | null) {
  return db.execute<{ hash: string | null }>(
    sql`select p.kept_hash as hash from staff.publishes p where p.id = ${publishId}::uuid`,
  );
}

/** Two readings of {@link readReviewHash} as what happened between them. */
export function moveOf(
  before: { rows: { hash: string | null }[] },
  after: { rows: { hash: string | null }[] },
): ReviewMove {
  return { was: before.rows[0]?.hash ?? null, now: after.rows[0]?.hash ?? null };
}
