import { DOCUMENT_KINDS, type DocumentKind } from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import { type PagedList, usePages } from './paged-list.ts';
import type { DocumentList, DocumentRow } from './types.ts';

/**
 * Which documents: of a kind, of a number that holds `q` (their own, their order's, the customer's own), and
 * dated from one day to another (YYYY-MM-DD), both included.
 */
export type DocumentFilter = {
  kind?: DocumentKind | undefined;
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The filter that an address asks for; what is none is left out. Pure. */
export function filterOf(query: Record<string, string | undefined>): DocumentFilter {
  const dayOf = (day: string | undefined) => (day && DAY.test(day) ? day : undefined);
  return {
    kind: DOCUMENT_KINDS.find((kind) => kind === query.kind),
    q: query.q?.trim() || undefined,
    from: dayOf(query.from),
    to: dayOf(query.to),
  };
}

/** A path with a filter as its query, in one order, so that one list has one name. Pure. */
export function filtered(path: string, { kind, q, from, to }: DocumentFilter): string {
  const params = new URLSearchParams({
    ...(kind && { kind }),
    ...(q && { q }),
    ...(from && { from }),
    ...(to && { to }),
  });
  return params.size > 0 ? `${path}?${params}` : path;
}

export type DocumentsFound = PagedList<DocumentRow> & {
  error: ApiError | undefined;
  reload: () => void;
};

const pageOf = ({ documents, nextCursor }: DocumentList) => ({ rows: documents, nextCursor });

/** The documents of a filter, newest first. */
export function useDocuments(filter: DocumentFilter): DocumentsFound {
  const path = filtered('documents', filter);
  const { value, error, reload } = useResource<DocumentList>(path);
  return { ...usePages(path, value, pageOf), error, reload };
}
