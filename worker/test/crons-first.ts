/**
 * The order of the test files, on which nothing hangs but their time: a cron goes through every supplier
 * that earlier files have made, so the files that run crons come while there are few.
 */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const runsCrons = ({ moduleId }: TestSpecification) =>
  readFileSync(moduleId, 'utf8').includes('stack.scheduled(');

/** vitest asks for a class. */
export class CronsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const first = new Set(sorted.filter(runsCrons));
    return [...first, ...sorted.filter((file) => !first.has(file))];
  }
}
