/** What jobs, and machines whose signature was checked, ask of every org. */
import { handleOf, runBatch } from './connection.ts';
import type { Database, Db, Query, Results } from './context.ts';

/** Runs a job's queries, for every org, in one round trip. @throws AppError of the batch's failure */
export async function asSystem<T extends readonly Query[]>(
  database: Database,
  queries: (db: Db) => readonly [...T],
): Promise<Results<T>> {
  const db = handleOf(database, 'system');
  return runBatch(db, queries(db)) as Promise<Results<T>>;
}
