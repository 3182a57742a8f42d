import { Button } from '../../../ui/button.tsx';
import type { ReviewItem } from '../../types.ts';
import { t } from '../../words.ts';
import { titleOf } from './item-title.ts';
import css from './review.module.css';
import type { leftWith } from './review-changes.ts';

/** Leaves an item out of the publish, or takes it in again; what goes with another is said so. */
export function ItemLeave({
  item,
  leftWith: goneWith,
  onLeave,
}: {
  item: ReviewItem;
  leftWith: ReturnType<typeof leftWith>;
  onLeave: (excluded: boolean) => void;
}) {
  const name = titleOf(item);
  if (goneWith === 'customer') return <p class={css.soft}>{t('reviewLeave.withCustomer')}</p>;
  if (goneWith === 'order') return <p class={css.soft}>{t('reviewLeave.withOrder')}</p>;
  if (item.excluded) {
    return (
      <Button
        icon="returned"
        data-press="leave"
        aria-label={t('reviewLeave.inOne', { name })}
        onClick={() => onLeave(false)}
      >
        {t('reviewLeave.in')}
      </Button>
    );
  }
  return (
    <Button
      icon="close"
      data-press="leave"
      aria-label={t(item.kind === 'order' ? 'reviewLeave.outOrder' : 'reviewLeave.outOne', {
        name,
      })}
      onClick={() => onLeave(true)}
    >
      {t('reviewLeave.out')}
    </Button>
  );
}
