/**
 * Makes the renditions that staged publishes want: each file once for each customer it is matched
 * to, so that an approval finds them ready and no PDF is parsed when a customer takes one.
 */
import type { R2Bucket } from '@cloudflare/workers-types';
import { crc32 } from '../crc32.ts';
import { asSystem, type Database } from '../database/context.ts';
import {
  type ClaimedRendition,
  claimRenditions,
  type KeptRendition,
  keepRenditions,
  listUnprepared,
} from '../domain/rendition.ts';
import { fileKey } from '../domain/staged-file.ts';
import { makeRendition, type Rendition } from '../pdf/rendition.ts';
import { sha256 } from '../sha256.ts';

/** What hangs on a response gets 30 s of `waitUntil`; what is in hand is finished. */
const RUN_SECONDS = 18;
const PUBLISHES_A_RUN = 20;
const BATCH = 10;

export type MakeRenditionsPorts = {
  database: Database;
  bucket: R2Bucket;
  /** Ids and codes only. */
  log(message: string, fields: Record<string, unknown>): void;
};

/**
 * Works until nothing is wanted or the run's time is over. Safe to run any number of times at once:
 * each rendition is leased to one run.
 *
 * @param now milliseconds; measures only how long this run takes
 * @throws AppError `unavailable` when the database does not answer: leases bring the work back
 */
export async function makeRenditions(
  ports: MakeRenditionsPorts,
  now: () => number = Date.now,
): Promise<{ made: number }> {
  const { database } = ports;
  const until = now() + RUN_SECONDS * 1000;
  const [{ rows: publishes }] = await asSystem(database, (db) => [
    listUnprepared(db, PUBLISHES_A_RUN),
  ]);
  let made = 0;
  for (const { id, orgId } of publishes) {
    // Looked for at the beginning, and once more when nothing that was listed is left.
    let list = true;
    while (now() < until) {
      const [{ rows: claimed }] = await asSystem(database, (db) => [
        claimRenditions(db, orgId, id, { limit: BATCH, list }),
      ]);
      if (claimed.length === 0 && list) {
        break;
      }
      list = claimed.length === 0;
      made += await makeBatch(ports, orgId, claimed, () => now() < until);
    }
  }
  return { made };
}

/** Makes claimed renditions while there is time, and keeps what was made whatever happens after. */
async function makeBatch(
  ports: MakeRenditionsPorts,
  orgId: string,
  claimed: readonly ClaimedRendition[],
  hasTime: () => boolean,
): Promise<number> {
  const kept: KeptRendition[] = [];
  try {
    for (const one of claimed) {
      if (!hasTime()) {
        break;
      }
      kept.push(...(await makeOne(ports, orgId, one)));
    }
  } finally {
    await asSystem(ports.database, (db) => [keepRenditions(db, orgId, kept)]);
  }
  return kept.length;
}

/** One rendition, stored before it is told of; nothing when its lease should bring it back. */
async function makeOne(
  { bucket, log }: MakeRenditionsPorts,
  orgId: string,
  { id, sourceSha256, customerName, pages }: ClaimedRendition,
): Promise<KeptRendition[]> {
  const source = await bucket.get(fileKey(orgId, sourceSha256));
  if (source === null) {
    log('rendition without its file', { id });
    return [];
  }
  const original = new Uint8Array(await source.arrayBuffer());
  let rendition: Rendition;
  try {
    rendition = await makeRendition(original, { customerName, fileId: sourceSha256 });
  } catch (error) {
    // A file that inspection let pass and pdf-lib cannot write: a person has to look at it.
    log('rendition failed', { id, name: error instanceof Error ? error.name : 'unknown' });
    return [{ id }];
  }
  const { bytes, slotOffset, slotLength, boxes } = rendition;
  if (boxes.length !== pages) {
    // A page without a stamp could leak without a trace.
    log('rendition lacks stamps', { id, pages, stamped: boxes.length });
    return [{ id }];
  }
  const hash = await sha256(bytes);
  await bucket.put(fileKey(orgId, hash), bytes, {
    sha256: hash,
    httpMetadata: { contentType: 'application/pdf' },
  });
  const headCrc = crc32(bytes.subarray(0, slotOffset));
  const tailCrc = crc32(bytes.subarray(slotOffset + slotLength));
  return [{ id, sha256: hash, size: bytes.byteLength, slotOffset, slotLength, headCrc, tailCrc }];
}
