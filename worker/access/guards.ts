/**
 * Between a request and the database: who asks, and with what right. Routes call these instead of
 * `database/context`; each reads the credential from the request, runs the batch, and turns a
 * refusal into the error its audience is promised.
 */
import type { Context } from 'hono';
import {
  asSystem,
  type Db,
  type Doors,
  type EarlierTaking,
  enterAsCustomer,
  enterAsFollower,
  enterAsStaff,
  type Followed,
  type Member,
  membershipsOf,
  noteMissing,
  openDoors,
  type Query,
  type RateLimit,
  type Refused,
  type Results,
  resumeAsCustomer,
} from '../database/context.ts';
import { AppError } from '../errors.ts';
import type { Kick, Ports } from '../ports.ts';
import type { AuditAction } from '../vocabulary.ts';
import { readAccessToken, type StaffIdentity, verifyAccess } from './cloudflare-access.ts';
import { readSession } from './sessions.ts';
import { hashSecret, readToken } from './tokens.ts';

/** What every route can reach: the ports, and the request's own id. */
export type AppEnv = {
  Bindings: { ports: Ports; kick: Kick };
  Variables: {
    requestId: string;
    /** How much of its hour the link has left, once it was counted. */
    rateLimit?: RateLimit;
  };
};

/** Where a client is counted: only the edge's own header, never a forwarded one. */
export function clientAddress(c: Context<AppEnv>): string {
  return c.req.header('CF-Connecting-IP') ?? 'unknown';
}

/** @throws AppError `rate_limited` for an address that tries too many tokens. */
export async function shieldLinks(c: Context<AppEnv>): Promise<void> {
  const { success } = await c.env.ports.shields.links.limit({ key: clientAddress(c) });
  if (!success) {
    throw new AppError('rate_limited', 'too many attempts', { retryAfterSeconds: 60 });
  }
}

/** Tells a link's hour, as draft-ietf-httpapi-ratelimit-headers has it; nothing where none was counted. */
export function tellRateLimit(headers: Headers, limit: RateLimit | undefined): void {
  if (limit !== undefined && limit.limit > 0) {
    headers.set('RateLimit-Policy', `"link";q=${limit.limit};w=3600`);
    headers.set('RateLimit', `"link";r=${limit.remaining};t=${limit.resetSeconds}`);
  }
}

/**
 * The hash of what the customer presents: the token in the path, or with `me`, and on pages, the
 * session's cookie.
 */
async function customerCredential(c: Context<AppEnv>): Promise<string> {
  const inPath = c.req.param('token');
  if (inPath === undefined || inPath === 'me') {
    const secret = readSession(c.req.raw.headers);
    if (secret === null) {
      throw new AppError('session_expired', 'no session');
    }
    return hashSecret(secret);
  }
  if (readToken(inPath) === null) {
    throw new AppError('link_invalid', 'not a token');
  }
  await shieldLinks(c);
  return hashSecret(inPath);
}

/** They change nothing (RFC 9110 §9.2.1): those that are routed. */
export const READING_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/**
 * Answers a customer in one round trip: checks, counts and audits the request, and runs the
 * queries under the customer's own context.
 *
 * @param action the audit action, or null when one of the queries writes its own
 * @param continues the earlier taking that this request may belong to
 * @throws AppError `link_invalid`, `session_expired`, `rate_limited`, `unavailable`, `internal`;
 *   `preview_only` where a preview would change something
 */
export async function asCustomer<T extends readonly Query[]>(
  c: Context<AppEnv>,
  action: AuditAction | null,
  queries: (db: Db) => readonly [...T],
  continues?: EarlierTaking,
): Promise<Results<T>> {
  const credential = await customerCredential(c);
  const changes = !READING_METHODS.has(c.req.method);
  const visit = { credential, action, continues, changes, requestId: c.var.requestId };
  const answer = await enterAsCustomer(c.env.ports.database.customer, visit, queries);
  c.set('rateLimit', answer.rateLimit);
  if (answer.status === 'ok') {
    return answer.results;
  }
  throw refused(answer.status, answer.rateLimit);
}

function refused(status: Refused, { resetSeconds }: RateLimit): AppError {
  return new AppError(
    status === 'forbidden' ? 'preview_only' : status,
    `refused: ${status}`,
    status === 'rate_limited' ? { retryAfterSeconds: resetSeconds } : {},
  );
}

/**
 * Lets a session follow its customer's changes: checked, counted and audited the first time, as any
 * request; when its connection broke it is let in again uncounted, but not without end.
 *
 * @throws AppError `session_expired`, `link_invalid`, `rate_limited`, `unavailable`, `internal`
 */
