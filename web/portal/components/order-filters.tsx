import { ORDER_FILTERS, ORDER_SORTS } from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { FilterFields } from '../filters/filter-form.tsx';
import { Choice, ListFilters } from '../filters/list-filters.tsx';
import { laterWords } from '../later-words.ts';
import { type OrdersWanted, withWanted } from '../orders-list.ts';
import { wantedOf } from '../orders-wanted.ts';
import { knownVisit } from './shell.tsx';

/** Which orders are wanted, and in which order. */
export function OrderFilters({ wanted }: { wanted: OrdersWanted }) {
  const { status, sort, from, to } = wanted;
  const sorts = ORDER_SORTS.filter(
    (one) => one !== 'total' || knownVisit()?.link.scope !== 'no_financials',
  );
  const isAll = withWanted('', { ...wanted, sort: undefined }) === '';
  return (
    <ListFilters
      page="/orders"
      wanted={wanted}
      read={wantedOf}
      write={withWanted}
      search={{ label: t('orders.search'), hint: t('orders.searchHint') }}
      more={laterWords('orders.more')}
      isNarrowed={Boolean(status || from || to)}
      clear={isAll ? null : { href: withWanted('/orders', { sort }), words: t('orders.clear') }}
    >
      <FilterFields
        days={wanted}
        labels={{ from: laterWords('orders.from'), to: laterWords('orders.to') }}
      >
        <Choice
          name="status"
          label={t('orders.status')}
          chosen={status ?? 'all'}
          options={ORDER_FILTERS.map((value) => ({ value, words: t(`orders.${value}`) }))}
        />
        <Choice
          name="sort"
          label={laterWords('orders.sort')}
          chosen={sort ?? 'newest'}
          options={sorts.map((value) => ({
            value,
            words: laterWords(`orders.sorts.${value}`),
          }))}
        />
      </FilterFields>
    </ListFilters>
  );
}
