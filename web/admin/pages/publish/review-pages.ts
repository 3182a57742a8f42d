/** Where a page of a review's items stands among the others. */
import type { Review, ReviewItem } from '../../types.ts';

export type Place = {
  /** What the API takes for the page; null is the first. */
  cursor: string | null;
  /** How many items stand on the pages before. */
  before: number;
  /** The last order on the pages before: what belongs to it may go on here. */
  order: ReviewItem | null;
  /** The page before; null on the first. */
  back: Place | null;
};

export const FIRST: Place = { cursor: null, before: 0, order: null, back: null };

/** The place one page on; null where nothing is behind this one. Pure. */
export function placeBehind(
  place: Place,
  { items, nextCursor }: Pick<Review, 'items' | 'nextCursor'>,
): Place | null {
  if (nextCursor === null) return null;
  return {
    cursor: nextCursor,
    before: place.before + items.length,
    order: items.findLast(({ kind }) => kind === 'order') ?? place.order,
    back: place,
  };
}
