/** Takes out of the bucket the CSVs that were uploaded a week ago and that nobody staged. */
import type { R2Bucket } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import { collectImports as collect, importKey } from '../domain/import.ts';
import { eachOrg } from './each-org.ts';

const COLLECTED_A_RUN = 300;
/** Keys of one R2 deletion. */
const DELETED_AT_ONCE = 1_000;

/**
 * Collects a number of each org's; gives how many CSVs are gone.
 *
 * @throws the first org's failure, after all had their turn
 */
export async function collectImports({
  database,
  bucket,
}: {
  database: Database;
  bucket: R2Bucket;
}): Promise<{ deleted: number }> {
  let deleted = 0;
  await eachOrg(database, async (orgId) => {
    // The rows first: an import in the database always has its bytes.
    const [{ rows }] = await asSystem(database, (db) => [collect(db, orgId, COLLECTED_A_RUN)]);
    for (let from = 0; from < rows.length; from += DELETED_AT_ONCE) {
      const keys = rows.slice(from, from + DELETED_AT_ONCE).map(({ id }) => importKey(orgId, id));
      await bucket.delete(keys);
      deleted += keys.length;
    }
  });
  return { deleted };
}
