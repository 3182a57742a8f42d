/** The database of the local stack: PGlite in a folder, or the PostgreSQL that it is told to use. */
import { join } from 'node:path';
import pg from 'pg';
import type { OwnerSql } from './create-org.ts';
import {
  AUDIENCES,
  type LoginUrls,
  migratePglite,
  migratePostgres,
  renewPasswords,
  roleOf,
} from './migrations.ts';
import { type NeonServer, openPglite, startNeon } from './neon.ts';

export type LocalDatabase = {
  /** The owner's connection string; through the `/sql` endpoint, whatever the engine. */
  ownerUrl: string;
  loginUrls: LoginUrls;
  sql: OwnerSql;
  neon: NeonServer;
  stop(): Promise<void>;
};

/**
 * Opens and migrates the database and puts Neon's protocol in front of it on `port`. With `url`, a
 * PostgreSQL's owner connection string, its login roles get new passwords. Throws when the port is
 * taken, or Postgres' error.
 */
export function openDatabase(options: {
  folder: string;
  port: number;
  url: string | undefined;
}): Promise<LocalDatabase> {
  const { folder, port, url } = options;
  return url ? openPostgres(url, port) : openInFolder(folder, port);
}

async function openInFolder(folder: string, port: number): Promise<LocalDatabase> {
  const pglite = await openPglite(join(folder, 'postgres'));
  await migratePglite(pglite);
  const neon = await startNeon({ port, database: pglite });
  // PGlite checks no passwords; the driver wants one to be there.
  const urlOf = (role: string) => `postgres://${role}:local@127.0.0.1/postgres`;
  return {
    ownerUrl: urlOf('postgres'),
    loginUrls: Object.fromEntries(
      AUDIENCES.map((audience) => [audience, urlOf(roleOf(audience))]),
    ) as LoginUrls, // every audience has its entry
    sql: (query, params) => pglite.query(query, params),
    neon,
    stop: async () => {
      await neon.stop();
      await pglite.close();
    },
  };
}

async function openPostgres(url: string, port: number): Promise<LocalDatabase> {
  await migratePostgres(url);
  const loginUrls = await renewPasswords(url);
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  // An idle connection that the server closes is simply replaced by the next one.
  pool.on('error', () => {});
  const neon = await startNeon({ port, database: { url } });
  return {
    ownerUrl: url,
    loginUrls,
    sql: (query, params) => pool.query(query, params),
    neon,
    stop: async () => {
      await neon.stop();
      await pool.end();
    },
  };
}
