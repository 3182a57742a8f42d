import {
  ORDER_FILTERS,
  ORDER_SORTS,
  type OrderFilter,
  type OrderSort,
} from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import { type Days, daysOf, isBackwards, searchOf, withQuery } from './filters/days.ts';
import { type PagedList, usePages } from './paged-list.ts';
import type { OrderList, OrderRow } from './types.ts';

/** Which orders, in which order. */
export type OrdersWanted = Days & {
  status?: OrderFilter | undefined;
  sort?: OrderSort | undefined;
  q?: string | undefined;
};

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

/** A path with what is wanted as its query, in one order, so that one list has one name. Pure. */
export function withWanted(path: string, wanted: OrdersWanted): string {
  const { status, q, from, to, sort } = wanted;
  return withQuery(path, { status, q, from, to, sort });
}

export type Orders = PagedList<OrderRow> & { error: ApiError | undefined; reload: () => void };

const pageOf = ({ orders, nextCursor }: OrderList) => ({ rows: orders, nextCursor });

/**
 * The orders that are wanted; `plain` is the list of all, where a page came with it. For days that stand the
 * wrong way round nothing is asked.
 */
export function useOrders(wanted: OrdersWanted, plain?: OrderList): Orders {
  const path = withWanted('orders', wantedOf(wanted));
  const known = path === 'orders' ? plain : undefined;
  const found = useResource<OrderList>(known || isBackwards(wanted) ? null : path);
  const pages = usePages(path, known ?? found.value, pageOf);
  return { ...pages, error: known ? undefined : found.error, reload: found.reload };
}
