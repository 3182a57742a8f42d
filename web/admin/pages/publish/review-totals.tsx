import { formatNumber } from '../../../lib/format.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { Review } from '../../types.ts';
import { t } from '../../words.ts';
import css from './review.module.css';
import type { ReviewFilter } from './use-review.ts';

type Total = {
  name: Exclude<keyof Review['totals'], 'passing'>;
  /** The filter that lists what is counted; none where no filter does. */
  lists?: Partial<ReviewFilter>;
  tone?: 'bad' | 'warn' | 'good';
};

const TOTALS: readonly Total[] = [
  { name: 'rows' },
  { name: 'skipped' },
  { name: 'items', lists: {} },
  { name: 'passes', tone: 'good' },
  { name: 'blocked', lists: { show: 'blocked' }, tone: 'bad' },
  { name: 'excluded', lists: { show: 'excluded' } },
  { name: 'overridden', lists: { show: 'overrides' }, tone: 'warn' },
  { name: 'warnings', lists: { show: 'problems' }, tone: 'warn' },
  { name: 'awaitingTick', lists: { show: 'ticks' }, tone: 'warn' },
  { name: 'new', lists: { change: 'new' } },
  { name: 'changed', lists: { change: 'changed' } },
  { name: 'same', lists: { change: 'same' } },
  { name: 'revision', lists: { change: 'revision' }, tone: 'warn' },
  { name: 'conflict', lists: { change: 'conflict' }, tone: 'bad' },
];

/** The numbers that have to add up; each that a filter can list leads to its items. */
export function ReviewTotals({
  totals,
  filter,
  publishId,
}: {
  totals: Review['totals'];
  filter: ReviewFilter;
  publishId: string;
}) {
  const { paths } = useOrg();
  return (
    <dl class={css.totals}>
      {TOTALS.map(({ name, lists, tone }) => {
        const count = totals[name];
        const number = formatNumber(count);
        const colour = tone && count > 0 ? css[tone] : undefined;
        return (
          <div key={name} class={css.total}>
            <dt>{t(`reviewTotals.${name}`)}</dt>
            <dd class={colour}>
              {lists && count > 0 ? (
                <a
                  href={`${withQuery(paths.publish(publishId), { customer: filter.customer, ...lists })}#items`}
                  aria-label={`${t(`reviewTotals.${name}`)}: ${number}`}
                >
                  {number}
                </a>
              ) : (
                number
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
