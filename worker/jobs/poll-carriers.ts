/**
 * Asks carriers where parcels are. The database says which are due and how many calls an hour has left;
 * carriers are asked outside any transaction, each apart from the others, and what they say is written with all
 * that follows from it, or not at all. A run that dies loses nothing: its leases end.
 */
import { box, importBoxKey, unbox } from '../access/box.ts';
import type { Carrier, CarrierToken } from '../carriers/carrier.ts';
import { asSystem, type Database } from '../database/context.ts';
import { predictArrivals } from '../domain/arrival.ts';
import {
  type Claim,
  claimParcels,
  type KeptAnswer,
  keepAnswers,
  keepToken,
  logPolling,
  noteCalls,
  releaseParcels,
} from '../domain/claimed-parcel.ts';
import { AppError } from '../errors.ts';
import { CARRIERS, type CarrierCode } from '../vocabulary.ts';
import { type Asked, askAbout } from './ask-carrier.ts';

/**
 * What hangs on a response gets 30 s of `waitUntil`, and a call may take ten of them. What is left when a run
 * ends is the next one's, a minute later.
 */
const RUN_SECONDS = 18;
/** A run may make 1,000 subrequests, each claim and each writing of answers among them. */
const CALLS_A_RUN = 700;
/** Answers are written so many at a time, or as many as one call asks about, if these are more. */
const PARCELS_AT_ONCE = 30;

export type PollCarriersPorts = {
  database: Database;
  carriers: Partial<Record<CarrierCode, Carrier>>;
  /** The Worker secret OUTBOX_KEY, which also boxes the carriers' tokens: 32 bytes in base64. */
  outboxKey: string;
  /** Ids and codes only. */
  log(message: string, fields: Record<string, unknown>): void;
  /** Answers are kept by now, while others are yet to come: whoever shows them may be told. */
  wrote(): void;
};

/** Parcels that a carrier answered for, and calls that came to nothing. */
export type Polled = { answered: number; failures: number };

/** What all carriers of a run share. */
type Run = {
  ports: PollCarriersPorts;
  key: CryptoKey;
  now: () => number;
  /** When no further call begins. */
  until: number;
  callsLeft: number;
  /** Orgs with parcels that were answered for the first time. */
  orgsWithNew: Set<string>;
};

/**
 * Polls what is due until nothing is, the hour's calls are used up, or the run's time is over. Safe to run any
 * number of times at once.
 *
 * @param now milliseconds; measures only how long this run takes
 * @throws AppError `unavailable` when the database does not answer: leases bring the parcels back
 */
export async function pollCarriers(
  ports: PollCarriersPorts,
  now: () => number = Date.now,
): Promise<Polled> {
  const { outboxKey } = ports;
  const run: Run = {
    ports,
    key: await importBoxKey(outboxKey),
    now,
    until: now() + RUN_SECONDS * 1000,
    callsLeft: CALLS_A_RUN,
    orgsWithNew: new Set(),
  };
  const configured = CARRIERS.flatMap((code) => ports.carriers[code] ?? []);
  // One carrier's trouble is no other's.
  const results = await Promise.allSettled(configured.map((carrier) => pollOne(run, carrier)));
  for (const org of run.orgsWithNew) {
    await asSystem(ports.database, (db) => [predictArrivals(db, org, false)]);
  }
  const polled: Polled = { answered: 0, failures: 0 };
  for (const result of results) {
    if (result.status === 'rejected') throw result.reason;
    polled.answered += result.value.answered;
    polled.failures += result.value.failures;
  }
  return polled;
}

