/** Renditions: the copies that are stamped once, and the queue of those that are wanted. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/** Publishes whose rows or files have changed since all their renditions were there; oldest first. */
export function listUnprepared(db: Db, limit: number) {
  return db.execute<{ id: string; orgId: string }>(sql`
    select p.id, p.org_id as "orgId" from staff.publishes p
     where p.unprepared and p.status = 'staged'
     order by p.created_at limit ${limit}`);
}

export type ClaimedRendition = {
  id: string;
  sourceSha256: string;
  customerName: string;
  /** As inspection counted them. */
  pages: number;
};

/**
 * Some of a publish's wanted renditions, leased to whoever asks for two minutes.
 *
 * @param list looks for what is wanted and not yet listed: it reads all of the publish
 */
export function claimRenditions(
  db: Db,
  orgId: string,
  publishId: string,
  { limit, list }: { limit: number; list: boolean },
) {
  return db.execute<ClaimedRendition>(sql`
    select id, source_sha256 as "sourceSha256", customer_name as "customerName", pages
      from staff.claim_renditions(${orgId}::uuid, ${publishId}::uuid, ${limit}::int, ${list}::boolean)`);
}

/** What came of a claimed rendition; its id alone when the file cannot be stamped. */
export type KeptRendition =
  | { id: string }
  | {
      id: string;
      sha256: string;
      size: number;
      slotOffset: number;
      slotLength: number;
      headCrc: number;
      tailCrc: number;
    };

/** Keeps what became of some renditions: where each is and its slot, or that it cannot be stamped. */
export function keepRenditions(db: Db, orgId: string, made: readonly KeptRendition[]) {
  return db.execute(
    sql`select staff.keep_renditions(${orgId}::uuid, ${JSON.stringify(made)}::jsonb)::text`,
  );
}
