/** Uploaded files: their bytes by hash in the bucket, their names by publish in the database. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { normaliseKey } from '../import/keys.ts';
import type { Inspected } from '../vocabulary.ts';
import type { KeptFinding } from './file.ts';

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

/** By which a file is found: as an import writes a cell, with one space where there are several, in any case. */
const nameKey = (name: string) => sql`lower(${name.replace(/\s+/g, ' ')}::text)`;

/** Whose bytes a name is given to. */
export type NamedBytes = { name: string; sha256: string };
/** What the org knows of the bytes that were named. */
export type NamedFile = {
  id: string;
  /** The name had the same bytes before. */
  unchanged: boolean;
  size: number;
  pages: number;
  served: Inspected;
  findings: KeptFinding[];
};

/**
 * Names bytes in a publish, with its event; replaces what had the name. No row for a publish of
 * another org, and for bytes that this org has not inspected, has not kept, or does not take any more
 * for their size: after {@link keepInspected}, it has. Whoever brought the same bytes first still did.
 */
export function nameFile(db: Db, publishId: string, { name, sha256 }: NamedBytes) {
  const numberKeys = JSON.stringify(numberKeysOf(name));
  return db.execute<NamedFile>(sql`
    with known as (
      select f.size, f.pages, f.served, f.findings
        from staff.files f join portal.orgs o on o.id = f.org_id
       where f.sha256 = ${sha256} and f.collected_at is null and f.size <= o.file_max_megabytes * 1000000
    ), old as (
      select f.sha256 from staff.staged_files f
       where f.publish_id = ${publishId}::uuid and f.name_key = ${nameKey(name)}
    ), named as (
      insert into staff.staged_files as f (org_id, publish_id, name, name_key, number_keys, sha256, size, uploaded_by)
      select p.org_id, p.id, ${name}, ${nameKey(name)},
             array(select jsonb_array_elements_text(${numberKeys}::jsonb)), ${sha256}, k.size, s.member_id
        from staff.publishes p, staff.context() s, known k
       where p.id = (select staff.hold_publish(${publishId}::uuid))
      on conflict (publish_id, name_key) do update
         set name = excluded.name, number_keys = excluded.number_keys, sha256 = excluded.sha256, size = excluded.size,
             uploaded_by = case when f.sha256 = excluded.sha256 then f.uploaded_by else excluded.uploaded_by end,
             uploaded_at = case when f.sha256 = excluded.sha256 then f.uploaded_at else now() end
      returning f.id
    )
    select n.id, coalesce((select o.sha256 = ${sha256} from old o), false) as unchanged,
           k.size::int as size, k.pages, k.served, k.findings,
           staff.audit('file.uploaded', 'publish', ${publishId}::text,
                       jsonb_build_object('name', ${name}::text, 'sha256', ${sha256}::text))::text
      from named n, known k`);
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
       and f.name_key = ${nameKey(name)} and (${when === 'removed'} or f.uploaded_at = now())`);
}

export type ListedFile = { name: string; size: number; sha256: string };

/** Every file of a publish by name; no row when there is no such publish. */
export function listFiles(db: Db, publishId: string) {
  return db.execute<{ files: ListedFile[] }>(sql`
    select coalesce((
      select jsonb_agg(jsonb_build_object('name', f.name, 'size', f.size, 'sha256', f.sha256) order by f.name_key)
        from staff.staged_files f where f.publish_id = p.id), '[]') as files
      from staff.publishes p where p.id = ${publishId}::uuid`);
}

const MATCHING_NAMED = 100;

export type Matching = {
  matched: number;
  /** Names of files that no document wants, and documents without a file: the first of them. */
  unmatched: string[];
  missing: { key: string; fileName: string | null }[];
  counts: Record<'matched' | 'unmatched' | 'missing', number>;
};

/** How files and documents of a publish fit; no row when there is no such publish. */
export function readMatching(db: Db, publishId: string) {
  return db.execute<{ body: Matching }>(sql`
    select jsonb_build_object(
             'matched', m.matched, 'unmatched', m.unmatched_names, 'missing', m.missing_documents,
             'counts', jsonb_build_object('matched', m.matched, 'unmatched', m.unmatched, 'missing', m.missing)) as body
      from staff.publishes p, staff.matching(p.id, ${MATCHING_NAMED}) m
     where p.id = ${publishId}::uuid`);
}

/** The file of a name in a publish, or no row. */
export function readFile(db: Db, publishId: string, name: string) {
  return db.execute<{ name: string; sha256: string; size: string }>(sql`
    select f.name, f.sha256, f.size from staff.staged_files f
     where f.publish_id = ${publishId}::uuid and f.name_key = ${nameKey(name)}`);
}

/** As {@link readFile}, with the event that somebody opened it. */
export function openFile(db: Db, publishId: string, name: string) {
  return db.execute<{ name: string; sha256: string; size: string }>(sql`
    select f.name, f.sha256, f.size,
           staff.audit('file.opened', 'publish', f.publish_id::text,
                       jsonb_build_object('name', f.name, 'sha256', f.sha256))::text
      from staff.staged_files f
     where f.publish_id = ${publishId}::uuid and f.name_key = ${nameKey(name)}`);
}

/** Takes a file out of a publish, with its event. The bytes stay: another publish may name them. */
export function removeFile(db: Db, publishId: string, name: string) {
  return db.execute<{ id: string }>(sql`
    with removed as (
      delete from staff.staged_files f
       where f.publish_id = (select staff.hold_publish(${publishId}::uuid)) and f.name_key = ${nameKey(name)}
      returning f.id, f.name
    )
    select id, staff.audit('file.removed', 'publish', ${publishId}::text, jsonb_build_object('name', name))::text
      from removed`);
}
