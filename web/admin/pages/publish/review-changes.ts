/** What one person's change does to a review, and what in it can only be somebody else's. */
import { isOpen } from '../../problems.ts';
import type { Review, ReviewCustomer, ReviewItem } from '../../types.ts';

export type ItemKey = Pick<ReviewItem, 'kind' | 'key'>;
/** What is left out of a publish, or taken in again: items, and customers with all they have in it. */
export type Left = { items?: readonly ItemKey[]; customers?: readonly string[] };

export const keyOf = ({ kind, key }: ItemKey): string => `${kind} ${key}`;

/** Which change by this person is expected in the review that is read next. */
export type Own = 'nothing' | 'ticks' | 'overrides' | 'exclusions' | 'anything';

/** Whether a review differs from the one before by more than this person's own change. */
export function isForeign(before: Review, next: Review, own: Own): boolean {
  switch (own) {
    case 'nothing':
      return before.hash !== next.hash;
    case 'ticks':
    case 'overrides':
    case 'exclusions':
      return allBut(own, before) !== allBut(own, next);
    case 'anything':
      return false;
  }
}

/** All that a review says but what such a change moves. */
function allBut(own: 'ticks' | 'overrides' | 'exclusions', review: Review): string {
  const { totals, customers, imports, unmatchedFiles, publish } = review;
  const { passes: _, awaitingTick: __, passing: ___, ...rest } = totals;
  const { blocked, overridden, excluded, warnings, ...counts } = rest;
  // What is left out may block what needs it.
  const isBlocking = own !== 'ticks';
  const isLeaving = own === 'exclusions';
  return JSON.stringify([
    publish.status,
    counts,
    isBlocking ? null : blocked,
    own === 'overrides' ? null : overridden,
    isLeaving ? null : [excluded, warnings],
    customers.map(({ passes: _, blocked, excluded, ...customer }) => [
      customer,
      isBlocking ? null : blocked,
      isLeaving ? null : excluded,
    ]),
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
  return withPasses({ ...item, problems, override, blocked });
}

/** An item that somebody has ticked, or no longer does. */
export function tickedAs(item: ReviewItem, ticked: boolean): ReviewItem {
  return withPasses({ ...item, ticked });
}

/** Items of which some are left out or taken in again, with what hangs on an order of them. */
export function leftOut(items: readonly ReviewItem[], left: Left, excluded: boolean): ReviewItem[] {
  const keys = new Set(left.items?.map(keyOf));
  const orders = new Set(left.items?.filter(({ kind }) => kind === 'order').map(({ key }) => key));
  const customers = new Set(left.customers);
  const isMeant = (item: ReviewItem) =>
    keys.has(keyOf(item)) ||
    (item.orderKey !== null && orders.has(item.orderKey)) ||
    customers.has(item.customerKey);
  return items.map((item) => (isMeant(item) ? withPasses({ ...item, excluded }) : item));
}

/** With what an item is left out: its customer, its order where that is known, or for itself. */
export function leftWith(
  item: ReviewItem,
  customer: Pick<ReviewCustomer, 'excluded'> | undefined,
  order: Pick<ReviewItem, 'excluded'> | undefined,
): 'customer' | 'order' | 'itself' | null {
  if (!item.excluded) return null;
  if (customer?.excluded === true) return 'customer';
  return item.kind !== 'order' && order?.excluded === true ? 'order' : 'itself';
}

const withPasses = (item: ReviewItem): ReviewItem => ({
  ...item,
  passes: !item.blocked && !item.excluded && (item.ticked || !item.needsTick),
});
