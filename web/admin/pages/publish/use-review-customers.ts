/** The customers of a review, however many: found, read a page at a time, and kept while read again. */

import { useEffect, useRef, useState } from 'preact/hooks';
import type { CustomerShow } from '../../../../worker/vocabulary.ts';
import { type ApiError, get } from '../../../lib/api.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { Review, ReviewCustomer } from '../../types.ts';
import { asApiError } from '../../use-resource.ts';

type CustomersPage = { customers: ReviewCustomer[]; nextCursor: string | null };
type Held = CustomersPage & { of: string; added: number };

/** The customers whose name or key holds `q`, and that `show` lets through. */
export function useReviewCustomers(review: Review, q: string, show: CustomerShow) {
  const { paths } = useOrg();
  const base = paths.api(`publishes/${encodeURIComponent(review.publish.id)}/review/customers`);
  const wanted = { q, show: show === 'all' ? '' : show };
  const of = withQuery(base, wanted);
  const isPlain = of === base;
  // Then the review has them all already.
  const isWhole = isPlain && review.customerCount <= review.customers.length;
  const [held, setHeld] = useState<Held | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [isLoading, setLoading] = useState(false);
  const turn = useRef(0);

  /** Reads behind `from` until there are as many as wanted. */
  const read = async (from: CustomersPage & { added: number }, count: number) => {
    const mine = ++turn.current;
    setLoading(true);
    try {
      let { customers, nextCursor: cursor } = from;
      do {
        const page: CustomersPage = await get(withQuery(base, { ...wanted, cursor }));
        if (mine !== turn.current) return;
        customers = [...customers, ...page.customers];
        cursor = page.nextCursor;
      } while (cursor !== null && customers.length < count);
      const added = from.customers.length > 0 ? customers.length - from.customers.length : 0;
      setHeld({ of, customers, nextCursor: cursor, added });
      setError(null);
    } catch (thrown) {
      if (mine === turn.current) setError(asApiError(thrown));
    } finally {
      if (mine === turn.current) setLoading(false);
    }
  };
  const readAgain = () => {
    const count = held?.of === of ? held.customers.length : 0;
    return read({ customers: [], nextCursor: null, added: 0 }, count);
  };

  // The hash says all that a customer's row depends on.
  useEffect(() => {
    if (isWhole) {
      setHeld(null);
      setError(null);
    } else {
      void readAgain();
    }
    return () => {
      turn.current++;
      setLoading(false);
    };
  }, [of, review.hash, isWhole]);

  // What the review says of a customer follows a click at once.
  const newest = new Map(review.customers.map((customer) => [customer.key, customer]));
  const current = held?.of === of ? held : null;
  const rows = current ? current.customers : isPlain ? review.customers : undefined;
  return {
    /** Undefined until there is an answer for this question. */
    rows: rows?.map((row) => newest.get(row.key) ?? row),
    hasMore: current !== null && current.nextCursor !== null,
    added: current?.added ?? 0,
    isLoading,
    error,
    reload: readAgain,
    more: () => {
      if (current === null || current.nextCursor === null || isLoading) return;
      void read(current, current.customers.length + 1);
    },
  };
}

/** Every customer who is on the screen, or who has an item there, by key. */
export function knownCustomers(review: Review): Map<string, ReviewCustomer> {
  const all = [...review.itemCustomers, ...review.customers];
  return new Map(all.map((customer) => [customer.key, customer]));
}
