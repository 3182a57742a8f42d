import { formatNumber } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import type { Review } from '../../types.ts';
import { t } from '../../words.ts';
import items from './items.module.css';
import type { Place } from './review-pages.ts';

/** Which items of how many are on the screen, and the ways to the others; nothing where there are none. */
export function ItemPages({
  review,
  place,
  spoken = false,
  onTurn,
}: {
  review: Review;
  place: Place;
  /** Whether those who do not see it are told; of two around a list, one. */
  spoken?: boolean;
  onTurn: (direction: 'next' | 'previous') => void;
}) {
  const { before, back } = place;
  const isLast = review.nextCursor === null;
  if (back === null && isLast) return null;
  return (
    <div class={items.pages}>
      <Button icon="chevronBack" off={back === null} onClick={() => onTurn('previous')}>
        {t('reviewPages.previous')}
      </Button>
      <p role={spoken ? 'status' : undefined}>
        {t('reviewPages.position', {
          from: formatNumber(before + 1),
          to: formatNumber(before + review.items.length),
          count: formatNumber(review.matching),
        })}
      </p>
      <Button icon="chevronNext" off={isLast} onClick={() => onTurn('next')}>
        {t('reviewPages.next')}
      </Button>
    </div>
  );
}
