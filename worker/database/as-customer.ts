/** What a customer asks: one batch behind `portal.enter`, which checks, counts and audits the request. */
import { NeonDbError } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import type { AppError } from '../errors.ts';
import type { AuditAction } from '../vocabulary.ts';
import { handleOf, onlyRow, runBatch } from './connection.ts';
import type { Database, Db, Query, Results } from './context.ts';
import { type EnterRow, type RateLimit, type Refused, rateLimitOf } from './entered.ts';
import { databaseError } from './error.ts';

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
  | { status: Refused; rateLimit: RateLimit };

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
  | { status: Refused; rateLimit: RateLimit }
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
