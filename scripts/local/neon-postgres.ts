import pg from 'pg';
import type { Backend, ConnectionUser, Statement, StatementResult } from './neon-backend.ts';
import { beginSql } from './neon-backend.ts';

/** As many connections as Neon's pooler gives an endpoint. */
const POOL_SIZE = 20;
const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Runs requests on a real PostgreSQL: host, port and database from `url`, user and password from
 * the caller's connection string (the url's own password where the users are the same), one pool a
 * user. Throws pg's DatabaseError, or a plain Error when the server cannot be reached.
 */
export function postgresBackend(url: string): Backend {
  const target = new URL(url);
  const owner = decodeURIComponent(target.username);
  const pools = new Map<string, pg.Pool>();

  function poolOf({ user, password }: ConnectionUser): pg.Pool {
    const key = JSON.stringify([user, password]);
    const known = pools.get(key);
    if (known !== undefined) return known;
    const own = new URL(target);
    own.username = encodeURIComponent(user);
    own.password = user === owner ? target.password : encodeURIComponent(password);
    const pool = new pg.Pool({
      connectionString: own.href,
      max: POOL_SIZE,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      allowExitOnIdle: true,
    });
    // An idle connection that the server closes is simply replaced by the next request's.
    pool.on('error', () => {});
    pools.set(key, pool);
    return pool;
  }

  return {
    run: async (who, statements, options) => {
      const client = await poolOf(who).connect();
      let broken = false;
      // A connection that dies while it is ours also fails its query: that error is the answer.
      const onError = () => {
        broken = true;
      };
      client.on('error', onError);
      try {
        if (options !== null) await client.query(beginSql(options));
        const results: StatementResult[] = [];
        for (const statement of statements) results.push(await query(client, statement));
        if (options !== null) await client.query('commit');
        return results;
      } catch (error) {
        if (!(error instanceof pg.DatabaseError)) broken = true;
        else if (options !== null) await client.query('rollback').catch(onError);
        throw error;
      } finally {
        client.off('error', onError);
        client.release(broken);
      }
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      pools.clear();
    },
  };
}

async function query(client: pg.PoolClient, statement: Statement): Promise<StatementResult> {
  const config = {
    text: statement.query,
    values: statement.params,
    rowMode: 'array' as const,
    types: { getTypeParser: () => (value: string) => value },
    // The simple protocol would take several statements in one string; Neon refuses them.
    queryMode: 'extended',
  };
  const { fields, rows, command, rowCount } = await client.query(config);
  return { fields, rows, command: command ?? '', rowCount };
}
