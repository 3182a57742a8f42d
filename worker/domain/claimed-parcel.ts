/**
 * The queue of parcels as poll-carriers works it: queries only, by the database's clock. A parcel is one
 * run's while its lease lasts; what is written under a lease that another run holds by now changes nothing.
 */
import { sql } from 'drizzle-orm';
import type { Carrier, CarrierEvent, CarrierFailure, CarrierStatus } from '../carriers/carrier.ts';
import type { Db } from '../database/context.ts';
import type { CarrierCode, IntegrationOutcome } from '../vocabulary.ts';

/** A parcel that this run may ask about. */
export type ClaimedParcel = {
  org: string;
  shipment: string;
  /** Letters and digits as the supplier has them, in capitals. */
  number: string;
  /** YYYY-MM-DD */
  shippedOn: string | null;
  uniqueId: string | null;
  /** The carrier has never answered for it. */
  isNew: boolean;
  /** Calls about it that came to nothing, in a row. */
  failures: number;
};

/** `open`: the carrier is left alone for now. Without `ok` there are no parcels. */
export type Claim = {
  status: 'ok' | 'idle' | 'over_budget' | 'open';
  lease: string | null;
  /** That may be made for them. */
  calls: number;
  /** In which they are counted, since 1970; as the database writes it. */
  minute: string;
  /** Null: there is none, or it is about to end. */
  sealedToken: string | null;
  parcels: ClaimedParcel[];
};

/** Takes calls from the carrier's hour, at most `calls`, and leases the parcels that they are for. */
export function claimParcels(
  db: Db,
  { code, batchSize, callsPerHour }: Pick<Carrier, 'code' | 'batchSize' | 'callsPerHour'>,
  calls: number,
) {
  return db.execute<Claim>(sql`
    select status, lease, calls, minute, sealed_token as "sealedToken", parcels
      from staff.claim_parcels(${code}, ${batchSize}::int, ${callsPerHour}::int, ${calls}::int)`);
}

/** What came of asking about a parcel, as staff.keep_tracking takes it. */
export type KeptAnswer = { org: string; shipment: string } & (
  | { failed: CarrierFailure }
  | { found: false; reason: 'unknown_number' | 'bad_number' }
  | ({
      found: true;
      uniqueId: string | null;
      events: CarrierEvent[];
      /** YYYY-MM-DD */
      estimatedDelivery: string | null;
      /** RFC 3339 in UTC. */
      deliveredAt: string | null;
      signedBy: string | null;
    } & CarrierStatus)
);

/** Keeps answers under their lease, and what follows from them; gives how many were still in hand. */
export function keepAnswers(
  db: Db,
  carrier: CarrierCode,
  lease: string,
  answers: readonly KeptAnswer[],
) {
  return db.execute<{ kept: number }>(
    sql`select staff.keep_tracking(${carrier}, ${lease}::uuid, ${JSON.stringify(answers)}::jsonb) as kept`,
  );
}

/** Gives back parcels that were leased and not asked about. */
export function releaseParcels(db: Db, lease: string, parcels: readonly ClaimedParcel[]) {
  const ids = JSON.stringify(parcels.map(({ shipment }) => shipment));
  return db.execute(sql`
    update staff.polled_shipments p set lease = null, leased_until = null
      from jsonb_array_elements_text(${ids}::jsonb) k(id)
     where p.shipment_id = k.id::uuid and p.lease = ${lease}::uuid`);
}

/** How some calls went, in the order in which they were made. */
export type CallsMade = {
  answered: number;
  /** Since the last that was answered. */
  failed: number;
  reason: CarrierFailure | null;
  retryAfterSeconds: number | null;
  /** Calls in all, those that only showed that a token was bad among them. */
  calls: number;
};

/**
 * Counts calls towards the breaker, and gives back those of a claim that were not made; `opened` when the
 * carrier is left alone from now on.
 */
export function noteCalls(
  db: Db,
  carrier: CarrierCode,
  { calls, minute }: Pick<Claim, 'calls' | 'minute'>,
  { answered, failed, reason, retryAfterSeconds, calls: made }: CallsMade,
) {
  return db.execute<{ opened: boolean }>(
    sql`select staff.note_calls(${carrier}, ${answered}::int, ${failed}::int, ${reason}, ${retryAfterSeconds}::int,
                                ${minute}::bigint, ${calls - made}::int) as opened`,
  );
}

/** Keeps a token for whoever asks next; null: the one that was kept is good no more. */
export function keepToken(
  db: Db,
  carrier: CarrierCode,
  token: { boxed: string; expiresAt: Date } | null,
) {
  return db.execute(sql`
    update staff.carrier_state
       set sealed_token = ${token?.boxed ?? null}, token_expires_at = ${token?.expiresAt.toISOString() ?? null}::timestamptz
     where carrier = ${carrier}`);
}

/** A line of the integration log. That an hour's calls are used up is said once in the hour. */
export function logPolling(
  db: Db,
  carrier: CarrierCode,
  line: {
    outcome: IntegrationOutcome;
    reason: CarrierFailure | null;
    subjects: number;
    durationMs: number;
  },
) {
  const { outcome, reason, subjects, durationMs } = line;
  return db.execute(sql`
    insert into staff.integration_log (integration, outcome, reason, subjects, duration_ms)
    select ${carrier}, ${outcome}, ${reason}, ${subjects}::int, ${Math.round(durationMs)}::int
     where ${outcome} <> 'over_budget' or not exists (
       select 1 from staff.integration_log l
        where l.integration = ${carrier} and l.outcome = 'over_budget' and l.at > now() - interval '1 hour')`);
}
