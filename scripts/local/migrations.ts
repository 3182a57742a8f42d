/**
 * The migrations, run through the owner's own connection; a second run changes nothing. And the
 * passwords of the three login roles, which no migration holds.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as runOnPostgres } from 'drizzle-orm/node-postgres/migrator';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as runOnPglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';

const MIGRATIONS = {
  migrationsFolder: fileURLToPath(new URL('../../migrations', import.meta.url)),
};

/** The audiences that have a connection string of their own. */
export const AUDIENCES = ['customer', 'staff', 'system'] as const;
export type Audience = (typeof AUDIENCES)[number];
/** An audience's connection string, `postgres://counterfoil_…:password@host/database`. */
export type LoginUrls = Record<Audience, string>;

/** Brings a PGlite up to date, as its superuser. Throws Postgres' error; then nothing has changed. */
export async function migratePglite(pglite: PGlite): Promise<void> {
  await runOnPglite(drizzlePglite(pglite), MIGRATIONS);
}

/**
 * Brings a PostgreSQL up to date. `url` is the owner's connection string: a superuser's, or that of
 * a role which owns the database and has CREATEROLE, as Neon's own owner.
 * Throws Postgres' error; then nothing has changed.
 */
export async function migratePostgres(url: string): Promise<void> {
  await connected(url, (client) => runOnPostgres(drizzlePostgres(client), MIGRATIONS));
}

/**
 * Gives each login role a fresh random password and returns their connection strings; connections
 * with the old ones no longer open. Throws Postgres' error when the roles are not there yet.
 */
export async function renewPasswords(url: string): Promise<LoginUrls> {
  const made = AUDIENCES.map((audience) => {
    // 256 bits: Neon refuses a weak one, and base64url needs no quoting in SQL or in a URL.
    const password = randomBytes(32).toString('base64url');
    return { audience, role: roleOf(audience), password };
  });
  await connected(url, async (client) => {
    await client.query(
      made.map(({ role, password }) => `alter role ${role} password '${password}'`).join('; '),
    );
  });
  const urls = made.map(({ audience, role, password }) => {
    const own = new URL(url);
    own.username = role;
    own.password = password;
    return [audience, own.href];
  });
  return Object.fromEntries(urls);
}

/** The login role of an audience. */
export function roleOf(audience: Audience): string {
  return `counterfoil_${audience}`;
}

/** Runs `work` on one connection of its own. */
export async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** What went wrong, for a person: Postgres' own words, without the statement around them. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof DrizzleQueryError && error.cause) return explain(error.cause);
  // Node's error for a host that answers on no address has its words in the errors within.
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map(explain).join('; ');
  }
  return error.message;
}
