import { DOCUMENT_KINDS, type DocumentKind } from '../../worker/vocabulary.ts';
import type { ApiError } from '../lib/api.ts';
import { useResource } from '../lib/resource.ts';
import { type Days, daysOf, isBackwards, searchOf, withQuery } from './filters/days.ts';
import { type PagedList, usePages } from './paged-list.ts';
import type { DocumentList, DocumentRow } from './types.ts';

/**
 * Which documents: of a kind, of a number that holds `q` (their own, their order's, the customer's own), and
 * dated from one day to another (YYYY-MM-DD), both included.
 */
export type DocumentFilter = Days & {
  kind?: DocumentKind | undefined;
  q?: string | undefined;
};

/** The filter that an address asks for; what is none is left out. Pure. */
export function filterOf(query: Record<string, string | undefined>): DocumentFilter {
  return {
    kind: DOCUMENT_KINDS.find((kind) => kind === query.kind),
    q: searchOf(query),
    ...daysOf(query),
  };
}

/** A path with a filter as its query, in one order, so that one list has one name. Pure. */
export function filtered(path: string, { kind, q, from, to }: DocumentFilter): string {
  return withQuery(path, { kind, q, from, to });
}

export type DocumentsFound = PagedList<DocumentRow> & {
  error: ApiError | undefined;
  reload: () => void;
};

const pageOf = ({ documents, nextCursor }: DocumentList) => ({ rows: documents, nextCursor });

/** The documents of a filter, newest first. For days that stand the wrong way round nothing is asked. */
export function useDocuments(filter: DocumentFilter): DocumentsFound {
  const path = filtered('documents', filter);
  const { value, error, reload } = useResource<DocumentList>(isBackwards(filter) ? null : path);
  return { ...usePages(path, value, pageOf), error, reload };
}
