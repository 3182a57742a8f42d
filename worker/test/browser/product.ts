/** One product for all browser tests of a run. */
import type { TestProject } from 'vitest/node';
import { type RunFile, runProduct } from './run-product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    run: RunFile;
  }
}

export default async function startProduct(project: TestProject) {
  const { run, stop } = await runProduct();
  project.provide('run', run);
  return stop;
}
