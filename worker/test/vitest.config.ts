import { defineConfig } from 'vitest/config';
import { fonts } from './fonts-plugin.ts';

const SYSTEM = 'worker/test/system/**/*.test.ts';
/** What is waited for comes; when, is up to the machine. */
const PATIENT = { timeout: 10_000 };
const BOUNDS = { testTimeout: 60_000, hookTimeout: 60_000 };
const root = new URL('../..', import.meta.url).pathname;

export default defineConfig({
  root,
  test: {
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
          // One process for all of them: they share one Worker and one database.
          isolate: false,
          fileParallelism: false,
          ...BOUNDS,
          expect: { poll: PATIENT },
        },
      },
    ],
  },
});
