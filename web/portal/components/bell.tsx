import { t } from '../../lib/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Visit } from '../types.ts';
import { unreadOf } from '../unread.ts';
import css from './shell.module.css';

/** Where the customer reads what happened, with how much of it is new. */
export function Bell({ visit }: { visit: Visit }) {
  const count = unreadOf(visit);
  return (
    <a
      class={css.bell}
      href="/notifications"
      aria-label={count > 0 ? t('nav.unread', { count }) : t('nav.notifications')}
    >
      <Icon name="bell" />
      {count > 0 && <b aria-hidden="true">{count > 99 ? '99+' : count}</b>}
    </a>
  );
}
