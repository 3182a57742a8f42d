import { defineConfig } from 'vitest/config';

const root = new URL('../../..', import.meta.url).pathname;
const folder = 'worker/test/browser';
/** They look at every page, and leave what others look at as it is. */
const SWEEPS = ['portal', 'portal-languages', 'portal-outside', 'portal-words', 'console'].map(
  (name) => `${folder}/${name}.test.ts`,
);

const BOUNDS = {
  // The sweeps walk through long pages twice, on whatever machine.
  testTimeout: 180_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
};

export default defineConfig({
  root,
  test: {
    globalSetup: `${folder}/product.ts`,
    projects: [
      {
        root,
        test: {
          name: 'sweeps',
          include: SWEEPS,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...BOUNDS,
        },
      },
      {
        root,
        test: {
          name: 'browser',
          include: [`${folder}/**/*.test.ts`],
          exclude: SWEEPS,
          // One product, one walk through it: later steps stand on earlier ones.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          ...BOUNDS,
        },
      },
    ],
  },
});
