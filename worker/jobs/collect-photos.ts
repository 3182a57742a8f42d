/** Takes out of the bucket the photos of issue reports whose upload ended before their row. */
import type { R2Bucket } from '@cloudflare/workers-types';
import { asSystem, type Database } from '../database/context.ts';
import { photoKey } from '../domain/photo.ts';
import { findStrayPhotos } from '../domain/stored-object.ts';
import { eachOrg } from './each-org.ts';

/** An upload that is on its way has its row within moments. */
const LEFT_ALONE_MS = 24 * 60 * 60 * 1000;

type CollectPhotosPorts = { database: Database; bucket: R2Bucket };

/**
 * As {@link collectPhotosOf}, for every org; gives how many photos are gone.
 *
 * @throws the first org's failure, after all had their turn
 */
export async function collectPhotos(ports: CollectPhotosPorts): Promise<{ deleted: number }> {
  let deleted = 0;
  await eachOrg(ports.database, async (orgId) => {
    deleted += await collectPhotosOf(ports, orgId, Date.now());
  });
  return { deleted };
}

/**
 * Deletes the stray photos of one org; gives how many.
 *
 * @param now milliseconds; what was put within the day before is left alone
 */
export async function collectPhotosOf(
  { database, bucket }: CollectPhotosPorts,
  orgId: string,
  now: number,
): Promise<number> {
  const prefix = photoKey(orgId, '');
  let deleted = 0;
  let cursor: string | undefined;
  do {
    const listed = await bucket.list({ prefix, ...(cursor === undefined ? {} : { cursor }) });
    cursor = listed.truncated ? listed.cursor : undefined;
    const old = listed.objects
      .filter(({ uploaded }) => uploaded.getTime() < now - LEFT_ALONE_MS)
      .map(({ key }) => key.slice(prefix.length));
    if (old.length > 0) {
      const [{ rows }] = await asSystem(database, (db) => [findStrayPhotos(db, orgId, old)]);
      // No more than a listing has, which is what R2 deletes in one call.
      if (rows.length > 0) await bucket.delete(rows.map(({ sha256 }) => prefix + sha256));
      deleted += rows.length;
    }
  } while (cursor !== undefined);
  return deleted;
}
