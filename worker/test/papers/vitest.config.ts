import { defineConfig } from 'vitest/config';
import { fonts } from '../fonts-plugin.ts';

/** Needs Debian's qpdf, poppler-utils and chromium. */
export default defineConfig({
  root: new URL('../../..', import.meta.url).pathname,
  plugins: [fonts],
  test: {
    name: 'papers',
    include: ['worker/test/papers/**/*.test.ts'],
    globalSetup: 'worker/test/postgres.ts',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
