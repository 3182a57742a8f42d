import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, get } from './api.ts';
import { inlinedPage } from './page.ts';

/** How long a page that a person comes back to is shown as it was, unasked. */
const FRESH_MILLISECONDS = 60_000;

type Entry = { value: unknown; at: number };
const cache = new Map<string, Entry>();

/** What is known of a resource without a request: inlined in the page, or read before. */
function remembered<T>(path: string): { value: T; at: number } | undefined {
  const entry = cache.get(path);
  if (entry) return entry as { value: T; at: number }; // one path, one shape
  const inlined = inlinedPage().resources?.[path];
  if (inlined === undefined) return undefined;
  const first = { value: inlined, at: Date.now() };
  cache.set(path, first);
  return first as { value: T; at: number };
}

/** Says that a resource has changed: who shows it next shows what is known, and asks anew. */
export function expire(path: string): void {
  const entry = remembered(path);
  if (entry) entry.at = 0;
}

/** How each resource that is on the page is asked for again. */
const shown = new Set<() => void>();

/** Asks anew for all that the page shows; what it showed before is asked for when it is shown next. */
export function refresh(): void {
  for (const entry of cache.values()) entry.at = 0;
  for (const reload of shown) reload();
}

export type Resource<T> = {
  value: T | undefined;
  error: ApiError | undefined;
  /** True while a request is under way, also when an older value is there to show. */
  loading: boolean;
  reload: () => void;
};

/**
 * A resource of the API for a component: at once what is remembered, and asked for again when that
 * is older than a minute. `null` asks for nothing. A link allows a number of requests an hour, so
 * nothing is asked for twice or ahead of time.
 */
export function useResource<T>(path: string | null): Resource<T> {
  const [, render] = useState(0);
  const [asked, setAsked] = useState(0);
  const [failed, setFailed] = useState<{ path: string; error: ApiError }>();
  const [pending, setPending] = useState<string>();
  const known = path === null ? undefined : remembered<T>(path);
  // `asked` is how reload() asks again.
  useEffect(() => {
    if (path === null) return;
    const entry = remembered<T>(path);
    if (entry && Date.now() - entry.at < FRESH_MILLISECONDS) return;
    const abort = new AbortController();
    setFailed(undefined);
    setPending(path);
    get<T>(path, abort.signal)
      .then((value) => {
        cache.set(path, { value, at: Date.now() });
        render((count) => count + 1);
      })
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        const failure = error instanceof ApiError ? error : new ApiError('internal');
        // What is shown no more is not shown from memory either.
        if (failure.code === 'not_found') cache.set(path, { value: undefined, at: 0 });
        setFailed({ path, error: failure });
      })
      .finally(() => {
        if (!abort.signal.aborted) setPending(undefined);
      });
    return () => abort.abort();
  }, [path, asked]);

  const reload = useCallback(() => {
    if (path === null) return;
    const entry = cache.get(path);
    if (entry) entry.at = 0;
    setAsked((count) => count + 1);
  }, [path]);

  useEffect(() => {
    if (path === null) return;
    shown.add(reload);
    return () => void shown.delete(reload);
  }, [path, reload]);

  const error = failed && failed.path === path ? failed.error : undefined;
  useRetry(error, reload);
  const loading = pending !== undefined && pending === path;
  return {
    value: known?.value,
    error,
    loading: loading || (!known && !error && path !== null),
    reload,
  };
}

const RETRIES_MAX = 6;

/**
 * Reads again by itself what failed for a while only: once the network is back, or when the refusal said.
 * What stays unavailable is asked for less and less often, and not for ever.
 */
function useRetry(error: ApiError | undefined, retry: () => void): void {
  const tries = useRef(0);
  useEffect(() => {
    if (error === undefined) return;
    if (error.code === 'offline') {
      addEventListener('online', retry);
      return () => removeEventListener('online', retry);
    }
    const { retryAfter } = error;
    if (retryAfter === undefined || tries.current >= RETRIES_MAX) return;
    const timer = setTimeout(retry, retryAfter * 1000 * 2 ** tries.current++);
    return () => clearTimeout(timer);
  }, [error, retry]);
}
