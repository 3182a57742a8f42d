/** How a run of deliver-mail went, for the integrations page: counts by supplier, never a letter. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { MailFailure } from '../mail.ts';
import type { IntegrationOutcome } from '../vocabulary.ts';

/** Letters of one supplier that fared alike in a run. */
type Tallied = {
  orgId: string;
  outcome: IntegrationOutcome;
  reason: MailFailure | null;
  subjects: number;
};
export type MailTally = Map<string, Tallied>;

/** Counts a letter that was sent, or that the provider did not take. */
export function tally(counts: MailTally, orgId: string, reason: MailFailure | null): void {
  const key = `${orgId} ${reason}`;
  const outcome = reason === null ? 'ok' : reason === 'throttled' ? 'throttled' : 'failed';
  const before = counts.get(key) ?? { orgId, outcome, reason, subjects: 0 };
  counts.set(key, { ...before, subjects: before.subjects + 1 });
}

/** Keeps a run's counts. */
export function recordRun(db: Db, counts: MailTally, durationMs: number) {
  return db.execute(sql`
    insert into staff.integration_log (integration, org_id, outcome, reason, subjects, duration_ms)
    select 'mail', t."orgId", t.outcome, t.reason, t.subjects, ${Math.round(durationMs)}::int
      from jsonb_to_recordset(${JSON.stringify([...counts.values()])}::jsonb)
           as t ("orgId" uuid, outcome text, reason text, subjects int)`);
}
