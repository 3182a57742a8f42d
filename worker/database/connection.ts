/**
 * Connections, and the handles that run what is built. Whoever has a handle may run what they like: it is
 * for those alone that open a context first, the files `as-*` and the doors.
 */
import { neon, neonConfig } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';
import type { Database, Db, Query, Results } from './context.ts';
import { databaseError } from './error.ts';
import * as schema from './schema.ts';

export const CUSTOMER_TIMEOUT_MS = 3_000;
/** Staff's requests and jobs: Neon's own limit. */
export const STAFF_TIMEOUT_MS = 15_000;

const handles = new WeakMap<Database, Db>();

/**
 * Opens an audience's connection. Nothing is sent yet.
 *
 * @param endpoint where the `/sql` protocol is spoken, when it is not Neon's own host
 */
export function openDatabase(
  audience: Database['audience'],
  connectionString: string,
  timeoutMs: number,
  endpoint?: string,
): Database {
  if (endpoint !== undefined) {
    neonConfig.fetchEndpoint = endpoint;
  }
  // READ COMMITTED: statement 1 updates a counter, and under a snapshot two requests of one link
  // would fail each other. The signal is made afresh for each request.
  const client = neon(connectionString, {
    isolationLevel: 'ReadCommitted',
    fetchOptions: {
      get signal() {
        return AbortSignal.timeout(timeoutMs);
      },
    },
  });
  const database: Database = { audience };
  handles.set(database, drizzle({ client, schema }));
  return database;
}

/** The handle behind a connection. @throws Error for one of another audience: a bug */
export function handleOf(database: Database, audience: Database['audience']): Db {
  const handle = handles.get(database);
  if (handle === undefined || database.audience !== audience) {
    throw new Error(`not a connection of the ${audience} role`);
  }
  return handle;
}

/** Runs queries in one round trip and one transaction. @throws AppError of what failed */
export async function runBatch<T extends readonly Query[]>(
  db: Db,
  queries: T,
): Promise<Results<T>> {
  try {
    // db.batch wants a non-empty tuple; every caller puts its own statement first.
    const results = await db.batch(queries as unknown as [Query, ...Query[]]);
    return results as unknown as Results<T>;
  } catch (error) {
    throw databaseError(error);
  }
}

/** The one row that a function gives. */
export function onlyRow<T>(result: { rows: Record<string, unknown>[] }): T {
  // The shape is the function's own `returns table`, in the migrations.
  return result.rows[0] as T;
}
