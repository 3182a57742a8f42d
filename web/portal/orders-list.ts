import { useEffect, useState } from 'preact/hooks';
import type { OrderFilter } from '../../worker/vocabulary.ts';
import { ApiError, get } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import type { OrderList, OrderRow } from './types.ts';

/** What was loaded below a list's first page, kept for the way back from an order. */
type Tail = { after: string; orders: OrderRow[]; nextCursor: string | null; added: number };
const tails = new Map<string, Tail>();

export type Orders = {
  /** Undefined until the first page is there. */
  orders: OrderRow[] | undefined;
  error: ApiError | undefined;
  reload: () => void;
  more: boolean;
  loadingMore: boolean;
  moreError: ApiError | undefined;
  /** How many the last press brought. */
  added: number;
  loadMore: () => void;
};

/** Orders of a filter and a search; the plain list comes with the home page itself. */
export function useOrders(status: OrderFilter, q: string, plain: OrderList | undefined): Orders {
  const query = new URLSearchParams({ status, ...(q && { q }) }).toString();
  const isPlain = status === 'all' && !q;
  const found = useResource<OrderList>(isPlain ? null : `orders?${query}`);
  const [, render] = useState(0);
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<ApiError>();
  useEffect(() => setMoreError(undefined), [query]);

  const first = isPlain ? plain : found.value;
  const kept = tails.get(query);
  const tail = kept && kept.after === first?.nextCursor ? kept : undefined;
  const cursor = tail ? tail.nextCursor : first?.nextCursor;

  const loadMore = async () => {
    if (!first?.nextCursor || !cursor || loadingMore) return;
    setLoadingMore(true);
    setMoreError(undefined);
    try {
      const page = await get<OrderList>(`orders?${query}&cursor=${encodeURIComponent(cursor)}`);
      tails.set(query, {
        after: first.nextCursor,
        orders: [...(tail?.orders ?? []), ...page.orders],
        nextCursor: page.nextCursor,
        added: page.orders.length,
      });
      render((count) => count + 1);
    } catch (error) {
      setMoreError(error instanceof ApiError ? error : new ApiError('internal'));
    } finally {
      setLoadingMore(false);
    }
  };

  return {
    orders: first && [...first.orders, ...(tail?.orders ?? [])],
    error: isPlain ? undefined : found.error,
    reload: found.reload,
    more: Boolean(cursor),
    loadingMore,
    moreError,
    added: tail?.added ?? 0,
    loadMore,
  };
}
