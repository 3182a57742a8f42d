import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import css from './pager.module.css';

/** More of a list, asked for by hand; says how many came to those who do not see them. */
export function Pager({
  more,
  busy,
  added = 0,
  onMore,
}: {
  /** Whether there is more. */
  more: boolean;
  busy: boolean;
  /** How many rows the last press brought. */
  added?: number;
  onMore: () => void;
}) {
  const status = useRef<HTMLSpanElement>(null);
  const isAsked = useRef(false);
  // After the last press there is no button: who pressed it goes on from what is said of it.
  useLayoutEffect(() => {
    if (more) return;
    if (isAsked.current && document.activeElement === document.body) {
      status.current?.focus({ preventScroll: true });
    }
    isAsked.current = false;
  }, [more]);
  return (
    <div class={css.pager}>
      <span ref={status} class="unseen" role="status" aria-live="polite" tabIndex={-1}>
        {!busy && added > 0 && t('ui.shown', { count: added })}
      </span>
      {more && (
        <Button
          busy={busy}
          onClick={() => {
            isAsked.current = true;
            onMore();
          }}
        >
          {t('ui.showMore')}
        </Button>
      )}
    </div>
  );
}
