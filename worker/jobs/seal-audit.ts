/**
 * Checks the newest seals of every org's audit trail, seals what happened since, and keeps each seal in
 * the bucket, where the database cannot reach it: a seal that is there is never put again, one that is
 * missing is put on the next run.
 */
import type { R2Bucket } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import { listSealsOf, type Seal, sealEvents, sealKey, sealPrefix } from '../domain/seal.ts';
import { checkSeals } from './check-seals.ts';
import { eachOrg } from './each-org.ts';

/** 2 s on a laptop; a statement may take 15. A million events are ten of them. */
const EVENTS_A_SEAL = 100_000;
const SEALS_A_RUN = 100;
/** Six connections may be open at once. */
const AT_ONCE = 6;

/**
 * Gives how many faults it found, told before or not, how many seals it made, and how many it put into the
 * bucket.
 *
 * @throws the first org's failure, after all had their turn
 */
export async function sealAudit({
  database,
  bucket,
}: {
  database: Database;
  bucket: R2Bucket;
}): Promise<{ faults: number; sealed: number; kept: number }> {
  let faults = 0;
  let sealed = 0;
  let kept = 0;
  await eachOrg(database, async (orgId) => {
    const before = await sealsOf(database, orgId);
    const there = await numbersKept(bucket, orgId);
    // Before a new one: it would say that all is well behind it.
    faults += await checkSeals({ database, bucket }, orgId, before, there);
    const made = await sealOrg(database, orgId);
    sealed += made;
    const seals = made === 0 ? before : await sealsOf(database, orgId);
    kept += await keepSeals(bucket, orgId, seals, there);
  });
  return { faults, sealed, kept };
}

/** Seals until nothing is left; gives the number of new seals. */
async function sealOrg(database: Database, orgId: string): Promise<number> {
  for (let made = 0; made < SEALS_A_RUN; made += 1) {
    const [{ rows }] = await asSystem(database, (db) => [sealEvents(db, orgId, EVENTS_A_SEAL)]);
    if (rows.length === 0) {
      return made;
    }
  }
  return SEALS_A_RUN;
}

async function sealsOf(database: Database, orgId: string): Promise<Seal[]> {
  const [{ rows }] = await asSystem(database, (db) => [listSealsOf(db, orgId)]);
  return rows;
}

async function keepSeals(
  bucket: R2Bucket,
  orgId: string,
  seals: readonly Seal[],
  there: ReadonlySet<number>,
): Promise<number> {
  const missing = seals.filter(({ number }) => !there.has(number));
  for (let from = 0; from < missing.length; from += AT_ONCE) {
    const puts = missing.slice(from, from + AT_ONCE).map((seal) =>
      bucket.put(sealKey(orgId, seal.number), JSON.stringify(seal), {
        onlyIf: { etagDoesNotMatch: '*' },
        httpMetadata: { contentType: 'application/json' },
      }),
    );
    await Promise.all(puts);
  }
  return missing.length;
}

/** The numbers of the seals that the bucket keeps. */
async function numbersKept(bucket: R2Bucket, orgId: string): Promise<Set<number>> {
  const prefix = sealPrefix(orgId);
  const numbers = new Set<number>();
  let cursor: string | undefined;
  do {
    const listed = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key } of listed.objects) {
      const number = Number.parseInt(key.slice(prefix.length), 10);
      if (number > 0) numbers.add(number);
    }
    cursor = listed.truncated ? listed.cursor : undefined;
  } while (cursor !== undefined);
  return numbers;
}
