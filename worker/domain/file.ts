/** Files by their bytes: what inspection found in them, and what is kept of it. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { termsOf } from '../pdf/words.ts';
import type { Inspected, ProblemCode, Severity } from '../vocabulary.ts';

/** What an upload may be: the publish's status, and the org's own limit. */
export function readUploadTerms(db: Db, publishId: string) {
  return db.execute<{ status: string; maxMegabytes: number }>(sql`
    select p.status, o.file_max_megabytes as "maxMegabytes"
      from staff.publishes p join portal.orgs o on o.id = p.org_id
     where p.id = ${publishId}::uuid`);
}

/** A finding as it is kept: `value` is what was found, in the file's own words. */
export type KeptFinding = { code: ProblemCode; value?: string };

/** What is known of some bytes, or no row. `collected`: the bucket does not hold them any more. */
export function readInspected(db: Db, sha256: string) {
  return db.execute<{
    pages: number;
    served: Inspected;
    findings: KeptFinding[];
    collected: boolean;
  }>(sql`
    select f.pages, f.served, f.findings, f.collected_at is not null as collected from staff.files f
     where f.sha256 = ${sha256}`);
}

export type InspectedFile = {
  sha256: string;
  size: number;
  crc: number;
  pages: number;
  served: Inspected;
  findings: readonly KeptFinding[];
  /** The text as words: see pdf/words.ts. */
  text: string;
};

/** Keeps what inspection found, for this org; bytes that had been collected are there again. */
export function keepInspected(db: Db, file: InspectedFile) {
  const findings = JSON.stringify(file.findings);
  const terms = JSON.stringify(termsOf(file.text));
  return db.execute(sql`
    insert into staff.files (org_id, sha256, size, pages, findings, served, words, terms, crc)
    select s.org_id, ${file.sha256}, ${file.size}, ${file.pages}, ${findings}::jsonb, ${file.served}, ${file.text},
           array(select jsonb_array_elements_text(${terms}::jsonb)), ${file.crc}
      from staff.context() s
    on conflict (org_id, sha256) do update
       set pages = excluded.pages, findings = excluded.findings, served = excluded.served,
           words = excluded.words, terms = excluded.terms, collected_at = null`);
}

/** How a file is told of on an upload: its findings as problems. */
export const asProblems = (findings: readonly KeptFinding[]) =>
  findings.map((finding) => ({ ...finding, severity: 'blocking' satisfies Severity }));
