import { ITEM_CHANGES, ITEM_KINDS, PROBLEM_CODES } from '../../../../worker/vocabulary.ts';
import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Chips } from '../../../ui/chips.tsx';
import { Field } from '../../../ui/field.tsx';
import filters from '../../components/filters.module.css';
import { withQuery } from '../../org.ts';
import type { Review, ReviewCustomer } from '../../types.ts';
import { problemWords, t } from '../../words.ts';
import { customerName } from './customer-name.ts';
import type { ReviewFilter } from './use-review.ts';

/** Which items are listed; the address says it. */
export function ItemFilters({
  review,
  filter,
  customers,
  page,
}: {
  review: Review;
  filter: ReviewFilter;
  /** By key; one who is not known yet is missing. */
  customers: ReadonlyMap<string, ReviewCustomer>;
  /** The address of the review without a filter. */
  page: string;
}) {
  const { route } = useLocation();
  const choose = (change: Partial<ReviewFilter>) => {
    const next = { ...filter, ...change };
    route(withQuery(page, { ...next, show: next.show === 'all' ? '' : next.show }));
  };
  const isFiltered =
    filter.show !== 'all' ||
    [filter.kind, filter.change, filter.customer, filter.problem].some(Boolean);
  const { totals } = review;
  const nameOf = (key: string) => customerName(customers.get(key) ?? { name: null, key });
  // One who is chosen from the customers may stand far behind those who are offered.
  const offered = review.customers.map(({ key }) => key);
  const choices = [...new Set([...offered, filter.customer])].filter((key) => key !== '');
  // Such a choice is there when there is something behind it, or when it has been made.
  const rare = [
    { value: 'blocked', label: t('reviewShow.blocked'), count: totals.blocked },
    { value: 'overrides', label: t('reviewShow.overrides'), count: totals.overridden },
    { value: 'excluded', label: t('reviewShow.excluded'), count: totals.excluded },
  ] as const;
  return (
    <div class={filters.filters}>
      <Chips
        label={t('review.show')}
        value={filter.show}
        onChoose={(show) => choose({ show })}
        chips={[
          { value: 'all', label: t('reviewShow.all'), count: totals.items },
          { value: 'problems', label: t('reviewShow.problems') },
          { value: 'ticks', label: t('reviewShow.ticks'), count: totals.awaitingTick },
          ...rare.filter(({ value, count }) => count > 0 || filter.show === value),
        ]}
      />
      <Field label={t('review.kind')}>
        {(input) => (
          <select
            {...input}
            value={filter.kind}
            onChange={(event) => choose({ kind: event.currentTarget.value })}
          >
            <option value="">{t('review.any')}</option>
            {ITEM_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`items.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('review.change')}>
        {(input) => (
          <select
            {...input}
            value={filter.change}
            onChange={(event) => choose({ change: event.currentTarget.value })}
          >
            <option value="">{t('review.any')}</option>
            {ITEM_CHANGES.map((change) => (
              <option key={change} value={change}>
                {t(`changes.${change}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('review.filterCustomer')}>
        {(input) => (
          <select
            {...input}
            value={filter.customer}
            onChange={(event) => choose({ customer: event.currentTarget.value })}
          >
            <option value="">{t('review.any')}</option>
            {choices.map((key) => (
              <option key={key} value={key}>
                {nameOf(key)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={t('review.problem')}>
        {(input) => (
          <select
            {...input}
            value={filter.problem}
            onChange={(event) => choose({ problem: event.currentTarget.value })}
          >
            <option value="">{t('review.any')}</option>
            {PROBLEM_CODES.map((code) => (
              <option key={code} value={code}>
                {problemWords({ code })}
              </option>
            ))}
          </select>
        )}
      </Field>
      {isFiltered && (
        <LinkButton icon="close" href={page}>
          {t('common.clear')}
        </LinkButton>
      )}
    </div>
  );
}
