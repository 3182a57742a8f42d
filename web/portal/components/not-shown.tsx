import { t } from '../../lib/i18n.ts';
import css from './not-shown.module.css';
import { knownVisit } from './shell.tsx';

/** An order that there is not, or not for this reader. */
export function NotShown() {
  const org = knownVisit()?.org;
  return (
    <div class={css.notShown}>
      <h1>{t('order.notShownTitle')}</h1>
      <p>{org ? t('order.notShown', { org: org.name }) : t('order.notShownPlain')}</p>
    </div>
  );
}
