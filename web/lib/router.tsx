/** Which page a path is, and what a change of page means to a person who cannot see it. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { LocationProvider, useLocation } from 'preact-iso/router';

export { LocationProvider, useLocation };

type Params = Record<string, string>;
export type Routes = Record<string, (params: Params) => VNode>;

/** The values of a pattern's `:names` in a path, or undefined when the path is another. Pure. */
export function matchPath(pattern: string, path: string): Params | undefined {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return undefined;
  const params: Params = {};
  for (const [at, segment] of wanted.entries()) {
    const value = given[at] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== value) return undefined;
      continue;
    }
    try {
      params[segment.slice(1)] = decodeURIComponent(value);
    } catch {
      return undefined; // a broken escape is no page of ours
    }
  }
  return params;
}

/**
 * Draws the page of the current path, the first pattern that fits, else `otherwise`. Each page has
 * its own state. After a change of page the focus is at the start of `<main>`, which stays while
 * the page loads, and a page that was not gone back to is read from its top.
 */
export function Pages({ routes, otherwise }: { routes: Routes; otherwise: () => VNode }) {
  // The provider also tells whether the change was a step forward; its types do not.
  const { path, wasPush } = useLocation() as ReturnType<typeof useLocation> & { wasPush?: boolean };
  const last = useRef(path);
  useLayoutEffect(() => {
    if (last.current === path) return;
    last.current = path;
    document.querySelector('main')?.focus({ preventScroll: true });
    if (wasPush) scrollTo(0, 0);
  }, [path, wasPush]);
  for (const [pattern, page] of Object.entries(routes)) {
    const params = matchPath(pattern, path);
    if (params) return <Page key={path}>{page(params)}</Page>;
  }
  return <Page key={path}>{otherwise()}</Page>;
}

function Page({ children }: { children: ComponentChildren }) {
  return <>{children}</>;
}

/** The document's title: the page, then whose portal it is. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = parts.filter(Boolean).join(' · ');
  useEffect(() => {
    if (title) document.title = title;
  }, [title]);
}
