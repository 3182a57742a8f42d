/**
 * Reading from the API: a value or an error, with the value kept while it is read again. Unlike the
 * portal's, nothing is remembered between pages: a decision needs the state as it is now.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get } from '../lib/api.ts';

/** What a request threw, as the error that the page can put into words. */
export function asApiError(thrown: unknown): ApiError {
  return thrown instanceof ApiError ? thrown : new ApiError('internal');
}

type Held<T> = { path: string; value: T | undefined; error: ApiError | null };
export type Resource<T> = {
  /** Undefined until the first answer for this path. */
  value: T | undefined;
  error: ApiError | null;
  isLoading: boolean;
  /** Reads again; gives the new value, or undefined if that failed. */
  reload: () => Promise<T | undefined>;
  change: (to: (value: T) => T) => void;
};

/** Reads a path, and again whenever it changes. Null reads nothing. */
export function useResource<T>(path: string | null): Resource<T> {
  const [held, setHeld] = useState<Held<T> | null>(null);
  const [isLoading, setLoading] = useState(path !== null);
  const latest = useRef(0);

  const reload = useCallback(async () => {
    const turn = ++latest.current;
    if (path === null) return undefined;
    setLoading(true);
    try {
      const value = await get<T>(path);
      // An answer that was overtaken by a newer question is of no use.
      if (turn !== latest.current) return undefined;
      setHeld({ path, value, error: null });
      setLoading(false);
      return value;
    } catch (thrown) {
      if (turn !== latest.current) return undefined;
      const error = asApiError(thrown);
      setHeld((old) => ({ path, value: old?.path === path ? old.value : undefined, error }));
      setLoading(false);
      return undefined;
    }
  }, [path]);

  useEffect(() => {
    void reload();
    return () => {
      latest.current++;
    };
  }, [reload]);

  const change = useCallback((to: (value: T) => T) => {
    setHeld((old) => (old?.value === undefined ? old : { ...old, value: to(old.value) }));
  }, []);
  const isCurrent = held !== null && held.path === path;
  return {
    value: isCurrent ? held.value : undefined,
    error: isCurrent ? held.error : null,
    isLoading,
    reload,
    change,
  };
}

export type List<T> = {
  rows: T[] | undefined;
  error: ApiError | null;
  hasMore: boolean;
  isLoading: boolean;
  /** How many rows the last page behind the first brought. */
  added: number;
  reload: () => void;
  more: () => void;
};

type Behind<A, T> = { after: A; rows: T[]; nextCursor: string | null; added: number };

/**
 * A list that is read a page at a time.
 *
 * @param pathOf the path of the page behind a cursor; null is the first. Its text is its identity.
 */
export function useList<T, A extends { nextCursor: string | null }>(
  pathOf: (cursor: string | null) => string,
  rowsOf: (answer: A) => T[],
): List<T> & { answer: A | undefined } {
  const first = useResource<A>(pathOf(null));
  const [behind, setBehind] = useState<Behind<A, T> | null>(null);
  const [more, setMore] = useState<{ isLoading: boolean; error: ApiError | null }>({
    isLoading: false,
    error: null,
  });
  // Pages that were read behind an older first page are not of this list.
  const rest = behind !== null && behind.after === first.value ? behind : null;
  const cursor = rest ? rest.nextCursor : (first.value?.nextCursor ?? null);

  const readMore = async () => {
    if (cursor === null || first.value === undefined || more.isLoading) return;
    const after = first.value;
    setMore({ isLoading: true, error: null });
    try {
      const answer = await get<A>(pathOf(cursor));
      const added = rowsOf(answer);
      const rows = [...(rest?.rows ?? []), ...added];
      setBehind({ after, rows, nextCursor: answer.nextCursor, added: added.length });
      setMore({ isLoading: false, error: null });
    } catch (thrown) {
      setMore({ isLoading: false, error: asApiError(thrown) });
    }
  };

  return {
    /** The first page's, with all that it tells beside its rows. */
    answer: first.value,
    rows: first.value && [...rowsOf(first.value), ...(rest?.rows ?? [])],
    error: first.error ?? more.error,
    hasMore: cursor !== null,
    isLoading: first.isLoading || more.isLoading,
    added: rest?.added ?? 0,
    reload: () => void first.reload(),
    more: () => void readMore(),
  };
}
