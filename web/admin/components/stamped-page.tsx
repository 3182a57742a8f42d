import { t } from '../words.ts';
import css from './stamped-page.module.css';

/** The foot of a page as the customer has it: what stands there, and the code at the end of it. */
export function StampedPage() {
  return (
    <div class={css.page}>
      <span class={css.line} aria-hidden="true" />
      <span class={css.line} aria-hidden="true" />
      <span class={css.line} aria-hidden="true" />
      <p class={css.stamp}>
        <span>{t('stampedPage.customer')}</span>{' '}
        <span>
          {t('stampedPage.before')}
          <mark class={css.code}>{t('stampedPage.reference')}</mark>
        </span>
      </p>
    </div>
  );
}
