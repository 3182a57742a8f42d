/** Uploaded files: their bytes by hash in the bucket, their names by publish in the database. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { normaliseKey } from '../import/keys.ts';

/** Where an org's bytes are. Content-addressed: the same file twice is stored once. */
export function fileKey(orgId: string, sha256: string): string {
  return `${orgId}/${sha256}`;
}

const WORD = /[\p{L}\p{N}]+/gu;
const WORDS_MAX = 12;

/**
 * The document numbers that a file's name may carry: every run of its words, joined by dashes.
 * `INV-1001 Acme.pdf` carries `INV`, `INV-1001`, `INV-1001-ACME`, `1001`, `1001-ACME` and `ACME`.
 */
export function numberKeysOf(name: string): string[] {
  const stem = name.replace(/\.[^.]*$/, '');
  const words = (stem.match(WORD) ?? []).slice(0, WORDS_MAX).map(normaliseKey);
  const runs = words.flatMap((_, from) =>
    words.slice(from).map((_, length) => words.slice(from, from + length + 1).join('-')),
  );
  return [...new Set(runs)];
}

export type FileFacts = { name: string; sha256: string; size: number };

/**
 * Names a file in a publish, with its event; replaces what had the name. `unchanged`: same bytes, so
 * whoever brought them first still did.
 */
export function nameFile(db: Db, publishId: string, file: FileFacts) {
  const numberKeys = JSON.stringify(numberKeysOf(file.name));
  return db.execute<{ id: string; unchanged: boolean }>(sql`
    with old as (
      select f.sha256 from staff.staged_files f
       where f.publish_id = ${publishId}::uuid and f.name_key = lower(${file.name})
    ), named as (
      insert into staff.staged_files as f (org_id, publish_id, name, name_key, number_keys, sha256, size, uploaded_by)
      select p.org_id, p.id, ${file.name}, lower(${file.name}),
             array(select jsonb_array_elements_text(${numberKeys}::jsonb)), ${file.sha256}, ${file.size}, s.member_id
        from staff.publishes p, staff.context() s
       where p.id = (select staff.hold_publish(${publishId}::uuid))
      on conflict (publish_id, name_key) do update
         set name = excluded.name, number_keys = excluded.number_keys, sha256 = excluded.sha256, size = excluded.size,
             uploaded_by = case when f.sha256 = excluded.sha256 then f.uploaded_by else excluded.uploaded_by end,
             uploaded_at = case when f.sha256 = excluded.sha256 then f.uploaded_at else now() end
      returning f.id
    )
    select n.id, coalesce((select o.sha256 = ${file.sha256} from old o), false) as unchanged,
           staff.audit('file.uploaded', 'publish', ${publishId}::text,
                       jsonb_build_object('name', ${file.name}::text, 'sha256', ${file.sha256}::text))::text
      from named n`);
}

/**
 * Takes back the ticks of documents that the file of this name is matched to: they were given to
 * other bytes. Runs after {@link nameFile}, for bytes that came in this transaction, and before
 * {@link removeFile}.
 */
export function untickDocuments(
  db: Db,
  publishId: string,
  name: string,
  when: 'named' | 'removed',
) {
  return db.execute(sql`
    update staff.publish_items i set ticked = false
      -- Asked of no publish while nothing is ticked: matching looks at every file.
      from staff.match_files((
             select t.publish_id from staff.publish_items t
              where t.publish_id = ${publishId}::uuid and t.kind = 'document' and t.ticked limit 1)) m
      join staff.staged_files f on f.id = m.file_id
     where i.publish_id = (select staff.hold_publish(${publishId}::uuid))
       and i.kind = 'document' and i.key = m.key and i.ticked
       and f.name_key = lower(${name}) and (${when === 'removed'} or f.uploaded_at = now())`);
}

/** The file of a name in a publish, or no row. */
export function readFile(db: Db, publishId: string, name: string) {
  return db.execute<{ name: string; sha256: string; size: string }>(sql`
    select f.name, f.sha256, f.size from staff.staged_files f
     where f.publish_id = ${publishId}::uuid and f.name_key = lower(${name})`);
}

/** Takes a file out of a publish, with its event. The bytes stay: another publish may name them. */
export function removeFile(db: Db, publishId: string, name: string) {
  return db.execute<{ id: string }>(sql`
    with removed as (
      delete from staff.staged_files f
       where f.publish_id = (select staff.hold_publish(${publishId}::uuid)) and f.name_key = lower(${name})
      returning f.id, f.name
    )
    select id, staff.audit('file.removed', 'publish', ${publishId}::text, jsonb_build_object('name', name))::text
      from removed`);
}
