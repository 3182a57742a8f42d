import { ApiError } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { failureWords, t } from '../words.ts';
import css from './trouble.module.css';

/** What went wrong in words for staff, the number to pass on, and a way to try again. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div class={css.trouble} role="alert">
      <Icon name="alert" />
      <div class={css.words}>
        <p>{failureWords(error)}</p>
        {requestId && <p class={css.request}>{t('common.requestId', { id: requestId })}</p>}
      </div>
      {retry && (
        <Button kind="quiet" onClick={() => retry()}>
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}
