import {
  ORDER_FILTERS,
  ORDER_SORTS,
  type OrderFilter,
  type OrderSort,
} from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import { type PagedList, usePages } from './paged-list.ts';
import type { OrderList, OrderRow } from './types.ts';

/** Which orders, in which order. Days are YYYY-MM-DD, both included. */
export type OrdersWanted = {
  status?: OrderFilter | undefined;
  sort?: OrderSort | undefined;
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address asks for; what is none is left out, and so is what goes without saying. Pure. */
export function wantedOf(query: Record<string, string | undefined>): OrdersWanted {
  const dayOf = (day: string | undefined) => (day && DAY.test(day) ? day : undefined);
  const status = ORDER_FILTERS.find((filter) => filter === query.status);
  const sort = ORDER_SORTS.find((one) => one === query.sort);
  return {
    status: status === 'all' ? undefined : status,
    q: query.q?.trim() || undefined,
    from: dayOf(query.from),
    to: dayOf(query.to),
    sort: sort === 'newest' ? undefined : sort,
  };
}

/** A path with what is wanted as its query, in one order, so that one list has one name. Pure. */
export function withWanted(path: string, wanted: OrdersWanted): string {
  const { status, q, from, to, sort } = wanted;
  const params = new URLSearchParams({
    ...(status && { status }),
    ...(q && { q }),
    ...(from && { from }),
    ...(to && { to }),
    ...(sort && { sort }),
  });
  return params.size > 0 ? `${path}?${params}` : path;
}

export type Orders = PagedList<OrderRow> & { error: ApiError | undefined; reload: () => void };

const pageOf = ({ orders, nextCursor }: OrderList) => ({ rows: orders, nextCursor });

/** The orders that are wanted; \`plain\` is the list of all, where a page came with it. */
export function useOrders(wanted: OrdersWanted, plain?: OrderList): Orders {
  const path = withWanted('orders', wantedOf(wanted));
  const known = path === 'orders' ? plain : undefined;
  const found = useResource<OrderList>(known ? null : path);
  const pages = usePages(path, known ?? found.value, pageOf);
  return { ...pages, error: known ? undefined : found.error, reload: found.reload };
}
