import { t } from '../../lib/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import type { OrderPage } from '../types.ts';
import css from './neighbours.module.css';

/** The orders before and behind one, as the list has them: the newest first. */
export function Neighbours({ page: { previous, next } }: { page: OrderPage }) {
  if (!previous && !next) return null;
  return (
    <nav class={css.neighbours} aria-label={t('order.neighbours')}>
      {previous && (
        <a
          href={`/orders/${previous.id}`}
          rel="prev"
          aria-label={t('order.newer', previous)}
          title={t('order.newer', previous)}
        >
          <Icon name="chevronBack" />
          {previous.number}
        </a>
      )}
      {next && (
        <a
          href={`/orders/${next.id}`}
          rel="next"
          aria-label={t('order.older', next)}
          title={t('order.older', next)}
        >
          {next.number}
          <Icon name="chevronNext" />
        </a>
      )}
    </nav>
  );
}
