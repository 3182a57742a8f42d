/** Seals of the audit trail: a chain of hashes over its events, whose heads the bucket keeps too. */
import { asc, desc, gt, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../database/context.ts';
import { events, seals } from '../database/schema.ts';
import { instant } from '../database/text.ts';

const seal = z.object({
  /** From 1, without a gap. */
  number: z.int().positive(),
  /** RFC 3339 in UTC, as `at` of the events. */
  upTo: z.string(),
  events: z.int(),
  /** SHA-256 in hex. */
  head: z.string(),
  sealedAt: z.string(),
});
export type Seal = z.infer<typeof seal>;
/** How the last seal is: kept in the bucket, not yet, or as something else; or none for too long. */
export type SealState = 'none' | 'kept' | 'not_kept' | 'differs' | 'overdue';

/** Where the bucket keeps an org's seals. */
export const sealPrefix = (orgId: string) => `seals/${orgId}/`;
export const sealKey = (orgId: string, number: number) => `${sealPrefix(orgId)}${number}.json`;

/** A seal as the bucket keeps it, or null for anything else. */
export function readSeal(text: string): Seal | null {
  try {
    return seal.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** Seals what is there to be sealed, at most this many events; no row when there is nothing. */
export function sealEvents(db: Db, orgId: string, limit: number) {
  return db.execute<{ number: number; events: number }>(
    sql`select number, events from audit.seal(${orgId}::uuid, ${limit}::int)`,
  );
}

/** All seals of an org, for the system. */
export function listSealsOf(db: Db, orgId: string) {
  return db.execute<Seal>(sql`
    select s.number, ${instant(sql`s.up_to`)} as "upTo", s.events, s.head, ${instant(sql`s.sealed_at`)} as "sealedAt"
      from audit.seals_of(${orgId}::uuid) s`);
}

/** How many events are between two moments, and the digest that a seal over them has; one row. */
export function digestBetween(db: Db, orgId: string, from: string | null, until: string) {
  return db.execute<{ events: number; digest: string }>(sql`
    select events, digest from audit.digest_between(${orgId}::uuid, ${from}::timestamptz, ${until}::timestamptz)`);
}

/** A fault of the trail, with the head that its events make now: `{seal, fault, from, to, head}` as text. */
export type ReportedFault = Record<string, string | null>;

/** Raises an alert for each fault of the trail that was not told before. */
export function reportSeals(db: Db, orgId: string, faults: readonly ReportedFault[]) {
  return db.execute(
    sql`select staff.report_seals(${orgId}::uuid, ${JSON.stringify(faults)}::jsonb)::text`,
  );
}

const columns = {
  number: seals.number,
  upTo: instant(seals.upTo),
  events: seals.events,
  head: seals.head,
  sealedAt: instant(seals.sealedAt),
};

/** A page of seals behind a number, for staff. */
export function listSeals(db: Db, after: number, size: number) {
  return db
    .select(columns)
    .from(seals)
    .where(gt(seals.number, after))
    .orderBy(asc(seals.number))
    .limit(size);
}

/** The last seal, for staff. */
export function readLastSeal(db: Db) {
  return db.select(columns).from(seals).orderBy(desc(seals.number)).limit(1);
}

/** Whether an event waits for its seal for longer than a nightly job lets it; one row. */
export function readSealDelay(db: Db) {
  // The first of them by the index: a planner who counts on finding one soon would read them all.
  return db.execute<{ overdue: boolean }>(sql`
    select coalesce(
      (select ${events.at} from ${events}
        where ${events.at} > coalesce((select max(x.up_to) from ${seals} x), '-infinity')
        order by ${events.at} limit 1) < now() - interval '36 hours', false) as overdue`);
}
