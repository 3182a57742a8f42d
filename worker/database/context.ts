/**
 * The only way to the database. A request's statements travel as one batch: one HTTP request, one
 * transaction. Statement 1 opens the context that row-level security reads; a query that comes
 * without one sees no rows. Domain functions are given a `Db` to build queries with: they cannot
 * run one, since the handle behind it never leaves this file.
 */
import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { type SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { instant } from '../domain/text.ts';
import type { AppError } from '../errors.ts';
import type { AuditAction, Locale, MailTopic } from '../vocabulary.ts';
import { databaseError } from './error.ts';
import * as schema from './schema.ts';

export const CUSTOMER_TIMEOUT_MS = 3_000;
/** Staff's requests and jobs: Neon's own limit. */
export const STAFF_TIMEOUT_MS = 15_000;

/** What domain functions build their queries with. */
export type Db = NeonHttpDatabase<typeof schema>;
export type Query = BatchItem<'pg'>;
/** The results of some queries, in their order. */
export type Results<T extends readonly Query[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/** One audience's connection, closed to all but this file. */
export type Database = { readonly audience: 'customer' | 'staff' | 'system' };
const handles = new WeakMap<Database, Db>();

/**
 * Opens an audience's connection. Nothing is sent yet.
 *
 * @param endpoint where the `/sql` protocol is spoken, when it is not Neon's own host
 */
export function openDatabase(
  audience: Database['audience'],
  connectionString: string,
  timeoutMs: number,
  endpoint?: string,
): Database {
  if (endpoint !== undefined) {
    neonConfig.fetchEndpoint = endpoint;
  }
  // READ COMMITTED: statement 1 updates a counter, and under a snapshot two requests of one link
  // would fail each other. The signal is made afresh for each request.
  const client = neon(connectionString, {
    isolationLevel: 'ReadCommitted',
    fetchOptions: {
      get signal() {
        return AbortSignal.timeout(timeoutMs);
      },
    },
  });
  const database: Database = { audience };
  handles.set(database, drizzle({ client, schema }));
  return database;
}

function handleOf(database: Database, audience: Database['audience']): Db {
  const handle = handles.get(database);
  if (handle === undefined || database.audience !== audience) {
    throw new Error(`not a connection of the ${audience} role`);
  }
  return handle;
}

async function runBatch<T extends readonly Query[]>(db: Db, queries: T): Promise<Results<T>> {
  try {
    // db.batch wants a non-empty tuple; every caller below puts its own statement first.
    const results = await db.batch(queries as unknown as [Query, ...Query[]]);
    return results as unknown as Results<T>;
  } catch (error) {
    throw databaseError(error);
  }
}

/** The one row that a function gives. */
function onlyRow<T>(result: { rows: Record<string, unknown>[] }): T {
  // The shape is the function's own `returns table`, in the migrations.
  return result.rows[0] as T;
}

/** A link's hour: how many requests it may make, has left, and when it starts again. */
export type RateLimit = { limit: number; remaining: number; resetSeconds: number };
type EnterRow = {
  status: 'ok' | 'link_invalid' | 'session_expired' | 'rate_limited' | 'forbidden';
  hourly_limit: number;
  remaining: number;
  reset_seconds: number;
};
const rateLimitOf = (row: EnterRow): RateLimit => ({
  limit: row.hourly_limit,
  remaining: row.remaining,
  resetSeconds: row.reset_seconds,
});

/**
 * The taking that a request may belong to: of which document, in which way, and which copy it names,
 * if any.
 */
export type EarlierTaking = { documentId: string; takenAs: string; copy: string | null };

/** What a customer presents: the SHA-256 of a session's secret or of a token, as bytea text. */
export type CustomerVisit = {
  credential: string;
  /** The audit action, or null when a later statement of the batch writes its own. */
  action: AuditAction | null;
  /** Where the session has it, this request is not counted again. */
  continues?: EarlierTaking | undefined;
  /** The request's method is none that only reads: a preview is refused it. */
  changes: boolean;
  requestId: string;
};

export type CustomerAnswer<T extends readonly Query[]> =
  | { status: 'ok'; rateLimit: RateLimit; results: Results<T> }
  | { status: Exclude<EnterRow['status'], 'ok'>; rateLimit: RateLimit };

/**
 * Runs a customer's queries behind `portal.enter`, in one round trip. When the batch fails, its
 * count and its audit event are gone with it, so one further statement writes both.
 *
 * @throws AppError `unavailable` or `internal`, after the refusal was recorded
 */
export async function enterAsCustomer<T extends readonly Query[]>(
  database: Database,
  visit: CustomerVisit,
  queries: (db: Db) => readonly [...T],
): Promise<CustomerAnswer<T>> {
  const db = handleOf(database, 'customer');
  const { documentId = null, takenAs = null, copy = null } = visit.continues ?? {};
  const enter = db.execute(
    sql`select * from portal.enter(${visit.credential}::bytea, ${visit.action}, ${visit.requestId},
                                   ${documentId}::uuid, ${takenAs}, ${copy}, ${visit.changes}::boolean)`,
  );
  let results: Results<[typeof enter, ...T]>;
  try {
    results = await runBatch(db, [enter, ...queries(db)] as const);
  } catch (error) {
    const refusal = databaseError(error);
    if (refusal.code !== 'unavailable') {
      const { credential, action, requestId } = visit;
      await runBatch(db, [
        db.execute(
          sql`select portal.refuse(${credential}::bytea, ${action}, ${refusal.code}, ${requestId})`,
        ),
        ...(refusal.code === 'statement_broken'
          ? [noteBrokenStatement(db, visit, detailOf(refusal))]
          : []),
      ]);
    }
    throw refusal;
  }
  const [entered, ...rest] = results;
  const row = onlyRow<EnterRow>(entered);
  if (row.status !== 'ok') {
    return { status: row.status, rateLimit: rateLimitOf(row) };
  }
  // `rest` is exactly the results of `queries`: a variadic tuple that TypeScript cannot re-spread.
  return { status: 'ok', rateLimit: rateLimitOf(row), results: rest as unknown as Results<T> };
}

/** Which statement does not tie out, as the function that found it says: its days and its currency. */
function detailOf({ cause }: AppError): string {
  return cause instanceof NeonDbError ? (cause.detail ?? '') : '';
}

/** Tells staff that a customer's statement does not tie out. */
function noteBrokenStatement(
  db: Db,
  { credential, requestId }: Pick<CustomerVisit, 'credential' | 'requestId'>,
  detail: string,
) {
  return db.execute(
    sql`select portal.note_broken_statement(${credential}::bytea, ${detail}, ${requestId})::text`,
  );
}

/**
 * Runs further queries of a request that {@link enterAsCustomer} let in and counted, for what could not
 * be one batch: bytes had to be put somewhere in between. Null when the credential has ended since.
 *
 * @throws AppError of the batch's failure
 */
export async function resumeAsCustomer<T extends readonly Query[]>(
  database: Database,
  { credential, requestId }: Pick<CustomerVisit, 'credential' | 'requestId'>,
  queries: (db: Db) => readonly [...T],
): Promise<Results<T> | null> {
  const db = handleOf(database, 'customer');
  const resume = db.execute(
    sql`select portal.resume(${credential}::bytea, ${requestId}) as is_open`,
  );
  const [resumed, ...rest] = await runBatch(db, [resume, ...queries(db)] as const);
  // `rest` is exactly the results of `queries`: a variadic tuple that TypeScript cannot re-spread.
  return onlyRow<{ is_open: boolean }>(resumed).is_open ? (rest as unknown as Results<T>) : null;
}

/** Whose changes a session follows, through which link, and for how many seconds at most. */
export type Followed = { customerId: string; linkId: string; secondsLeft: number };

/**
 * Begins to follow a customer's changes, in one round trip. Within a session, whoever connects again is
 * not counted again.
 *
 * @throws AppError `unavailable`, `internal`
 */
export async function enterAsFollower(
  database: Database,
  { credential, requestId }: Pick<CustomerVisit, 'credential' | 'requestId'>,
): Promise<
  | { status: 'ok'; rateLimit: RateLimit; followed: Followed }
  | { status: Exclude<EnterRow['status'], 'ok'>; rateLimit: RateLimit }
> {
  const db = handleOf(database, 'customer');
  const [result] = await runBatch(db, [
    db.execute(sql`select * from portal.follow(${credential}::bytea, ${requestId})`),
  ] as const);
  const row = onlyRow<EnterRow & { customer_id: string; link_id: string; seconds_left: number }>(
    result,
  );
  const { status, customer_id: customerId, link_id: linkId, seconds_left: secondsLeft } = row;
  const rateLimit = rateLimitOf(row);
  return status === 'ok'
    ? { status, rateLimit, followed: { customerId, linkId, secondsLeft } }
    : { status, rateLimit };
}

/** Tells staff, and the audit trail, that a customer's document has no bytes. */
export async function noteMissing(
  database: Database,
  visit: Pick<CustomerVisit, 'credential' | 'requestId'>,
  documentId: string,
): Promise<void> {
  const { credential, requestId } = visit;
  const db = handleOf(database, 'customer');
  await runBatch(db, [
    db.execute(
      sql`select portal.note_missing(${credential}::bytea, ${documentId}::uuid, ${requestId})::text`,
    ),
  ]);
}

/**
 * The doors that stand open before there is a session. They run one definer function each and
 * read no table; what they may see is written in those functions.
 */
export type Doors = {
  /** Exchanges a token's hash for a session. Any link that may not be used is `link_invalid`. */
  openLink(
    tokenHash: string,
    sessionHash: string,
  ): Promise<
    | { status: 'ok'; linkId: string; rateLimit: RateLimit }
    | { status: 'link_invalid' | 'rate_limited'; rateLimit: RateLimit }
  >;
  endSession(sessionHash: string): Promise<void>;
  /** Begins a session's idle time anew; says how many seconds it has at most. A preview's is `forbidden`. */
  renewSession(
    sessionHash: string,
  ): Promise<
    | { status: 'ok'; secondsLeft: number }
    | { status: 'session_expired' | 'link_invalid' | 'forbidden' }
  >;
  /** Whose link it was, or null for an id that never was one. */
  describeLink(linkId: string): Promise<LinkDescription | null>;
  /** Queues letters to whom it fits, and says nothing of whom. */
  requestLink(wanted: { orgCode: string; who: string; linkId: string | null }): Promise<void>;
  /** What an unsubscribe link is of, or null for a key that there is not. */
  describeUnsubscribe(keyHash: string): Promise<Subscription | null>;
  /** Ends mail of the key's topic to its person; null for a key that there is not. */
  unsubscribe(keyHash: string): Promise<Subscription | null>;
};
/** Mail of one topic from one supplier. */
export type Subscription = { topic: MailTopic; orgCode: string; orgName: string };
export type LinkDescription = {
  contactName: string | null;
  customerName: string;
  last4: string;
  expiresAt: string;
  active: boolean;
  /** It was a member's, to look as this contact. */
  isPreview: boolean;
  /** What they read pages in, where they said so. */
  chosenLanguage: Locale | null;
};

/** The doors, for one request. @throws AppError `unavailable` or `internal` */
export function openDoors(database: Database, requestId: string): Doors {
  const db = handleOf(database, 'customer');
  const call = async (query: SQL) => {
    const [result] = await runBatch(db, [db.execute(query)] as const);
    return result;
  };
  return {
    async openLink(tokenHash, sessionHash) {
      const row = onlyRow<EnterRow & { link_id: string }>(
        await call(
          sql`select * from portal.open_link(${tokenHash}::bytea, ${sessionHash}::bytea, ${requestId})`,
        ),
      );
      const rateLimit = rateLimitOf(row);
      if (row.status === 'ok') {
        return { status: 'ok', linkId: row.link_id, rateLimit };
      }
      return { status: row.status === 'rate_limited' ? 'rate_limited' : 'link_invalid', rateLimit };
    },
    async endSession(sessionHash) {
      await call(sql`select portal.end_session(${sessionHash}::bytea, ${requestId})`);
    },
    async renewSession(sessionHash) {
      const row = onlyRow<{
        status: 'ok' | 'session_expired' | 'link_invalid' | 'forbidden';
        seconds_left: number;
      }>(await call(sql`select * from portal.stay(${sessionHash}::bytea, ${requestId})`));
      return row.status === 'ok'
        ? { status: 'ok', secondsLeft: row.seconds_left }
        : { status: row.status };
    },
    async describeLink(linkId) {
      const { rows } = await call(sql`
        select contact_name as "contactName", customer_name as "customerName", last4,
               ${instant(sql`expires_at`)} as "expiresAt", active,
               is_preview as "isPreview", chosen_language as "chosenLanguage"
          from portal.describe_link(${linkId}::uuid)`);
      return (rows[0] as LinkDescription | undefined) ?? null;
    },
    async requestLink({ orgCode, who, linkId }) {
      await call(
        sql`select portal.request_link(${orgCode}, ${who}, ${linkId}::uuid, ${requestId})`,
      );
    },
    async describeUnsubscribe(keyHash) {
      const { rows } = await call(sql`
        select topic, org_code as "orgCode", org_name as "orgName"
          from portal.describe_unsubscribe(${keyHash}::bytea)`);
      return (rows[0] as Subscription | undefined) ?? null;
    },
    async unsubscribe(keyHash) {
      const { rows } = await call(sql`
        select topic, org_code as "orgCode", org_name as "orgName"
          from portal.unsubscribe(${keyHash}::bytea, ${requestId})`);
      return (rows[0] as Subscription | undefined) ?? null;
    },
  };
}

/** Who a verified Access token names: a person or a machine, and for which org they come. */
export type StaffVisit = {
  email: string | null;
  serviceName: string | null;
  orgSlug: string;
  requestId: string;
};
/** The member that the database let in. */
export type Member = {
  id: string;
  orgId: string;
  orgCode: string;
  role: 'clerk' | 'approver' | 'owner';
  isService: boolean;
};

/**
 * Runs a member's queries behind `staff.enter`, in one round trip; null when the org does not know
 * them. A batch that was denied saw no rows and changed none: its context was never opened.
 *
 * @throws AppError of the batch's failure
 */
export async function enterAsStaff<T extends readonly Query[]>(
  database: Database,
  visit: StaffVisit,
  queries: (db: Db) => readonly [...T],
): Promise<{ member: Member; results: Results<T> } | null> {
  const db = handleOf(database, 'staff');
  const enter = db.execute(
    sql`select * from staff.enter(${visit.email}, ${visit.serviceName}, ${visit.orgSlug}, ${visit.requestId})`,
  );
  const [entered, ...rest] = await runBatch(db, [enter, ...queries(db)] as const);
  const row = onlyRow<{
    status: 'ok' | 'denied';
    member_id: string;
    org_id: string;
    org_code: string;
    role: Member['role'];
    is_service: boolean;
  }>(entered);
  if (row.status !== 'ok') {
    return null;
  }
  const member = {
    id: row.member_id,
    orgId: row.org_id,
    orgCode: row.org_code,
    role: row.role,
    isService: row.is_service,
  };
  return { member, results: rest as unknown as Results<T> };
}

export type Membership = { slug: string; name: string; role: Member['role'] };

/** The orgs that a person works for. @throws AppError `unavailable` or `internal` */
export async function membershipsOf(database: Database, email: string): Promise<Membership[]> {
  const db = handleOf(database, 'staff');
  const [result] = await runBatch(db, [
    db.execute(sql`select slug, name, role from staff.memberships(${email})`),
  ] as const);
  return result.rows as Membership[];
}

/** Runs a job's queries, for every org, in one round trip. @throws AppError of the batch's failure */
export async function asSystem<T extends readonly Query[]>(
  database: Database,
  queries: (db: Db) => readonly [...T],
): Promise<Results<T>> {
  const db = handleOf(database, 'system');
  return runBatch(db, queries(db)) as Promise<Results<T>>;
}
