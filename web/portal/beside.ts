/**
 * A document looked at beside the page it is listed on, where there is room for both. The address
 * says which: `?document=ID`, so a reload shows the same and the back button closes it.
 */
import { apiUrl } from '../lib/api.ts';
import { t } from '../lib/i18n.ts';
import { useRoomForPdf } from '../lib/media.ts';
import { useLocation } from '../lib/router.tsx';
import type { LinkTarget } from '../ui/link-target.ts';
import type { DocumentRow } from './types.ts';

const PARAMETER = 'document';

/** Where the viewer was last opened from: the entry before it in the history. */
let openedFrom: string | undefined;

/** The address of a document's bytes below the API. */
export function documentPath(id: string): string {
  return `documents/${encodeURIComponent(id)}`;
}

/** Where the browser itself shows the document: each GET is a view. */
export function inlinePath(id: string): string {
  return `${documentPath(id)}?disposition=inline`;
}

/** What a document is called: its kind and its number. */
export function nameOf({ kind, number }: Pick<DocumentRow, 'kind' | 'number'>): string {
  return t('document.named', { kind: t(`documentKind.${kind}`), number });
}

/** The document beside the current page: which one, and how another takes its place or none. */
export function useBeside() {
  const { url, query, route } = useLocation();
  const id = query[PARAMETER] || undefined;
  return {
    id,
    /** One step back closes whatever was shown in turn. */
    show: (next: string) => route(withDocument(url, next), id !== undefined),
    close: () => {
      const without = withDocument(url, undefined);
      if (openedFrom === without) history.back();
      else route(without, true);
      openedFrom = undefined;
    },
  };
}

/**
 * How a document's link behaves: beside its order (or the list, if it has none) where there is
 * room, in a new tab otherwise, and in a new tab whenever a key or the middle button asks for one.
 */
export function useViewLinks(): (
  document: Pick<DocumentRow, 'id' | 'kind' | 'number' | 'orderId'>,
) => LinkTarget {
  const { url, path, query, route } = useLocation();
  const hasRoom = useRoomForPdf();
  const shown = query[PARAMETER];
  return (document) => {
    const { id, orderId } = document;
    const words = t('document.viewNamed', { name: nameOf(document) });
    const link = { id: viewLinkId(id), href: apiUrl(inlinePath(id)), rel: 'noopener' };
    if (!hasRoom) {
      return { ...link, target: '_blank', 'aria-label': `${words}, ${t('ui.newTab')}` };
    }
    // The first screen is an overview: what is opened there is shown where it belongs.
    const page = path !== '/' ? url : orderId ? `/orders/${orderId}` : '/documents';
    return {
      ...link,
      'aria-label': words,
      ...(shown === id && { 'aria-current': 'true' }),
      onClick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        if (shown === undefined) openedFrom = url;
        if (shown !== id) route(withDocument(page, id), shown !== undefined);
      },
    };
  };
}

/** Gives the focus back to the link that shows a document, if it is on the page. */
export function focusViewLink(id: string): void {
  document.getElementById(viewLinkId(id))?.focus();
}

const viewLinkId = (id: string) => `view-${id}`;

/** An address of ours with another document beside its page, or with none. Pure. */
export function withDocument(url: string, id: string | undefined): string {
  const [path = '', search] = url.split('?');
  const params = new URLSearchParams(search);
  if (id === undefined) params.delete(PARAMETER);
  else params.set(PARAMETER, id);
  return params.size > 0 ? `${path}?${params}` : path;
}
