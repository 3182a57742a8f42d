/**
 * The page that was wanted before there was a session: where a person lands once a link lets them in. An
 * address is only ever one of the pages named here, to the letter. The attack this stops: a link of ours
 * that, after "Continue", leads to a page of somebody else's.
 */
import { PORTAL_PAGES, SEARCH_MAX_CHARACTERS } from '../vocabulary.ts';
import { readCookie } from './cookies.ts';

const WANTED_COOKIE = '__Host-counterfoil-wanted';
const WANTED_MAX_SECONDS = 60 * 60;
const QUERY_MAX_CHARACTERS = 1500;
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PORTAL_PAGE = new RegExp(
  `^(?:${PORTAL_PAGES.map((page) => page.replaceAll(':id', ID)).join('|')})$`,
);

/** What a page may be asked for, by name, each as the plain text that it is. */
const WORD = /^[a-z_]{1,30}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ASKED: Record<string, RegExp> = {
  status: WORD,
  sort: WORD,
  kind: WORD,
  from: DAY,
  to: DAY,
  lines: /^\d{1,10}(?:,\d{1,10}){0,49}$/,
  document: new RegExp(`^${ID}$`),
  // The numbers of papers: letters of any language, digits and what stands between them.
  q: new RegExp(`^[\\p{L}\\p{N}][\\p{L}\\p{N} ._/#-]{0,${SEARCH_MAX_CHARACTERS - 1}}$`, 'u'),
};

/** What of a query is plain, each name once, written in the one way that there is; '' for nothing. */
function plainQuery(query: string): string {
  const plain = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(query)) {
    if (Object.hasOwn(ASKED, name) && ASKED[name]?.test(value)) {
      plain.set(name, value);
    }
  }
  // A browser keeps cookies of 4096 bytes; letters that are written with signs take three each.
  return plain.size > 0 && plain.toString().length <= QUERY_MAX_CHARACTERS ? `?${plain}` : '';
}

/** The address, if it is a page of the portal's and asks for plain things only; null for all else. Pure. */
export function wantedPage(address: string): string | null {
  const at = address.indexOf('?');
  const path = at === -1 ? address : address.slice(0, at);
  const query = at === -1 ? '' : address.slice(at);
  return PORTAL_PAGE.test(path) && plainQuery(query) === query ? address : null;
}

/** A page of the portal's with what of its query is plain; null for what is no page of it. Pure. */
export function plainPage({ pathname, search }: URL): string | null {
  return PORTAL_PAGE.test(pathname) ? pathname + plainQuery(search) : null;
}

/** The page that this browser asked for when it had no session, or null. */
export function readWantedPage(headers: Headers): string | null {
  return wantedPage(readCookie(headers, WANTED_COOKIE) ?? '');
}

/** The `Set-Cookie` value that keeps a page for an hour: long enough for a letter to come. */
export function wantedPageCookie(page: string): string {
  return `${WANTED_COOKIE}=${page}; ${ATTRIBUTES}; Max-Age=${WANTED_MAX_SECONDS}`;
}

/** The `Set-Cookie` value that forgets the page, once a person is there. */
export function reachedPageCookie(): string {
  return `${WANTED_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;
}
