/** Which page a path is, and what a change of page means to a person who cannot see it. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { LocationProvider, useLocation } from 'preact-iso/router';

export { LocationProvider, useLocation };

/** Later than this a page's heading takes the focus from nobody. */
const LOADED_WITHIN_MILLISECONDS = 5_000;

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
 * its own state. After a change of page the focus is on its heading, and a page that was not gone back to
 * is read from its top.
 */
export function Pages({ routes, otherwise }: { routes: Routes; otherwise: () => VNode }) {
  // The provider also tells whether the change was a step forward; its types do not.
  const { path, wasPush } = useLocation() as ReturnType<typeof useLocation> & { wasPush?: boolean };
  const last = useRef(path);
  useLayoutEffect(() => {
    if (last.current === path) return;
    last.current = path;
    if (wasPush) scrollTo(0, 0);
    return focusHeading();
  }, [path, wasPush]);
  for (const [pattern, page] of Object.entries(routes)) {
    const params = matchPath(pattern, path);
    if (params) return <Page key={path}>{page(params)}</Page>;
  }
  return <Page key={path}>{otherwise()}</Page>;
}

/**
 * Puts the focus on the page's heading, and again on the one that takes its place once the page is there,
 * unless the person has gone on to something else meanwhile. Until there is one it is at the start of
 * `<main>`, which stays. Gives what ends that.
 */
function focusHeading(): (() => void) | undefined {
  const main = document.querySelector('main');
  if (!main) return undefined;
  const take = () => {
    const heading = main.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    (heading ?? main).focus({ preventScroll: true });
  };
  take();
  const observer = new MutationObserver(() => {
    const { activeElement } = document;
    // The focus falls to the body when what had it is gone.
    if (activeElement === main || activeElement === document.body) take();
    else if (activeElement?.tagName !== 'H1') observer.disconnect();
  });
  observer.observe(main, { childList: true, subtree: true });
  const timer = setTimeout(() => observer.disconnect(), LOADED_WITHIN_MILLISECONDS);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
  };
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
