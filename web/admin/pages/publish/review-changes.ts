/** What one person's change does to a review, and what in it can only be somebody else's. */
import { isOpen } from '../../problems.ts';
import type { Review, ReviewItem } from '../../types.ts';

/** Which change by this person is expected in the review that is read next. */
export type Own = 'nothing' | 'ticks' | 'overrides' | 'anything';

/** Whether a review differs from the one before by more than this person's own change. */
export function isForeign(before: Review, next: Review, own: Own): boolean {
  switch (own) {
    case 'nothing':
      return before.hash !== next.hash;
    case 'ticks':
    case 'overrides':
      return allBut(own, before) !== allBut(own, next);
    case 'anything':
      return false;
  }
}

/** All that a review says but what such a change moves. */
function allBut(own: 'ticks' | 'overrides', review: Review): string {
  const { totals, customers, imports, unmatchedFiles, publish } = review;
  const { passes: _, awaitingTick: __, passing: ___, blocked, overridden, ...counts } = totals;
  const isBlocking = own === 'overrides';
  return JSON.stringify([
    publish.status,
    counts,
    isBlocking ? null : [blocked, overridden],
    customers.map(({ passes: _, blocked, ...customer }) => [customer, isBlocking ? null : blocked]),
    imports.map(({ id }) => id),
    unmatchedFiles,
  ]);
}

/** An item whose overridable problems somebody has answered for, or no longer does: null. */
export function answered(item: ReviewItem, override: ReviewItem['override']): ReviewItem {
  const problems = item.problems.map((problem) => {
    if (problem.overridable !== true) return problem;
    const { overridden: _, ...open } = problem;
    return override === null ? open : { ...open, overridden: true as const };
  });
  const blocked = problems.some(isOpen);
  const passes = !blocked && (item.ticked || !item.needsTick);
  return { ...item, problems, override, blocked, passes };
}

/** An item whose file is prepared. */
export function prepared(item: ReviewItem): ReviewItem {
  return item.file === null ? item : { ...item, file: { ...item.file, ready: true } };
}