export async function asFollower(c: Context<AppEnv>): Promise<Followed> {
  const visit = { credential: await customerCredential(c), requestId: c.var.requestId };
  const answer = await enterAsFollower(c.env.ports.database.customer, visit);
  c.set('rateLimit', answer.rateLimit);
  if (answer.status === 'ok') {
    return answer.followed;
  }
  throw refused(answer.status, answer.rateLimit);
}

/**
 * Runs further queries of a request that {@link asCustomer} has checked and counted, where bytes had to
 * be put somewhere in between: the one kind of request with a second round trip to go on with.
 *
 * @throws AppError `session_expired` when it ended meanwhile; `unavailable`, `internal`
 */
export async function asCustomerStill<T extends readonly Query[]>(
  c: Context<AppEnv>,
  queries: (db: Db) => readonly [...T],
): Promise<Results<T>> {
  const visit = { credential: await customerCredential(c), requestId: c.var.requestId };
  const results = await resumeAsCustomer(c.env.ports.database.customer, visit, queries);
  if (results === null) {
    throw new AppError('session_expired', 'ended while the body was read');
  }
  return results;
}

/**
 * What a customer is told when the bytes of a document are not there, once staff and the audit
 * trail know: a second round trip, and only then.
 *
 * @param number the document's, for an answer about several
 */
export async function documentUnavailable(
  c: Context<AppEnv>,
  documentId: string,
  number?: string,
): Promise<AppError> {
  const credential = await customerCredential(c);
  const visit = { credential, requestId: c.var.requestId };
  await noteMissing(c.env.ports.database.customer, visit, documentId);
  return new AppError(
    'document_unavailable',
    'the bucket does not hold the file',
    number === undefined ? {} : { fields: { document: number } },
  );
}

/**
 * Runs what a machine told us, once its signature was checked: for every org, in one round trip.
 *
 * @throws AppError `unavailable`, `internal`
 */
export function asMachine<T extends readonly Query[]>(
  c: Context<AppEnv>,
  queries: (db: Db) => readonly [...T],
): Promise<Results<T>> {
  return asSystem(c.env.ports.database.system, queries);
}

/** The doors that need no session: exchange, sign-out, whose link it was, a new link. */
export function asVisitor(c: Context<AppEnv>): Doors {
  return openDoors(c.env.ports.database.customer, c.var.requestId);
}

/**
 * The person or machine that Access vouches for.
 *
 * @throws AppError `access_required`, `access_denied`, `access_unavailable`
 */
export function staffIdentity(c: Context<AppEnv>): Promise<StaffIdentity> {
  return verifyAccess(c.env.ports.access, readAccessToken(c.req.raw.headers));
}

/** Who asks, and the orgs they work for. A machine works for the org in its path only. */
export async function memberships(c: Context<AppEnv>) {
  const { email } = await staffIdentity(c);
  const orgs = email === null ? [] : await membershipsOf(c.env.ports.database.staff, email);
  return { email, orgs };
}

/**
 * Answers staff of the org in the path, in one round trip.
 *
 * @throws AppError of {@link staffIdentity}; `not_found` for an org that is not theirs, whether it
 *   exists or not; or what the batch failed with
 */
export async function asStaff<T extends readonly Query[]>(
  c: Context<AppEnv>,
  queries: (db: Db) => readonly [...T],
): Promise<Results<T>> {
  const { results } = await asMember(c, queries);
  return results;
}

/** What a machine may reach: it stages imports and files and reads how they fare. No links, no decisions. */
const SERVICE_PATHS =
  /^\/api\/admin\/[^/]+\/(me|imports|imports\/[^/]+(\/(staging|problems\.csv))?|publishes|publishes\/[^/]+\/(files|files\/[^/]+|matching|review))$/;

/** As {@link asStaff}, and says which member it is. */
export async function asMember<T extends readonly Query[]>(
  c: Context<AppEnv>,
  queries: (db: Db) => readonly [...T],
): Promise<{ member: Member; results: Results<T> }> {
  const identity = await staffIdentity(c);
  if (identity.serviceName !== null && !SERVICE_PATHS.test(c.req.path)) {
    throw new AppError('forbidden', 'a service token may stage, and nothing else');
  }
  const orgSlug = c.req.param('org') ?? '';
  const visit = { ...identity, orgSlug, requestId: c.var.requestId };
  const answer = await enterAsStaff(c.env.ports.database.staff, visit, queries);
  if (answer === null) {
    throw new AppError('not_found', 'not a member of this org');
  }
  return answer;
}
