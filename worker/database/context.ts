/**
 * The only way to the database is this folder. A request's statements travel as one batch: one HTTP
 * request, one transaction. Statement 1 opens the context that row-level security reads; a query that
 * comes without one sees no rows. Domain functions are given a `Db` to build queries with: they cannot
 * run one, since the handle behind it never leaves this folder. Here: types and no more.
 */
import type { BatchItem } from 'drizzle-orm/batch';
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http';
import type * as schema from './schema.ts';

/** What domain functions build their queries with. */
export type Db = NeonHttpDatabase<typeof schema>;
export type Query = BatchItem<'pg'>;
/** The results of some queries, in their order. */
export type Results<T extends readonly Query[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/** One audience's connection, closed to all but this folder. */
export type Database = { readonly audience: 'customer' | 'staff' | 'system' };
