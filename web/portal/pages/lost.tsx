import { t } from '../../lib/i18n.ts';
import { LinkButton } from '../../ui/Button.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import css from './lost.module.css';

/** An address that is no page of ours. */
export function LostPage() {
  return (
    <Shell visit={knownVisit()} title={t('lost.title')}>
      <div class={css.lost}>
        <h1>{t('lost.title')}</h1>
        <p>{t('lost.text')}</p>
        <LinkButton kind="primary" icon="house" href="/">
          {t('lost.home')}
        </LinkButton>
      </div>
    </Shell>
  );
}
