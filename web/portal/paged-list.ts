import { useEffect, useState } from 'preact/hooks';
import { ApiError, get } from '../lib/api.ts';

/** What was loaded below a list's first page, kept for the way back from one of its rows. */
type Tail = { after: string; rows: unknown[]; nextCursor: string | null; added: number };
const tails = new Map<string, Tail>();

/** One page of a list, as the API answers it. */
export type ListPage<Row> = { rows: Row[]; nextCursor: string | null };

export type PagedList<Row> = {
  /** Undefined until the first page is there. */
  rows: Row[] | undefined;
  more: boolean;
  loadingMore: boolean;
  moreError: ApiError | undefined;
  /** How many the last press brought. */
  added: number;
  loadMore: () => void;
};

/**
 * A list's first page, and those below it that the person asked for.
 *
 * @param path the list's resource, with its filters
 * @param pageOf reads an answer of that resource
 */
export function usePages<Answer, Row>(
  path: string,
  answer: Answer | undefined,
  pageOf: (answer: Answer) => ListPage<Row>,
): PagedList<Row> {
  const [, render] = useState(0);
  const [loadingMore, setLoadingMore] = useState(false);
  const [moreError, setMoreError] = useState<ApiError>();
  useEffect(() => setMoreError(undefined), [path]);

  const first = answer && pageOf(answer);
  const kept = tails.get(path);
  const tail = kept && kept.after === first?.nextCursor ? kept : undefined;
  const below = (tail?.rows ?? []) as Row[]; // one path, one shape
  const cursor = tail ? tail.nextCursor : first?.nextCursor;

  const loadMore = async () => {
    if (!first?.nextCursor || !cursor || loadingMore) return;
    setLoadingMore(true);
    setMoreError(undefined);
    try {
      const joint = path.includes('?') ? '&' : '?';
      const next = pageOf(await get<Answer>(`${path}${joint}cursor=${encodeURIComponent(cursor)}`));
      tails.set(path, {
        after: first.nextCursor,
        rows: [...below, ...next.rows],
        nextCursor: next.nextCursor,
        added: next.rows.length,
      });
      render((count) => count + 1);
    } catch (error) {
      setMoreError(error instanceof ApiError ? error : new ApiError('internal'));
    } finally {
      setLoadingMore(false);
    }
  };

  return {
    rows: first && [...first.rows, ...below],
    more: Boolean(cursor),
    loadingMore,
    moreError,
    added: tail?.added ?? 0,
    loadMore,
  };
}
