import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { useOrg } from '../../org.ts';
import { canBeOverridden } from '../../problems.ts';
import type { ReviewItem } from '../../types.ts';
import { t } from '../../words.ts';
import { titleOf } from './item-title.ts';
import css from './review.module.css';

/** Below an item's problems: who let it through and why, and what can be done about either. */
export function ItemOverride({
  item,
  onOverride,
}: {
  item: ReviewItem;
  onOverride: (what: 'ask' | 'takeBack') => void;
}) {
  const { isApprover } = useOrg();
  const { override } = item;
  const isOpen = canBeOverridden(item);
  if (override === null && !isOpen) return null;
  const name = titleOf(item);
  return (
    <div class={css.override}>
      {override !== null && (
        <>
          <p>
            <strong>{t('reviewOverride.by', { name: override.by })}</strong>
          </p>
          <blockquote>{override.reason}</blockquote>
          {isApprover && (
            <Button
              icon="returned"
              aria-label={t('reviewOverride.takeBackOne', { name })}
              onClick={() => onOverride('takeBack')}
            >
              {t('reviewOverride.takeBack')}
            </Button>
          )}
        </>
      )}
      {isOpen &&
        (isApprover ? (
          <Button
            icon="pen"
            aria-label={t('reviewOverride.openOne', { name })}
            onClick={() => onOverride('ask')}
          >
            {t('reviewOverride.open')}
          </Button>
        ) : (
          <p class={css.decides}>
            <Icon name="note" /> {t('reviewOverride.clerk')}
          </p>
        ))}
    </div>
  );
}
