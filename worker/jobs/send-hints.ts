/**
 * Tells open pages that something changed for their customers. A hint that does not arrive is not sent
 * again: the page asks anew when its person comes back to it.
 */
import { asSystem, type Database } from '../database/context.ts';
import { type Hint, takeHints } from '../domain/hint.ts';
import type { Updates } from '../live/updates.ts';
import type { log } from '../log.ts';

const TAKEN_AT_ONCE = 500;
const TOLD_AT_ONCE = 25;
/** The next run goes on. */
const RUNS_MAX = 20;

type SendHintsPorts = { database: Database; updates: Updates; log: typeof log };

/**
 * Sends what waits, up to a bound. How many did not arrive is logged.
 *
 * @throws AppError of the database's failure
 */
export async function sendHints({ database, updates, log }: SendHintsPorts): Promise<void> {
  const tell = ({ customerId, linkId }: Hint) =>
    linkId === null ? updates.changed(customerId) : updates.ended(customerId, linkId);
  for (let run = 0; run < RUNS_MAX; run += 1) {
    const [{ rows }] = await asSystem(database, (db) => [takeHints(db, TAKEN_AT_ONCE)]);
    for (let at = 0; at < rows.length; at += TOLD_AT_ONCE) {
      const told = await Promise.allSettled(rows.slice(at, at + TOLD_AT_ONCE).map(tell));
      const failed = told.filter(({ status }) => status === 'rejected').length;
      if (failed > 0) {
        log('hints not sent', { failed });
      }
    }
    if ((rows[0]?.taken ?? 0) < TAKEN_AT_ONCE) {
      return;
    }
  }
}
