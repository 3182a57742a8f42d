/** An org, its first owner and its default exposure, through the owner's own connection. */
import { randomInt } from 'node:crypto';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS } from '../../worker/vocabulary.ts';

/** Runs one statement as the owner; `pg`'s and PGlite's `query` both fit. */
export type OwnerSql = (
  query: string,
  params: unknown[],
) => Promise<{ rows: Record<string, unknown>[] }>;

export type NewOrg = {
  slug: string;
  name: string;
  /** Six characters of base62, carried in every access link; random when not given. */
  code?: string | undefined;
  /** An IANA name; UTC when not given. */
  timeZone?: string | undefined;
  owner: { email: string; name: string };
};

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CODE_CHARS = 6;

/** What the constraints of `portal.orgs` and `staff.members` mean to whoever typed the values. */
const MEANINGS: Record<string, (org: NewOrg) => string> = {
  orgs_slug_unique: ({ slug }) => `There is an org "${slug}" already.`,
  orgs_code_unique: ({ code }) => `The code ${code} belongs to another org already.`,
  members_org_email: ({ owner }) => `${owner.email} is a member already.`,
  orgs_slug_shape: () => 'The slug is 2 to 40 small letters, digits and inner hyphens.',
  orgs_code_shape: () => `The code is ${CODE_CHARS} letters and digits.`,
};

/**
 * Makes the org in one statement, with everything exposed until its people say otherwise.
 * Throws an Error for a person when a value is taken or malformed.
 */
export async function createOrg(
  sql: OwnerSql,
  wanted: NewOrg,
): Promise<{ id: string; code: string }> {
  const email = wanted.owner.email.trim().toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    throw new Error(`"${wanted.owner.email}" is not an e-mail address.`);
  }
  const code = wanted.code ?? randomCode();
  const timeZone = wanted.timeZone ?? 'UTC';
  const { rows } = await sql(
    `with org as (
       insert into portal.orgs (slug, code, name, time_zone)
       select $1, $2, $3, z.name from pg_timezone_names z where z.name = $4
       returning id
     ), owner as (
       insert into staff.members (org_id, email, name, role) select id, $5, $6, 'owner' from org
     ), exposure as (
       insert into staff.exposures (org_id, customer_key, kinds, fields)
       select id, null, $7::text[], $8::text[] from org
     )
     select id from org`,
    [
      wanted.slug,
      code,
      wanted.name,
      timeZone,
      email,
      wanted.owner.name,
      [...DOCUMENT_KINDS],
      [...EXPOSABLE_FIELDS],
    ],
  ).catch((error: { constraint?: string }) => {
    const meaning = MEANINGS[error.constraint ?? ''];
    throw meaning ? new Error(meaning({ ...wanted, code })) : error;
  });
  const [row] = rows;
  if (row === undefined) throw new Error(`"${timeZone}" is not a time zone, e.g. Europe/Madrid.`);
  return { id: String(row.id), code };
}

function randomCode(): string {
  return Array.from({ length: CODE_CHARS }, () => BASE62.charAt(randomInt(BASE62.length))).join('');
}
