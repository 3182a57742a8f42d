import { type PGlite, protocol } from '@electric-sql/pglite';
import type { Backend, BatchOptions, Statement, StatementResult } from './neon-backend.ts';
import { beginSql, commandOf } from './neon-backend.ts';

const { serialize } = protocol;

/** PGlite's own user: everything it runs, it runs as is. */
const SUPERUSER = 'postgres';

// What a transaction's end goes back to. Without it PGlite has no value to restore and the next
// request would run as the last one's user. Its own Sync, so that a rollback does not undo it.
const OWN_SESSION = pipeline([{ query: `set session authorization ${SUPERUSER}`, params: [] }]);
const ROLLBACK = pipeline([{ query: 'rollback', params: [] }]);

type Messages = Awaited<ReturnType<PGlite['execProtocol']>>['messages'];

/**
 * Runs requests on a PGlite instance, which has one connection: they wait for each other and for
 * whoever else uses the instance. A request's statements travel to the engine as one pipeline.
 * Passwords are not checked (PGlite has no sign-in); the user must be a role that may log in.
 * Throws PGlite's DatabaseError. The instance stays its owner's: `close` leaves it open.
 */
export function pgliteBackend(database: PGlite): Backend {
  // Asked once a role, as a pool does: a connection stays open when its role loses LOGIN later.
  const mayLogIn = new Set<string>([SUPERUSER]);

  async function run(user: string, statements: Statement[], options: BatchOptions | null) {
    if (!mayLogIn.has(user)) {
      await checkLogin(database, user);
      mayLogIn.add(user);
    }
    const asRole = user !== SUPERUSER;
    const before: Statement[] = [];
    if (options !== null || asRole) before.push({ query: beginSql(options), params: [] });
    if (asRole) before.push({ query: signInSql(user), params: [] });
    const after: Statement[] = before.length > 0 ? [{ query: 'commit', params: [] }] : [];

    if (asRole) await database.execProtocol(OWN_SESSION);
    const { messages } = await database.execProtocol(
      pipeline([...before, ...statements, ...after]),
      { throwOnError: false },
    );
    const { results, failure } = collect(messages);
    if (failure === null) return results.slice(before.length, before.length + statements.length);
    if (before.length > 0) await database.execProtocol(ROLLBACK);
    throw failure;
  }

  return {
    run: ({ user }, statements, options) =>
      // The lock that PGlite's own query() and transaction() take first; it has no public name.
      // Holding it keeps us out of a transaction that a test has open on the same instance.
      database._runExclusiveTransaction(() =>
        database._runExclusiveQuery(() => run(user, statements, options)),
      ),
    close: async () => {},
  };
}

async function checkLogin(database: PGlite, user: string): Promise<void> {
  const query = 'select from pg_roles where rolname = $1 and rolcanlogin';
  const { messages } = await database.execProtocol(pipeline([{ query, params: [user] }]));
  if (collect(messages).results[0]?.rows.length === 1) return;
  throw Object.assign(new Error(`role "${user}" does not exist or may not log in`), {
    severity: 'FATAL',
    code: '28000',
  });
}

// Session authorization rather than the role: session_user is then the login role, as on a real
// connection, and `reset role` gains nothing.
function signInSql(user: string): string {
  return `set local session authorization "${user.replaceAll('"', '""')}"`;
}

/** Postgres' extended protocol: everything at once, one Sync, so that an error skips the rest. */
function pipeline(statements: Statement[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { query, params } of statements) {
    parts.push(
      serialize.parse({ text: query }),
      serialize.bind({ values: params }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
    );
  }
  parts.push(serialize.sync());
  return Buffer.concat(parts);
}

/** The statements that completed, and the error that stopped them or null. */
function collect(messages: Messages): { results: StatementResult[]; failure: Error | null } {
  const results: StatementResult[] = [];
  let fields: StatementResult['fields'] = [];
  let rows: StatementResult['rows'] = [];
  for (const message of messages) {
    // PGlite types every message as its name alone; the names tell which class it is.
    if (message.name === 'error') return { results, failure: message as unknown as Error };
    if (message.name === 'rowDescription') {
      fields = (message as unknown as { fields: StatementResult['fields'] }).fields;
    } else if (message.name === 'dataRow') {
      rows.push((message as unknown as { fields: (string | null)[] }).fields);
    } else if (message.name === 'commandComplete' || message.name === 'emptyQuery') {
      const tag = (message as unknown as { text?: string }).text ?? '';
      results.push({ fields, rows, ...commandOf(tag) });
      fields = [];
      rows = [];
    }
  }
  return { results, failure: null };
}
