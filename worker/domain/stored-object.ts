/** Objects of the bucket, seen from the database: what should be there, and what may go. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

/** Hashes of objects that nothing needs any more; they are marked as gone by the time this answers. */
export function collectFiles(db: Db, orgId: string, limit: number) {
  return db.execute<{ sha256: string }>(
    sql`select sha256 from staff.collect_files(${orgId}::uuid, ${limit}::int)`,
  );
}

/** Says once more that collected files are gone, for an upload that came between the mark and the deletion. */
export function confirmCollected(db: Db, orgId: string, hashes: readonly string[]) {
  return db.execute(sql`
    select staff.confirm_collected(${orgId}::uuid,
             array(select jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb)))::text`);
}

/** Which of some photos in the bucket no report names; the trail says so by the time this answers. */
export function findStrayPhotos(db: Db, orgId: string, hashes: readonly string[]) {
  return db.execute<{ sha256: string }>(sql`
    select sha256 from staff.stray_photos(${orgId}::uuid,
             array(select jsonb_array_elements_text(${JSON.stringify(hashes)}::jsonb)))`);
}

/** Objects of live documents that were not looked at for longest. */
export function listObjectsToCheck(db: Db, orgId: string, limit: number) {
  return db.execute<{ sha256: string; size: string }>(
    sql`select sha256, size from staff.objects_to_check(${orgId}::uuid, ${limit}::int)`,
  );
}

export type SeenObject = { sha256: string; state: 'ok' | 'document_missing' | 'document_damaged' };

/** Notes what the bucket said, and raises an alert for each document it concerns. */
export function reportObjects(db: Db, orgId: string, seen: readonly SeenObject[]) {
  return db.execute(
    sql`select staff.report_objects(${orgId}::uuid, ${JSON.stringify(seen)}::jsonb)::text`,
  );
}
