/**
 * Before each file of system tests: a file says "today" many times, and so does the database. None begins
 * so late that the day would end under it; once a day, at most, a run waits.
 */
import { setTimeout as wait } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Longer than any file takes on a slow machine. */
const FILE_MS = 120_000;

/** How long to wait before a file that begins at `now`, in milliseconds since 1970: as it is UTC's day, also past it. */
export function untilSteady(now: number): number {
  const left = DAY_MS - (now % DAY_MS);
  return left < FILE_MS ? left : 0;
}

await wait(untilSteady(Date.now()));
