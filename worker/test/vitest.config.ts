import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { CronsFirst } from './crons-first.ts';
import { fonts } from './fonts-plugin.ts';

const SYSTEM = 'worker/test/system/**/*.test.ts';
/** A stack is a core and a half's work, so two of them leave neither of two cores idle. A server that is lent has room for one. */
const STACKS = process.env.TEST_POSTGRES_URL === undefined ? 2 : 1;
/** What is waited for comes; when, is up to the machine. */
const PATIENT = { timeout: 10_000 };
const BOUNDS = { testTimeout: 60_000, hookTimeout: 60_000 };
const root = new URL('../..', import.meta.url).pathname;

export default defineConfig({
  root,
  test: {
    sequence: { sequencer: CronsFirst },
    projects: [
      {
        root,
        plugins: [fonts],
        test: {
          name: 'unit',
          include: ['worker/**/*.test.{ts,tsx}', 'web/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
          exclude: [
            '**/node_modules/**',
            SYSTEM,
            'worker/test/browser/**',
            'worker/test/papers/**',
          ],
          sequence: { groupOrder: 1 },
          // vitest leaves a core to itself, and waits on it.
          maxWorkers: availableParallelism(),
          ...BOUNDS,
          expect: { poll: PATIENT },
        },
      },
      {
        root,
        test: {
          name: 'system',
          include: [SYSTEM],
          globalSetup: 'worker/test/postgres.ts',
          setupFiles: 'worker/test/midnight.ts',
          // A few processes for all of them: the files of each share one Worker and one database.
          isolate: false,
          maxWorkers: STACKS,
          ...BOUNDS,
          expect: { poll: PATIENT },
        },
      },
    ],
  },
});
