import type { OrderFilter } from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import { type PagedList, usePages } from './paged-list.ts';
import type { OrderList, OrderRow } from './types.ts';

export type Orders = PagedList<OrderRow> & { error: ApiError | undefined; reload: () => void };

const pageOf = ({ orders, nextCursor }: OrderList) => ({ rows: orders, nextCursor });

/** Orders of a filter and a search; the plain list comes with the home page itself. */
export function useOrders(status: OrderFilter, q: string, plain: OrderList | undefined): Orders {
  const path = `orders?${new URLSearchParams({ status, ...(q && { q }) })}`;
  const isPlain = status === 'all' && !q;
  const found = useResource<OrderList>(isPlain ? null : path);
  const pages = usePages(path, isPlain ? plain : found.value, pageOf);
  return { ...pages, error: isPlain ? undefined : found.error, reload: found.reload };
}
