/**
 * The order of the test files, on which nothing hangs but their time: the longer crons go through every supplier
 * that earlier files have made, so the files that run them come while there are few.
 */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const runsLongCrons = ({ moduleId }: TestSpecification) =>
  readFileSync(moduleId, 'utf8').includes('stack.scheduled(');

/** vitest asks for a class. */
export class CronsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = new Set(sorted.filter(runsLongCrons));
    return [...first, ...sorted.filter((file) => !first.has(file))];
  }
}
