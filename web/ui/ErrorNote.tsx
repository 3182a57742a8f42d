import type { ComponentChildren } from 'preact';
import type { ApiError } from '../lib/api.ts';
import { errorWords, t } from '../lib/i18n.ts';
import { Button } from './Button.tsx';
import css from './ErrorNote.module.css';
import { Icon } from './Icon.tsx';

/** What went wrong in words, what to do next, and a way to do it. */
export function ErrorNote({
  error,
  retry,
  children,
}: {
  error: ApiError;
  retry?: () => void;
  /** More help, such as whom to ask. */
  children?: ComponentChildren;
}) {
  const minutes = error.retryAfter === undefined ? 0 : Math.ceil(error.retryAfter / 60);
  const unexpected = error.code === 'internal' || error.code === 'unavailable';
  return (
    <div class={css.note} role="alert">
      <Icon name="warning" />
      <div class={css.words}>
        <p class={css.title}>{t('failed.title')}</p>
        <p>{errorWords(error.code)}</p>
        {minutes > 0 && <p>{t('failed.retryIn', { count: minutes })}</p>}
        {unexpected && error.requestId && (
          <p class={css.reference}>{t('failed.reference', { reference: error.requestId })}</p>
        )}
        {children}
        {retry && (
          <div class={css.retry}>
            <Button onClick={retry}>{t('ui.tryAgain')}</Button>
          </div>
        )}
      </div>
    </div>
  );
}
