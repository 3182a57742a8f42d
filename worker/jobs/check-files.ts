/**
 * Asks the bucket whether what is live is there, with its size and its hash; what is not becomes an
 * alert for staff before a customer finds it. The bucket keeps each object's SHA-256 from its upload,
 * so no byte is read.
 */
import type { R2Bucket, R2Object } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import { fileKey } from '../domain/staged-file.ts';
import { listObjectsToCheck, reportObjects, type SeenObject } from '../domain/stored-object.ts';
import { eachOrg } from './each-org.ts';

const CHECKED_A_RUN = 500;
/** Six connections may be open at once. */
const AT_ONCE = 6;

/**
 * Checks those that were not looked at for longest; gives how many it looked at.
 *
 * @throws the first org's failure, after all had their turn
 */
export async function checkFiles({
  database,
  bucket,
}: {
  database: Database;
  bucket: R2Bucket;
}): Promise<{ checked: number }> {
  let checked = 0;
  await eachOrg(database, async (orgId) => {
    const [{ rows }] = await asSystem(database, (db) => [
      listObjectsToCheck(db, orgId, CHECKED_A_RUN - checked),
    ]);
    const seen: SeenObject[] = [];
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const heads = rows.slice(from, from + AT_ONCE).map(async ({ sha256, size }) => {
        const object = await bucket.head(fileKey(orgId, sha256));
        return { sha256, state: stateOf(object, sha256, Number(size)) };
      });
      seen.push(...(await Promise.all(heads)));
    }
    if (seen.length > 0) {
      await asSystem(database, (db) => [reportObjects(db, orgId, seen)]);
    }
    checked += seen.length;
    return checked < CHECKED_A_RUN;
  });
  return { checked };
}

function stateOf(object: R2Object | null, sha256: string, size: number): SeenObject['state'] {
  if (object === null) {
    return 'document_missing';
  }
  const kept = object.checksums.toJSON().sha256;
  return object.size === size && kept === sha256 ? 'ok' : 'document_damaged';
}
