import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../../..', import.meta.url).pathname,
  test: {
    name: 'browser',
    include: ['worker/test/browser/**/*.test.ts'],
    globalSetup: 'worker/test/browser/product.ts',
    // One product, one walk through it: later steps stand on earlier ones.
    fileParallelism: false,
    // The sweeps walk through long pages twice, on whatever machine.
    testTimeout: 180_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
