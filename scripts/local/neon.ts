/**
 * A local Neon: the `/sql` HTTP endpoint that `@neondatabase/serverless` speaks to
 * (`neonConfig.fetchEndpoint`), in front of PGlite or a real PostgreSQL.
 * Protocol: https://neon.com/docs/serverless/serverless-driver and, for the wire,
 * https://github.com/neondatabase/neon/blob/main/proxy/src/serverless/sql_over_http.rs
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { PGlite } from '@electric-sql/pglite';
import { listen, readBody } from './http.ts';
import type {
  Backend,
  BatchOptions,
  ConnectionUser,
  Statement,
  StatementResult,
} from './neon-backend.ts';
import { pgliteBackend } from './neon-pglite.ts';
import { postgresBackend } from './neon-postgres.ts';

/** Neon's limit for a request and for a response. */
const BODY_MAX_BYTES = 10 * 1024 * 1024;

const ISOLATION_LEVELS: Record<string, BatchOptions['isolation']> = {
  ReadUncommitted: 'read uncommitted',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Serializable: 'serializable',
};

const ERROR_FIELDS = [
  'severity',
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

/**
 * What a test can make go wrong until it sets `fault` back to null.
 * `down`: every request gets 503. `reset`: the connection is cut before anything runs.
 * `late`: the statements run at once, the answer comes `ms` later, so a caller that gave up cannot
 * know whether they committed. `error`: the first statement whose SQL contains `match` fails in its
 * place with SQLSTATE XX000, so that its batch rolls back. `overtaken`: the first request whose SQL contains
 * `match` waits until the next such request has run.
 */
export type NeonFault =
  | { kind: 'down' }
  | { kind: 'reset' }
  | { kind: 'late'; ms: number }
  | { kind: 'error'; match: string }
  | { kind: 'overtaken'; match: string; by?: PromiseWithResolvers<void> };

/** Where the rows are: a PGlite instance, or the owner's connection string of a real PostgreSQL. */
export type NeonDatabase = PGlite | { url: string };

export type NeonServer = {
  /** For `neonConfig.fetchEndpoint`: `http://127.0.0.1:PORT/sql` */
  url: string;
  port: number;
  /** HTTP requests, that is database round trips, since the start or the last reset; of one user. */
  requests(user?: string): number;
  resetRequests(): void;
  fault: NeonFault | null;
  /** Stops the server and its connections; a PGlite instance stays open, it is its owner's. */
  stop(): Promise<void>;
};

/** A PostgreSQL in this process: under `dataDir`, or in memory without one. */
export function openPglite(dataDir?: string): Promise<PGlite> {
  return dataDir === undefined ? PGlite.create() : PGlite.create(dataDir);
}

/**
 * Starts the SQL endpoint. `port` 0 or none takes any free one.
 * The connection string's user decides the rights: `postgres` on PGlite runs as is, any other user
 * must be a role that may log in, else the answer is Postgres' 28000. Passwords count only on a real
 * PostgreSQL.
 */
export async function startNeon(options: {
  port?: number;
  database: NeonDatabase;
}): Promise<NeonServer> {
  const { database } = options;
  if (!('url' in database)) await database.waitReady;
  const backend = 'url' in database ? postgresBackend(database.url) : pgliteBackend(database);
  const stopping = new AbortController();
  const requests = new Map<string, number>();

  const http = await listen((request, response) => {
    const user = connectionUser(request.headers['neon-connection-string'])?.user ?? '';
    requests.set(user, (requests.get(user) ?? 0) + 1);
    answer(request, response, backend, server.fault, stopping.signal).catch((error) => {
      console.error(error);
      request.socket.destroy();
    });
  }, options.port);

  const server: NeonServer = {
    url: `${http.loopbackUrl}/sql`,
    port: http.port,
    requests: (user) =>
      [...requests].reduce(
        (sum, [name, count]) => (user === undefined || name === user ? sum + count : sum),
        0,
      ),
    resetRequests: () => requests.clear(),
    fault: null,
    stop: async () => {
      stopping.abort();
      await http.stop();
      await backend.close();
    },
  };
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  backend: Backend,
  fault: NeonFault | null,
  stopping: AbortSignal,
): Promise<void> {
  if (fault?.kind === 'reset') {
    request.socket.destroy();
    return;
  }
  if (fault?.kind === 'down') return send(response, 503, { message: 'The database is down.' });
  if (request.method !== 'POST' || request.url !== '/sql') {
    return send(response, 404, { message: 'Only POST /sql is here.' });
  }
  const body = await readBody(request, BODY_MAX_BYTES).catch(() => undefined);
  if (body === undefined) return; // the caller went away while it was sending
  if (body === null) {
    return send(response, 413, {
      message: `request is too large (max is ${BODY_MAX_BYTES} bytes)`,
    });
  }
  const parsed = parse(request.headers, body);
  if (typeof parsed === 'string') return send(response, 400, { message: parsed });
  if (fault?.kind === 'error') failAt(parsed.statements, fault.match);

  const ends = fault?.kind === 'overtaken' ? await overtake(fault, parsed.statements) : undefined;
  const outcome = await execute(backend, parsed);
  ends?.();
  if (fault?.kind === 'late')
    await delay(fault.ms, undefined, { signal: stopping }).catch(() => {});
  send(response, outcome.status, outcome.body);
}

/** Keeps the first of two requests back; what the second one calls when it has run lets it go. */
async function overtake(
  fault: Extract<NeonFault, { kind: 'overtaken' }>,
  statements: readonly Statement[],
): Promise<(() => void) | undefined> {
  if (!statements.some(({ query }) => query.includes(fault.match))) return undefined;
  if (fault.by !== undefined) return fault.by.resolve;
  fault.by = Promise.withResolvers<void>();
  await fault.by.promise;
  return undefined;
}

type SqlRequest = { who: ConnectionUser; statements: Statement[]; options: BatchOptions | null };

async function execute(
  backend: Backend,
  { who, statements, options }: SqlRequest,
): Promise<{ status: number; body: unknown }> {
  try {
    const results = (await backend.run(who, statements, options)).map(present);
    return { status: 200, body: options === null ? results[0] : { results } };
  } catch (error) {
    if (!isPostgresError(error)) {
      return { status: 503, body: { message: 'The database does not answer.' } };
    }
    const body: Record<string, unknown> = { message: error.message };
    for (const field of ERROR_FIELDS) body[field] = error[field] ?? null;
    return { status: 400, body };
  }
}

/** The request in our terms, or what is wrong with it. */
function parse(headers: IncomingHttpHeaders, body: string): SqlRequest | string {
  const who = connectionUser(headers['neon-connection-string']);
  if (who === null) return 'invalid connection string';
  if (headers['neon-raw-text-output'] !== 'true' || headers['neon-array-mode'] !== 'true') {
    return 'only raw text output in array mode is served here';
  }
  let payload: unknown;
  try {
    payload = JSON.parse(body);
  } catch {
    return 'the body is not JSON';
  }
  if (isStatement(payload)) return { who, statements: [payload], options: null };
  const queries = (payload as { queries?: unknown } | null)?.queries;
  if (!Array.isArray(queries) || !queries.every(isStatement)) {
    return 'the body is neither a query nor a batch';
  }
  const level = headers['neon-batch-isolation-level'];
  const isolation = level === undefined ? null : ISOLATION_LEVELS[String(level)];
  if (isolation === undefined) return 'invalid isolation level';
  const options = {
    isolation,
    readOnly: headers['neon-batch-read-only'] === 'true',
    deferrable: headers['neon-batch-deferrable'] === 'true',
  };
  return { who, statements: queries, options };
}

function isStatement(value: unknown): value is Statement {
  if (typeof value !== 'object' || value === null) return false;
  if (!('query' in value) || typeof value.query !== 'string' || !('params' in value)) return false;
  // Postgres' protocol ends a text at the first NUL and would read the rest as something else.
  if (value.query.includes('\0')) return false;
  const { params } = value;
  return Array.isArray(params) && params.every((p) => p === null || typeof p === 'string');
}

function connectionUser(header: string | string[] | undefined): ConnectionUser | null {
  try {
    const { username, password } = new URL(String(header));
    if (username === '') return null;
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return null;
  }
}

function present({ fields, rows, command, rowCount }: StatementResult) {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
  return { fields: columns, rows, command, rowCount, rowAsArray: true };
}

type PostgresError = Error & Partial<Record<(typeof ERROR_FIELDS)[number], string>>;

/** Postgres' errors have both a severity and an SQLSTATE; a socket's have only a code. */
function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && 'severity' in error && 'code' in error;
}

function failAt(statements: Statement[], match: string): void {
  const at = statements.findIndex(({ query }) => query.includes(match));
  if (at === -1) return;
  const query = `do $$ begin raise exception 'injected fault' using errcode = 'XX000'; end $$`;
  statements[at] = { query, params: [] };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  const bytes = Buffer.byteLength(text);
  if (bytes > BODY_MAX_BYTES) {
    send(response, 507, { message: `response is too large (max is ${BODY_MAX_BYTES} bytes)` });
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes });
  response.end(text);
}
