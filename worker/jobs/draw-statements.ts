/** Makes last month's statements, once an org's own month has begun; and marks those that have changed since. */
import { asSystem, type Database } from '../database/context.ts';
import { checkAccounts, checkStatements, drawStatements } from '../domain/statement.ts';
import { eachOrg } from './each-org.ts';

/** Customers, or statements, that one transaction is of: a statement of a year takes some milliseconds. */
const AT_ONCE = 100;
/** A run is over before the next: what is left then, it takes up. */
const RUN_MS = 60_000;

type Step = (after: string | null) => Promise<{ last: string | null; made: number } | undefined>;

/** Steps until there are no more, or the time is over; how many were made. */
async function inSteps(step: Step, until: number): Promise<number> {
  let made = 0;
  let after: string | null = null;
  do {
    const done = await step(after);
    made += done?.made ?? 0;
    after = done?.last ?? null;
  } while (after !== null && Date.now() < until);
  return made;
}

/** Works through every org for as long as a run may take; how many were made. */
async function inOneRun(
  database: Database,
  work: (orgId: string, until: number) => Promise<number>,
) {
  const until = Date.now() + RUN_MS;
  let made = 0;
  await eachOrg(database, async (orgId) => {
    if (Date.now() >= until) return false;
    made += await work(orgId, until);
    return true;
  });
  return { made };
}

/** Makes the statements that are due at `now`: each once, however many crons come. */
export function drawMonthlyStatements({ database, now }: { database: Database; now: Date }) {
  return inOneRun(database, (orgId, until) =>
    inSteps(async (after) => {
      const [{ rows }] = await asSystem(database, (db) => [
        drawStatements(db, orgId, { now: now.toISOString(), after, limit: AT_ONCE }),
      ]);
      return rows[0];
    }, until),
  );
}

/** Compares the statements that are there with what is published: a changed one says so from now on. */
export function checkMonthlyStatements({ database }: { database: Database }) {
  return inOneRun(database, (orgId, until) =>
    inSteps(async (after) => {
      const [{ rows }] = await asSystem(database, (db) => [
        checkStatements(db, orgId, { after, limit: AT_ONCE }),
      ]);
      return rows[0];
    }, until),
  );
}

/** Ties out what every customer owes today, whether a statement of theirs is made or not. */
export function checkEveryAccount({ database }: { database: Database }) {
  return inOneRun(database, (orgId, until) =>
    inSteps(async (after) => {
      const [{ rows }] = await asSystem(database, (db) => [
        checkAccounts(db, orgId, { after, limit: AT_ONCE }),
      ]);
      return rows[0];
    }, until),
  );
}
