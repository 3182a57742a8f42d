/** Makes a supplier and its first owner: what no screen can do, since nobody could sign in to it. */
import { randomInt } from 'node:crypto';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS } from '../../worker/vocabulary.ts';

/** Runs one statement through the owner's connection. */
export type Sql = (query: string, params: unknown[]) => Promise<Record<string, unknown>[]>;

export type NewOrg = {
  slug: string;
  name: string;
  owner: { email: string; name: string };
  /** 6 characters, inside every token; random when not given. */
  code?: string;
  timeZone?: string;
};

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function randomCode(): string {
  return Array.from({ length: 6 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('');
}

/**
 * The org, its owner and its default exposure (everything), in one statement: all or nothing.
 * A slug or code that is taken fails with Postgres' unique violation (23505).
 */
export async function createOrg(sql: Sql, wanted: NewOrg): Promise<{ id: string; code: string }> {
  const code = wanted.code ?? randomCode();
  const [row] = await sql(
    `with org as (
       insert into portal.orgs (slug, code, name, time_zone) values ($1, $2, $3, $4) returning id
     ), owner as (
       insert into staff.members (org_id, email, name, role) select id, lower($5), $6, 'owner' from org
     ), exposure as (
       insert into staff.exposures (org_id, kinds, fields) select id, $7::text[], $8::text[] from org
     )
     select id from org`,
    [
      wanted.slug,
      code,
      wanted.name,
      wanted.timeZone ?? 'UTC',
      wanted.owner.email,
      wanted.owner.name,
      `{${DOCUMENT_KINDS.join(',')}}`,
      `{${EXPOSABLE_FIELDS.join(',')}}`,
    ],
  );
  return { id: String(row?.id), code };
}