async function pollOne(run: Run, carrier: Carrier): Promise<Polled> {
  const { ports, now } = run;
  const { code, batchSize } = carrier;
  const begun = now();
  const polled: Polled = { answered: 0, failures: 0 };
  let last: Asked['made'] | null = null;
  let token: CarrierToken | null = null;
  // A carrier may forget a token before its time; twice in one run, it is no accident.
  let mayRenew = true;
  while (now() < run.until && run.callsLeft > 0) {
    const calls = Math.min(Math.ceil(PARCELS_AT_ONCE / batchSize), run.callsLeft);
    const [{ rows }] = await asSystem(ports.database, (db) => [claimParcels(db, carrier, calls)]);
    const [claim] = rows;
    if (claim === undefined || claim.lease === null) {
      if (claim?.status === 'over_budget') await log(run, code, 'over_budget', 0, begun);
      break;
    }
    run.callsLeft -= claim.calls;
    token ??= await openToken(run.key, code, claim.sealedToken);
    const asked = await askAbout(carrier, token, claim.parcels, {
      calls: claim.calls,
      mayRenew,
      hasTime: () => now() < run.until,
    });
    const kept = await keep(run, code, { ...claim, lease: claim.lease }, asked);
    if (asked.answeredParcels.length > 0) ports.wrote();
    for (const { org, isNew } of asked.answeredParcels) if (isNew) run.orgsWithNew.add(org);
    polled.answered += asked.answeredParcels.length;
    polled.failures += asked.failures;
    if (asked.made.answered + asked.made.failed > 0) last = asked.made;
    token = asked.token;
    mayRenew &&= !asked.isTokenBad;
    if (kept.opened) {
      await log(run, code, 'opened', 0, begun, asked.made.reason);
    }
    if (kept.opened || asked.isOver) break;
  }
  if (last !== null) {
    const outcome =
      last.reason === null ? 'ok' : last.reason === 'throttled' ? 'throttled' : 'failed';
    await log(run, code, outcome, polled.answered, begun, last.reason);
  }
  return polled;
}

/** Writes what came of some calls, all of it in one transaction. */
async function keep(
  { ports, key }: Run,
  code: CarrierCode,
  claim: Claim & { lease: string },
  asked: Asked,
): Promise<{ opened: boolean }> {
  const { answers, unasked, made, token, isTokenNew, isTokenBad } = asked;
  const boxed =
    token === null || !isTokenNew ? null : await box(key, JSON.stringify(token), aboutToken(code));
  const write = (kept: readonly KeptAnswer[]) =>
    asSystem(ports.database, (db) => [
      noteCalls(db, code, claim, made),
      keepAnswers(db, code, claim.lease, kept),
      releaseParcels(db, claim.lease, unasked),
      ...(isTokenBad ? [keepToken(db, code, null)] : []),
      ...(boxed && token
        ? [keepToken(db, code, { boxed, expiresAt: new Date(token.expiresAt) })]
        : []),
    ]);
  try {
    const [noted] = await write(answers);
    return { opened: noted.rows[0]?.opened === true };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
    // What cannot be kept must not be asked about again and again.
    ports.log('answers could not be kept', { carrier: code, code: error.code });
    const [noted] = await write(
      answers.map(({ org, shipment }) => ({ org, shipment, failed: 'not_understood' })),
    );
    return { opened: noted.rows[0]?.opened === true };
  }
}

const aboutToken = (code: CarrierCode) => `token/${code}`;

async function openToken(
  key: CryptoKey,
  code: CarrierCode,
  boxed: string | null,
): Promise<CarrierToken | null> {
  const text = boxed === null ? null : await unbox(key, boxed, aboutToken(code));
  // Sound: only this file boxes under that name, and a box is authenticated.
  return text === null ? null : (JSON.parse(text) as CarrierToken);
}

async function log(
  { ports, now }: Run,
  code: CarrierCode,
  outcome: Parameters<typeof logPolling>[2]['outcome'],
  subjects: number,
  begun: number,
  reason: Asked['made']['reason'] = null,
) {
  const line = { outcome, reason, subjects, durationMs: now() - begun };
  await asSystem(ports.database, (db) => [logPolling(db, code, line)]);
}
