import { ORDER_FILTERS, ORDER_SORTS } from '../../worker/vocabulary.ts';
import { daysOf, searchOf } from './filters/days.ts';
import type { OrdersWanted } from './orders-list.ts';

/** What an address asks for; what is none is left out, and so is what goes without saying. Pure. */
export function wantedOf(query: Record<string, string | undefined>): OrdersWanted {
  const status = ORDER_FILTERS.find((filter) => filter === query.status);
  const sort = ORDER_SORTS.find((one) => one === query.sort);
  return {
    status: status === 'all' ? undefined : status,
    q: searchOf(query),
    ...daysOf(query),
    sort: sort === 'newest' ? undefined : sort,
  };
}
