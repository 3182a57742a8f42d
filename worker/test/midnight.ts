/**
 * Runs before each file of system tests. A file says "today" many times, and so does the database, which
 * keeps UTC's days: none begins so late that the day would end under it. At most once a day, a run waits.
 */
import { setTimeout as wait } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Longer than any file takes on a slow machine. */
const FILE_MS = 120_000;

const left = DAY_MS - (Date.now() % DAY_MS);
if (left < FILE_MS) await wait(left);
