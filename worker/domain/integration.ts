/** How the services that we depend on fare, as staff of one org may know it. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import { CARRIERS, type CarrierCode, type IntegrationOutcome, PAGE_SIZE } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

export const INTEGRATIONS = [...CARRIERS, 'mail'] as const;
type Integration = (typeof INTEGRATIONS)[number];

/** Shipments that one request makes due: as many as a look at the page can be about. */
const CHECKED_NOW_MAX = 50;

export type CarrierStateRow = {
  carrier: CarrierCode;
  /** Calls of this hour, of the whole deployment: it has one account. */
  hourCalls: number;
  failures: number;
  /** The carrier is left alone until then. */
  openUntil: string | null;
  lastSuccessAt: string | null;
  /** A code. */
  lastError: string | null;
  lastErrorAt: string | null;
};

/** A row for each carrier that was ever asked. */
export function readCarrierStates(db: Db) {
  return db.execute<CarrierStateRow>(sql`
    select carrier, hour_calls as "hourCalls", failures, ${instant(sql`open_until`)} as "openUntil",
           ${instant(sql`last_success_at`)} as "lastSuccessAt", last_error as "lastError",
           ${instant(sql`last_error_at`)} as "lastErrorAt"
      from staff.carriers_state()`);
}

/** This org's shipments by carrier: those that are asked about, those of them that are due, and those whose last question failed. */
export function countPolled(db: Db) {
  return db.execute<{ carrier: CarrierCode; shipments: number; due: number; failing: number }>(sql`
    select carrier, count(*) filter (where next_poll_at is not null)::int as shipments,
           count(*) filter (where next_poll_at <= now())::int as due,
           count(*) filter (where last_error is not null)::int as failing
      from staff.polled_shipments group by carrier`);
}

export type MailState = {
  lastSuccessAt: string | null;
  waiting: number;
  /** Of the last 30 days: letters that died or came back. */
  failed: number;
};

/** How this org's mail fares. */
export function readMailState(db: Db) {
  return db.execute<MailState>(sql`
    select ${instant(sql`max(o.sent_at)`)} as "lastSuccessAt",
           count(*) filter (where o.state = 'queued')::int as waiting,
           count(*) filter (where o.state = 'dead' or o.fate in ('bounced', 'complained', 'failed', 'suppressed'))::int as failed
      from staff.outbox o where o.created_at > now() - interval '30 days'`);
}

export type IntegrationEntry = {
  id: string;
  at: string;
  integration: Integration;
  outcome: IntegrationOutcome;
  /** A code. */
  reason: string | null;
  /** Shipments or letters of this org; null where it was about all orgs alike. */
  subjects: number | null;
  durationMs: number | null;
};

/** A page of what happened, newest first, and one row more. */
export function listIntegrationLog(
  db: Db,
  query: {
    integration?: Integration | undefined;
    outcome?: IntegrationOutcome | undefined;
    cursor?: Cursor | undefined;
  },
) {
  const { integration = null, outcome = null, cursor } = query;
  const [at, id] = cursor ?? [null, null];
  return db.execute<IntegrationEntry>(sql`
    select id, ${instant(sql`at`)} as at, integration, outcome, reason, subjects, duration_ms as "durationMs"
      from staff.integration_entries(${integration}, ${outcome}, ${at}::timestamptz, ${id}::uuid, ${PAGE_SIZE + 1})`);
}

const LOG_KEPT_DAYS = 90;

/** Forgets what happened long ago. Called by a job. */
export function forgetIntegrationLog(db: Db) {
  return db.execute(
    sql`delete from staff.integration_log where at < now() - make_interval(days => ${LOG_KEPT_DAYS})`,
  );
}

/** The newest failure of this org's mail, if there is one. */
export function readMailFailure(db: Db) {
  return db.execute<{ at: string; reason: string | null }>(sql`
    select ${instant(sql`e.at`)} as at, e.reason
      from (select * from staff.integration_entries('mail', 'failed', null, null, 1)
            union all select * from staff.integration_entries('mail', 'throttled', null, null, 1)) e
     order by e.at desc limit 1`);
}

/** In how many seconds a check of a carrier may be asked for again; no row: now. Stands before {@link checkNow}. */
export function readCheckPause(db: Db, carrier: CarrierCode) {
  return db.execute<{ seconds: number }>(sql`
    select greatest(1, ceil(extract(epoch from a.at - now())))::int as seconds
      from staff.check_again_at(${carrier}) a(at) where a.at is not null`);
}

export type CheckAsked = {
  /** That are due by now. */
  shipments: number;
  /** Why nothing is asked before `waitsUntil`: the carrier does not answer, or the hour's calls are used. */
  waitsFor: 'left_alone' | 'hour' | null;
  waitsUntil: string | null;
};

/** Makes this org's shipments with a carrier due now, with its event. */
export function checkNow(db: Db, carrier: CarrierCode, callsPerHour: number) {
  return db.execute<CheckAsked>(
    sql`select shipments, waits_for as "waitsFor", ${instant(sql`waits_until`)} as "waitsUntil"
          from staff.check_shipments_now(${carrier}, ${CHECKED_NOW_MAX}, ${callsPerHour})`,
  );
}
