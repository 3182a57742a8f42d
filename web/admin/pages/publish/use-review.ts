/** The review on the screen: what was read, what was read behind it, and whether it still holds. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type ApiError, get, send } from '../../../lib/api.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { Review, ReviewItem } from '../../types.ts';
import { asApiError } from '../../use-resource.ts';
import {
  answered,
  type ItemKey,
  isForeign,
  keyOf,
  type Left,
  leftOut,
  type Move,
  prepared,
  tickedAs,
} from './review-changes.ts';
import { usePreparing } from './use-preparing.ts';

export type ReviewFilter = {
  show: 'all' | 'problems' | 'blocked' | 'ticks' | 'overrides' | 'excluded';
  kind: string;
  change: string;
  customer: string;
  problem: string;
};
export type { ItemKey };

/** What the approver has before them: the server takes an answer for that, and for nothing newer. */
const seenOf = ({ file, problems }: ReviewItem) => ({
  sha256: file?.sha256 ?? null,
  problems: problems
    .filter(({ overridable }) => overridable)
    .map(({ code, value }) => ({ code, value })),
});

/** Items asked about in one request; the API takes a thousand. */
const TICKS_AT_ONCE = 500;

export function useReview(publishId: string, filter: ReviewFilter) {
  const { paths } = useOrg();
  const base = paths.api(`publishes/${encodeURIComponent(publishId)}/review`);
  const asked = { ...filter, show: filter.show === 'all' ? '' : filter.show };
  const path = withQuery(base, asked);
  const [review, setReview] = useState<Review | null>(null);
  const [shownPath, setShownPath] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [isStale, setStale] = useState(false);
  const [added, setAdded] = useState(0);
  const held = useRef<Review | null>(null);
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

  const take = (next: Review, shown: ReviewItem[], nextCursor: string | null) => {
    held.current = { ...next, items: shown, nextCursor };
    setReview(held.current);
  };

  /** Reads the first page; `own`: this person's changes since what is held, null for whatever it may be. */
  const load = async (own: readonly Move[] | null): Promise<Review | null> => {
    const mine = ++turn.current;
    setLoading(true);
    try {
      const next = await get<Review>(path);
      if (mine !== turn.current) return null;
      if (held.current && own && isForeign(held.current.hash, next.hash, own)) setStale(true);
      setError(null);
      setShownPath(path);
      return next;
    } catch (thrown) {
      if (mine === turn.current) setError(asApiError(thrown));
      return null;
    } finally {
      if (mine === turn.current) setLoading(false);
    }
  };
  const reload = (own: 'nothing' | 'anything' = 'nothing') =>
    during(async () => {
      const next = await load(own === 'anything' ? null : []);
      if (next) take(next, next.items, next.nextCursor);
    });

  // The path says all that it depends on.
  useEffect(() => {
    setAdded(0);
    void reload();
    return () => {
      turn.current++;
    };
  }, [path]);

  const more = () =>
    during(async () => {
      const before = held.current;
      if (before?.nextCursor == null || isLoading) return;
      setLoading(true);
      try {
        const next = await get<Review>(withQuery(base, { ...asked, cursor: before.nextCursor }));
        if (held.current !== before) return;
        if (next.hash !== before.hash) {
          // Pages of two reviews do not make one.
          setStale(true);
          await reload('anything');
          return;
        }
        take(next, [...before.items, ...next.items], next.nextCursor);
        setAdded(next.items.length);
      } catch (thrown) {
        setError(asApiError(thrown));
      } finally {
        setLoading(false);
      }
    });

  /**
   * Changes what is shown, and reads the numbers again; pages that were read stay where they are.
   *
   * @returns the review as it is then; null where nothing was learnt
   */
  const change = (
    how: (review: Review) => Review,
    reach: 'its items' | 'any items',
    work: () => Promise<Move[]>,
  ): Promise<Review | null> =>
    during(async () => {
      const before = held.current;
      if (before === null) return null;
      const patched = how(before);
      // What is seen follows the click; the numbers follow the answer.
      take(patched, patched.items, before.nextCursor);
      let moves: Move[];
      try {
        moves = await work();
      } catch (thrown) {
        take(before, before.items, before.nextCursor);
        throw thrown;
      }
      const next = await load(moves);
      if (next === null) return null;
      if (reach === 'any items' || isForeign(before.hash, next.hash, moves)) {
        // What else it moves may stand anywhere: an order's lines, what needs the customer.
        const all = await readOn(next, before.items.length);
        take(next, all.items, all.nextCursor);
      } else {
        const behind = patched.items.slice(next.items.length);
        take(next, [...next.items, ...behind], before.nextCursor);
      }
      return held.current;
    });

  /** As many items as were shown before, page by page, while they are of the same review. */
  const readOn = async (first: Review, count: number) => {
    let { items, nextCursor } = first;
    while (nextCursor !== null && items.length < count) {
      const page = await get<Review>(withQuery(base, { ...asked, cursor: nextCursor })).catch(
        () => null,
      );
      if (page?.hash !== first.hash) break;
      items = [...items, ...page.items];
      nextCursor = page.nextCursor;
    }
    return { items, nextCursor };
  };

  const changeItems = (
    items: readonly ItemKey[],
    how: (item: ReviewItem) => ReviewItem,
    work: () => Promise<Move[]>,
  ) => {
    const wanted = new Set(items.map(keyOf));
    const each = (item: ReviewItem) => (wanted.has(keyOf(item)) ? how(item) : item);
    return change((of) => ({ ...of, items: of.items.map(each) }), 'its items', work);
  };

  const tick = (items: readonly ItemKey[], ticked: boolean) =>
    changeItems(
      items,
      (item) => tickedAs(item, ticked),
      () => sendTicks(items, ticked),
    );

  /** Leaves items or customers out, or takes them in again. */
  const leave = (left: Left, excluded: boolean) => {
    const customers = new Set(left.customers);
    return change(
      (of) => ({
        ...of,
        items: leftOut(of.items, left, excluded),
        customers: of.customers.map((each) =>
          customers.has(each.key) ? { ...each, excluded } : each,
        ),
      }),
      'any items',
      async () => [
        await sendMove('PUT', paths.api(`publishes/${encodeURIComponent(publishId)}/exclusions`), {
          ...left,
          ...(left.items && { items: left.items.map(({ kind, key }) => ({ kind, key })) }),
          excluded,
        }),
      ],
    );
  };

  /** Answers for an item's problems with a reason, or takes that back: null. */
  const override = (item: ReviewItem, given: ReviewItem['override']) =>
    changeItems(
      [item],
      (each) => answered(each, given),
      async () => {
        const { kind, key } = item;
        const overrides = paths.api(`publishes/${encodeURIComponent(publishId)}/overrides`);
        return [
          given === null
            ? await sendMove('DELETE', withQuery(overrides, { kind, key }))
            : await sendMove('PUT', overrides, {
                kind,
                key,
                reason: given.reason,
                seen: seenOf(item),
              }),
        ];
      },
    );

  /** Asks how far the preparing is. A failure says nothing: it will be asked again. */
  const follow = async (): Promise<number | undefined> => {
    const before = held.current;
    const mine = turn.current;
    if (before === null || underWay.current > 0) return undefined;
    const next = await get<Review>(path).catch(() => null);
    // What was clicked in the meantime asks for itself.
    const isOvertaken = held.current !== before || turn.current !== mine || underWay.current > 0;
    if (next === null || isOvertaken) return undefined;
    if (isForeign(before.hash, next.hash, [])) {
      setStale(true);
      take(next, next.items, next.nextCursor);
    } else {
      const behind = before.items.slice(next.items.length);
      const shown = next.preparing > 0 ? behind : behind.map(prepared);
      take(next, [...next.items, ...shown], before.nextCursor);
    }
    return next.preparing;
  };
  const isSlow = usePreparing(review?.preparing ?? 0, follow);

  const sendMove = async (method: 'PUT' | 'DELETE', to: string, body?: unknown): Promise<Move> =>
    (await send<{ review: Move }>(method, to, body)).review;

  const sendTicks = async (items: readonly ItemKey[], ticked: boolean): Promise<Move[]> => {
    const moves: Move[] = [];
    for (let from = 0; from < items.length; from += TICKS_AT_ONCE) {
      const some = items.slice(from, from + TICKS_AT_ONCE).map(({ kind, key }) => ({ kind, key }));
      const to = paths.api(`publishes/${encodeURIComponent(publishId)}/ticks`);
      moves.push(await sendMove('PUT', to, { items: some, ticked }));
    }
    return moves;
  };

  /** Every item behind a filter, page by page. */
  const readAll = async (wanted: Record<string, string>): Promise<ReviewItem[]> => {
    const found: ReviewItem[] = [];
    let cursor: string | null = null;
    do {
      const page: Review = await get<Review>(withQuery(base, { ...wanted, cursor }));
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found;
  };

  return {
    review,
    error,
    isLoading,
    /** The items on the screen are those of another filter; these are on their way. */
    isOutdated: shownPath !== path,
    isStale,
    /** Documents are being prepared, and have been for long. */
    isSlow,
    added,
    reload,
    more,
    tick,
    leave,
    override,
    readAll,
    sayStale: async () => {
      await reload('anything');
      setStale(true);
    },
    dismissStale: () => setStale(false),
  };
}
export type ReviewState = ReturnType<typeof useReview>;
