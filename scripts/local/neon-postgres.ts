import pg from 'pg';
import type { Backend, ConnectionUser, Statement, StatementResult } from './neon-backend.ts';
import { beginSql, commandOf } from './neon-backend.ts';

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
        if (options === null) return await pipeline(client, statements);
        const begin = { query: beginSql(options), params: [] };
        const commit = { query: 'commit', params: [] };
        const results = await pipeline(client, [begin, ...statements, commit]);
        return results.slice(1, -1);
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

/**
 * Runs statements with one Sync after the last: one round trip for all, and an error skips the rest.
 * Postgres' extended protocol, since the simple one would take several statements in one string, which
 * Neon refuses. pg calls the handlers as it calls those of its own queries and of pg-cursor.
 */
function pipeline(client: pg.PoolClient, statements: Statement[]): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  let fields: StatementResult['fields'] = [];
  let rows: StatementResult['rows'] = [];
  const complete = (tag: string) => {
    results.push({ fields, rows, ...commandOf(tag) });
    [fields, rows] = [[], []];
  };
  return new Promise((resolve, reject) => {
    client.query({
      submit(connection: pg.Connection) {
        connection.stream.cork();
        for (const { query, params } of statements) {
          connection.parse({ text: query, name: '', types: [] }, true);
          connection.bind({ values: params }, true);
          connection.describe({ type: 'P', name: '' }, true);
          connection.execute({}, true);
        }
        connection.sync();
        connection.stream.uncork();
      },
      handleRowDescription(message: { fields: StatementResult['fields'] }) {
        fields = message.fields;
      },
      handleDataRow(message: { fields: StatementResult['rows'][number] }) {
        rows.push(message.fields);
      },
      handleCommandComplete: ({ text }: { text: string }) => complete(text),
      handleEmptyQuery: () => complete(''),
      handleError: reject,
      handleReadyForQuery: () => resolve(results),
      // There is nothing to copy from in a request, and until told so the server would wait.
      handleCopyInResponse: (connection: pg.Connection) => connection.stream.destroy(),
      handleCopyData() {},
    });
  });
}
