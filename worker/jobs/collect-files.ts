/** Takes out of the bucket what nothing needs: files of publishes rejected 30 days ago, stray renditions. */
import type { R2Bucket } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import { fileKey } from '../domain/staged-file.ts';
import { collectFiles as collect, confirmCollected } from '../domain/stored-object.ts';
import { eachOrg } from './each-org.ts';

/** R2 deletes up to 1000 keys a call. */
const COLLECTED_A_RUN = 500;

/**
 * Collects a number of each org's; gives how many objects are gone.
 *
 * @throws the first org's failure, after all had their turn
 */
export async function collectFiles({
  database,
  bucket,
}: {
  database: Database;
  bucket: R2Bucket;
}): Promise<{ collected: number }> {
  let collected = 0;
  await eachOrg(database, async (orgId) => {
    const [{ rows }] = await asSystem(database, (db) => [collect(db, orgId, COLLECTED_A_RUN)]);
    if (rows.length > 0) {
      const hashes = rows.map(({ sha256 }) => sha256);
      await bucket.delete(hashes.map((hash) => fileKey(orgId, hash)));
      await asSystem(database, (db) => [confirmCollected(db, orgId, hashes)]);
      collected += rows.length;
    }
  });
  return { collected };
}
