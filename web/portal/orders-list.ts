import type { OrderFilter, OrderSort } from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import type { Days } from './filters/days.ts';
import { type PagedList, usePages } from './paged-list.ts';
import type { OrderList, OrderRow } from './types.ts';

/** Which orders, in which order. */
export type OrdersWanted = Days & {
  status?: OrderFilter | undefined;
  sort?: OrderSort | undefined;
  q?: string | undefined;
};

/** A path with what is wanted as its query, in one order, so that one list has one name. Pure. */
export function withWanted(path: string, wanted: OrdersWanted): string {
  const { status, q, from, to, sort } = wanted;
  const params = new URLSearchParams({
    ...(status && status !== 'all' && { status }),
    ...(q && { q }),
    ...(from && { from }),
    ...(to && { to }),
    ...(sort && { sort }),
  });
  return params.size > 0 ? `${path}?${params}` : path;
}

export type Orders = PagedList<OrderRow> & { error: ApiError | undefined; reload: () => void };

const pageOf = ({ orders, nextCursor }: OrderList) => ({ rows: orders, nextCursor });

/** The orders that are wanted; `plain` is the list of all, where a page came with it. */
export function useOrders(wanted: OrdersWanted, plain?: OrderList): Orders {
  const path = withWanted('orders', wanted);
  const known = path === 'orders' ? plain : undefined;
  const found = useResource<OrderList>(known ? null : path);
  const pages = usePages(path, known ?? found.value, pageOf);
  return { ...pages, error: known ? undefined : found.error, reload: found.reload };
}
