import { useEffect, useState } from 'preact/hooks';
import type { ExportPreview } from '../../worker/exports/preview.ts';
import { ApiError, get } from '../lib/api.ts';

/**
 * What an export comes to; the answer to another query is never given for it.
 *
 * @param query what is asked for; null asks for nothing
 * @param turn another number asks the same again
 */
export function usePreview(api: (path: string) => string, query: string | null, turn: number) {
  const [held, setHeld] = useState<{ query: string; preview: ExportPreview }>();
  const [failed, setFailed] = useState<{ query: string; error: ApiError }>();
  useEffect(() => {
    setFailed(undefined);
    if (query === null) return;
    const abort = new AbortController();
    get<ExportPreview>(api(`exports/preview?${query}`), abort.signal)
      .then((preview) => setHeld({ query, preview }))
      .catch((thrown: unknown) => {
        if (abort.signal.aborted) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError('internal');
        setFailed({ query, error });
      });
    return () => abort.abort();
  }, [query, turn]);
  return {
    preview: held?.query === query ? held.preview : undefined,
    error: failed?.query === query ? failed.error : undefined,
  };
}
