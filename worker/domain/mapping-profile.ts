/** Mapping profiles: how files with the same headers were read the last time. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { mappingProfiles, members } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { Reading } from '../import/reading.ts';

const LISTED_MAX = 500;
const NAME_MAX_CHARACTERS = 100;

/** The org's profiles, the last used first, with who used each. */
export function listProfiles(db: Db) {
  return db
    .select({
      id: mappingProfiles.id,
      /** The file's own names for its columns; empty when it was last staged before they were kept. */
      header: mappingProfiles.header,
      // What staff.finish_import keeps is what its route has checked.
      reading: sql<Reading>`${mappingProfiles.reading}`,
      usedAt: instant(mappingProfiles.usedAt),
      by: members.name,
    })
    .from(mappingProfiles)
    .innerJoin(members, eq(members.id, mappingProfiles.usedBy))
    .orderBy(desc(mappingProfiles.usedAt), desc(mappingProfiles.id))
    .limit(LISTED_MAX);
}

/** Keeps how the last file of a profile spelled its columns; runs behind the import's end, which makes it. */
export function keepHeader(db: Db, fingerprint: string, header: readonly string[]) {
  const names = header.map((name) => name.slice(0, NAME_MAX_CHARACTERS));
  return db.execute(sql`
    update staff.mapping_profiles
       set header = array(select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))
     where fingerprint = ${fingerprint}`);
}

/** Forgets how files with these headers are read, with its event; no row when it is not there. */
export function removeProfile(db: Db, id: string) {
  return db.execute<{ id: string }>(sql`
    with removed as (
      delete from staff.mapping_profiles f where f.id = ${id}::uuid returning f.id, f.header, f.reading
    )
    select id, staff.audit('profile.removed', 'profile', id::text,
                           jsonb_build_object('columns', jsonb_array_length(reading->'fields'), 'header', header))::text
      from removed`);
}
