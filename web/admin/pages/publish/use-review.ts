/** The review on the screen: a page of its items, the numbers of all of them, and whether it still holds. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReviewShow } from '../../../../worker/vocabulary.ts';
import { type ApiError, get } from '../../../lib/api.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { Review, ReviewCustomer, ReviewItem } from '../../types.ts';
import { asApiError } from '../../use-resource.ts';
import {
  answered,
  type ItemKey,
  isForeign,
  keyOf,
  type Left,
  leftOut,
  type Move,
  tickedAs,
} from './review-changes.ts';
import { FIRST, type Place, placeBehind } from './review-pages.ts';
import { reviewRequests } from './review-requests.ts';
import { usePreparing } from './use-preparing.ts';

export type ReviewFilter = {
  show: ReviewShow;
  kind: string;
  change: string;
  customer: string;
  problem: string;
};

/** What a page adds to the numbers that every page says. */
type Page = Pick<Review, 'items' | 'itemCustomers' | 'nextCursor'>;

export function useReview(publishId: string, filter: ReviewFilter) {
  const { paths } = useOrg();
  const publish = paths.api(`publishes/${encodeURIComponent(publishId)}`);
  const requests = reviewRequests(publish);
  const asked = { ...filter, show: filter.show === 'all' ? '' : filter.show };
  const pathOf = (cursor: string | null) => withQuery(`${publish}/review`, { ...asked, cursor });
  const path = pathOf(null);
  const [review, setReview] = useState<Review | null>(null);
  const [place, setPlace] = useState(FIRST);
  const [shownPath, setShownPath] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [isStale, setStale] = useState(false);
  const held = useRef<Review | null>(null);
  const here = useRef(FIRST);
  /** The pages that were read of this review, by their cursors: who goes back reads nothing again. */
  const pages = useRef(new Map<string | null, Page>());
  const turn = useRef(0);
  const underWay = useRef(0);
  /** While anything is under way, nothing is asked for in the background. */
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    underWay.current++;
    try {
      return await work();
    } finally {
      underWay.current--;
    }
  };

  const take = (next: Review, at: Place) => {
    const before = held.current;
    // Neither of another review, nor from before a file was ready.
    if (before?.hash !== next.hash || before.preparing !== next.preparing) pages.current.clear();
    const { items, itemCustomers, nextCursor } = next;
    pages.current.set(at.cursor, { items, itemCustomers, nextCursor });
    held.current = next;
    here.current = at;
    setReview(next);
    setPlace(at);
  };

  /** The page at a place, or the nearest before it that has items. */
  const read = async (at: Place): Promise<[Review, Place]> => {
    const next = await get<Review>(pathOf(at.cursor));
    return next.items.length === 0 && at.back ? read(at.back) : [next, at];
  };

  /** Reads the page again; `own`: this person's changes since what is held, null for whatever it may be. */
  const load = async (own: readonly Move[] | null): Promise<Review | null> => {
    const mine = ++turn.current;
    setLoading(true);
    try {
      const [next, at] = await read(here.current);
      if (mine !== turn.current) return null;
      if (held.current && own && isForeign(held.current.hash, next.hash, own)) setStale(true);
      setError(null);
      setShownPath(path);
      // What changed may stand on any page.
      pages.current.clear();
      take(next, at);
      return next;
    } catch (thrown) {
      if (mine === turn.current) setError(asApiError(thrown));
      return null;
    } finally {
      if (mine === turn.current) setLoading(false);
    }
  };
  const reload = (own: 'nothing' | 'anything' = 'nothing') =>
    during(() => load(own === 'anything' ? null : []));
  /** Reads it again behind a change of this person's that was not made through here. */
  const reloadAfter = (move: Move) => during(() => load([move]));

  // The path says all that it depends on.
  useEffect(() => {
    here.current = FIRST;
    void reload();
    return () => {
      turn.current++;
    };
  }, [path]);

  /** Shows the page behind this one, or the one before it; false where there is none. */
  const turnPage = (direction: 'next' | 'previous') =>
    during(async (): Promise<boolean> => {
      const before = held.current;
      // One at a time: a key that is held down asks again and again.
      if (before === null || underWay.current > 1 || shownPath !== path) return false;
      const at = direction === 'next' ? placeBehind(here.current, before) : here.current.back;
      if (at === null) return false;
      const known = pages.current.get(at.cursor);
      if (known) {
        take({ ...before, ...known }, at);
        return true;
      }
      const mine = turn.current;
      setLoading(true);
      try {
        const next = await get<Review>(pathOf(at.cursor));
        if (mine !== turn.current || held.current !== before) return false;
        setError(null);
        if (next.hash === before.hash) {
          take(next, at);
          return true;
        }
        // Pages of two reviews do not make one.
        setStale(true);
        here.current = FIRST;
        return (await load(null)) !== null;
      } catch (thrown) {
        if (mine === turn.current) setError(asApiError(thrown));
        return false;
      } finally {
        if (mine === turn.current) setLoading(false);
      }
    });

  /**
   * Changes what is shown, and reads it again with the numbers of all.
   *
   * @returns the review as it is then; null where nothing was learnt
   */
  const change = (
    how: (review: Review) => Review,
    work: () => Promise<Move[]>,
  ): Promise<Review | null> =>
    during(async () => {
      const before = held.current;
      if (before === null) return null;
      // What is seen follows the click; the numbers follow the answer.
      take(how(before), here.current);
      let moves: Move[];
      try {
        moves = await work();
      } catch (thrown) {
        take(before, here.current);
        throw thrown;
      }
      return load(moves);
    });

  const changeItems = (
    items: readonly ItemKey[],
    how: (item: ReviewItem) => ReviewItem,
    work: () => Promise<Move[]>,
  ) => {
    const wanted = new Set(items.map(keyOf));
    const each = (item: ReviewItem) => (wanted.has(keyOf(item)) ? how(item) : item);
    return change((of) => ({ ...of, items: of.items.map(each) }), work);
  };

  const tick = (items: readonly ReviewItem[], ticked: boolean) =>
    changeItems(
      items,
      (item) => tickedAs(item, ticked),
      () => requests.tick(items, ticked),
    );

  /** Leaves items or customers out, or takes them in again. */
  const leave = (left: Left, excluded: boolean) => {
    const customers = new Set(left.customers);
    const each = (customer: ReviewCustomer) =>
      customers.has(customer.key) ? { ...customer, excluded } : customer;
    return change(
      (of) => ({
        ...of,
        items: leftOut(of.items, left, excluded),
        customers: of.customers.map(each),
        itemCustomers: of.itemCustomers.map(each),
      }),
      async () => [await requests.leave(left, excluded)],
    );
  };

  /** Answers for an item's problems with a reason, or takes that back: null. */
  const override = (item: ReviewItem, given: ReviewItem['override']) =>
    changeItems(
      [item],
      (each) => answered(each, given),
      async () => [await requests.override(item, given)],
    );

  /** Asks how far the preparing is. A failure says nothing: it will be asked again. */
  const follow = async (): Promise<number | undefined> => {
    const before = held.current;
    const mine = turn.current;
    if (before === null || underWay.current > 0) return undefined;
    const [next, at] = await read(here.current).catch(() => []);
    // What was clicked in the meantime asks for itself.
    const isOvertaken = held.current !== before || turn.current !== mine || underWay.current > 0;
    if (next === undefined || at === undefined || isOvertaken) return undefined;
    if (isForeign(before.hash, next.hash, [])) setStale(true);
    take(next, at);
    return next.preparing;
  };
  const isSlow = usePreparing(review?.preparing ?? 0, follow);

  return {
    review,
    /** Of the page shown. */
    place,
    error,
    isLoading,
    /** The items on the screen are those of another filter; these are on their way. */
    isOutdated: shownPath !== path,
    isStale,
    /** Documents are being prepared, and have been for long. */
    isSlow,
    reload,
    reloadAfter,
    turnPage,
    tick,
    leave,
    override,
    readAll: requests.readAll,
    sayStale: async () => {
      await reload('anything');
      setStale(true);
    },
    dismissStale: () => setStale(false),
  };
}
export type ReviewState = ReturnType<typeof useReview>;
