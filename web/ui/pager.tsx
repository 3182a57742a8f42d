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
  return (
    <div class={css.pager}>
      <span class="unseen" role="status" aria-live="polite">
        {!busy && added > 0 && t('ui.shown', { count: added })}
      </span>
      {more && (
        <Button busy={busy} onClick={onMore}>
          {t('ui.showMore')}
        </Button>
      )}
    </div>
  );
}
