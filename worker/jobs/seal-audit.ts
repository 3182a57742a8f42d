/**
 * Seals the audit trail of every org, and keeps each seal in the bucket, where the database cannot
 * reach it: a seal that is there is never put again, one that is missing is put on the next run.
 */
import type { R2Bucket } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import { listSealsOf, sealEvents, sealKey, sealPrefix } from '../domain/seal.ts';
import { listOrgs } from '../domain/stored-object.ts';

/** 2 s on a laptop; a statement may take 15. A million events are ten of them. */
const EVENTS_A_SEAL = 100_000;
const SEALS_A_RUN = 100;
/** Six connections may be open at once. */
const AT_ONCE = 6;

export async function sealAudit({
  database,
  bucket,
}: {
  database: Database;
  bucket: R2Bucket;
}): Promise<{ sealed: number; kept: number }> {
  const [{ rows: orgs }] = await asSystem(database, (db) => [listOrgs(db)]);
  let sealed = 0;
  let kept = 0;
  const failures: unknown[] = [];
  for (const { id } of orgs) {
    // One org's trouble is no other's.
    try {
      sealed += await sealOrg(database, id);
      kept += await keepSeals(database, bucket, id);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  return { sealed, kept };
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

async function keepSeals(database: Database, bucket: R2Bucket, orgId: string): Promise<number> {
  const [{ rows: seals }] = await asSystem(database, (db) => [listSealsOf(db, orgId)]);
  if (seals.length === 0) {
    return 0;
  }
  const there = await keysBelow(bucket, sealPrefix(orgId));
  const missing = seals.filter(({ number }) => !there.has(sealKey(orgId, number)));
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

async function keysBelow(bucket: R2Bucket, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>();
  let cursor: string | undefined;
  do {
    const listed = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    for (const { key } of listed.objects) {
      keys.add(key);
    }
    cursor = listed.truncated ? listed.cursor : undefined;
  } while (cursor !== undefined);
  return keys;
}
