/** What the Worker put into the HTML so that the first paint needs no second request. */

type Page = { locale?: string; resources?: Record<string, unknown> };

let page: Page | undefined;

/** The page's inlined data; empty when there is none. */
export function inlinedPage(): Page {
  page ??= read();
  return page;
}

function read(): Page {
  const element = typeof document === 'undefined' ? null : document.getElementById('page');
  if (!element?.textContent) return {};
  try {
    return JSON.parse(element.textContent) as Page; // written by the same Worker's release
  } catch {
    return {};
  }
}
