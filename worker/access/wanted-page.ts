/**
 * The page that was wanted before there was a session: where a person lands once a link lets them in. An
 * address is only ever one of the pages named here, to the letter. The attack this stops: a link of ours
 * that, after "Continue", leads to a page of somebody else's.
 */
import { readCookie } from './cookies.ts';

const WANTED_COOKIE = '__Host-counterfoil-wanted';
const WANTED_MAX_SECONDS = 60 * 60;
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';
/** Pages of the customer's portal, without what is asked of them: no query, no fragment, nothing encoded. */
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const PORTAL_PAGE = new RegExp(
  `^/(?:|orders|documents|help|details|notifications|orders/${ID}(?:/report)?|issues/${ID})$`,
);

/** The path, if it is a page of the portal's; null for all else. Pure. */
export function wantedPage(path: string): string | null {
  return PORTAL_PAGE.test(path) ? path : null;
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
