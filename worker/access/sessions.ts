/**
 * The two cookies of a customer. The session's secret is `__Host-` (this host only, HTTPS only, no
 * script can read it) and Lax, so that a link in a mail may land but a foreign form cannot post.
 * The second one holds a link's id and its org's code, never a secret: after the session has ended
 * the signed-out page can say whose link it was.
 */
import { readCookie } from './cookies.ts';

const SESSION_COOKIE = '__Host-counterfoil';
const LINK_COOKIE = '__Host-counterfoil-link';
const SECRET_SHAPE = /^[0-9A-Za-z]{43}$/;
const LINK_SHAPE =
  /^([0-9A-Za-z]{6})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const SESSION_MAX_SECONDS = 12 * 60 * 60;
const LINK_MAX_SECONDS = 365 * 24 * 60 * 60;
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** The session's secret, or null when there is none or it is not of the right shape. */
export function readSession(headers: Headers): string | null {
  const value = readCookie(headers, SESSION_COOKIE);
  return value !== null && SECRET_SHAPE.test(value) ? value : null;
}

/** Whose link was opened here last, or null. */
export function readRememberedLink(headers: Headers): { orgCode: string; linkId: string } | null {
  const [, orgCode, linkId] = LINK_SHAPE.exec(readCookie(headers, LINK_COOKIE) ?? '') ?? [];
  return orgCode !== undefined && linkId !== undefined ? { orgCode, linkId } : null;
}

/** The `Set-Cookie` values of a new session. */
export function sessionCookies(secret: string, orgCode: string, linkId: string): string[] {
  return [
    `${SESSION_COOKIE}=${secret}; ${ATTRIBUTES}; Max-Age=${SESSION_MAX_SECONDS}`,
    `${LINK_COOKIE}=${orgCode}.${linkId}; ${ATTRIBUTES}; Max-Age=${LINK_MAX_SECONDS}`,
  ];
}

/** The `Set-Cookie` value that forgets the session, and keeps whose link it was. */
export function endedSessionCookie(): string {
  return `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`;
}
