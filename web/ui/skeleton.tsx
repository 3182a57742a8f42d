import { t } from '../lib/i18n.ts';
import css from './skeleton.module.css';

/** Grey lines where text will be; says once that it is loading. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div class={css.skeleton} role="status">
      <span class="unseen">{t('ui.loading')}</span>
      {Array.from({ length: lines }, (_, at) => (
        <span key={at} class={css.line} />
      ))}
    </div>
  );
}
