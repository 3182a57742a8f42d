/** What one person's change does to a review, and what in it can only be somebody else's. */
import { isOpen } from '../../problems.ts';
import type { ReviewCustomer, ReviewItem } from '../../types.ts';

export type ItemKey = Pick<ReviewItem, 'kind' | 'key'>;
/** What is left out of a publish, or taken in again: items, and customers with all they have in it. */
export type Left = { items?: readonly ItemKey[]; customers?: readonly string[] };

export const keyOf = ({ kind, key }: ItemKey): string => `${kind} ${key}`;

/** What a change of this person's did to the review: its hash before and after, as the server had it. */
export type Move = { was: string | null; now: string | null };

/**
 * Whether a review became the next one by more than this person's own changes, in their order. By the
 * hash alone: other bytes under a file's name change no figure.
 */
export function isForeign(before: string, next: string, own: readonly Move[]): boolean {
  let at: string | null = before;
  for (const { was, now } of own) {
    if (was !== at) return true;
    at = now;
  }
  return next !== at;
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
