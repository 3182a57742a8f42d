import { useEffect, useRef } from 'preact/hooks';
import { toast } from '../../../ui/toast.tsx';
import { t } from '../../words.ts';
import css from './review.module.css';

/** How many documents are still being prepared, as it goes; says once when all are. */
export function Preparing({ count, isSlow }: { count: number; isSlow: boolean }) {
  const before = useRef(count);
  useEffect(() => {
    if (before.current > 0 && count === 0) toast(t('review.prepared'));
    before.current = count;
  }, [count]);
  return (
    <div class={css.preparing} role="status">
      {count > 0 && (
        <>
          <strong>{t('review.preparing', { count })}</strong>
          <p>{t(isSlow ? 'review.slow' : 'review.preparingText')}</p>
        </>
      )}
    </div>
  );
}
