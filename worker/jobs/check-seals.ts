/**
 * Makes the newest seals of an org's trail again, and asks the bucket for what it kept of them: what does
 * not agree becomes an alert for staff. All of the trail, and which event it was, is for
 * `npm run audit:verify`.
 */
import type { R2Bucket } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import {
  digestBetween,
  type ReportedFault,
  readSeal,
  reportSeals,
  type Seal,
  sealKey,
} from '../domain/seal.ts';
import { chainFaults, chainOf, headText, spanFault } from '../domain/trail.ts';
import { sha256 } from '../sha256.ts';
import { utf8 } from '../utf8.ts';

/** A week of nights. */
const SEALS_CHECKED = 7;
/** A seal of a hundred thousand takes 2 s on a laptop: the newest is always looked at, more as long as they are few. */
const EVENTS_CHECKED = 300_000;

/**
 * Gives the number of faults, told before or not.
 *
 * @param seals the database's, in their order
 * @param kept the numbers of the bucket's seals
 */
export async function checkSeals(
  { database, bucket }: { database: Database; bucket: R2Bucket },
  orgId: string,
  seals: readonly Seal[],
  kept: ReadonlySet<number>,
): Promise<number> {
  const last = Math.max(0, seals.at(-1)?.number ?? 0, ...kept);
  const first = Math.max(1, last - SEALS_CHECKED + 1);
  // The one before the first is what the first is chained to.
  const isNear = (number: number) => number >= first - 1;
  const witnesses = await readWitnesses(bucket, orgId, [...kept].filter(isNear));
  const ours = seals.filter(({ number }) => isNear(number));
  // One of a seal is told: what is wrong with the seal itself, before what is with its events.
  const faults = new Map<number, ReportedFault>();
  for (const { kind, seal, from, to } of chainFaults(ours, witnesses, first)) {
    faults.set(seal, { fault: kind, seal: String(seal), from, to });
  }
  const chain = chainOf(ours, witnesses);
  let events = 0;
  for (let at = chain.length - 1; at >= 0 && events < EVENTS_CHECKED; at -= 1) {
    const [seal, previous] = [chain[at], chain[at - 1]];
    if (seal === undefined || seal.number < first) continue;
    const [{ rows }] = await asSystem(database, (db) => [
      digestBetween(db, orgId, previous?.upTo ?? null, seal.upTo),
    ]);
    const [found] = rows;
    if (found === undefined) continue;
    const text = headText(previous, seal, found.events, found.digest);
    const head = await sha256(utf8(text));
    const fault = spanFault(seal, previous, { events: found.events, head });
    if (fault !== null && !faults.has(seal.number)) {
      const { kind, from, to } = fault;
      faults.set(seal.number, { fault: kind, seal: String(seal.number), from, to, head });
    }
    events += found.events;
  }
  if (faults.size > 0) {
    await asSystem(database, (db) => [reportSeals(db, orgId, [...faults.values()])]);
  }
  return faults.size;
}

async function readWitnesses(bucket: R2Bucket, orgId: string, numbers: readonly number[]) {
  const found = new Map<number, Seal>();
  for (const number of numbers) {
    const object = await bucket.get(sealKey(orgId, number));
    const seal = object && readSeal(await object.text());
    if (seal) found.set(number, seal);
  }
  return found;
}
