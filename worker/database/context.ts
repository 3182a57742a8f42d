/**
 * The only way to the database. A request's statements travel as one batch: one HTTP request, one
 * transaction. Statement 1 opens the context that row-level security reads; a query that comes
 * without one sees no rows. Domain functions are given a `Db` to build queries with: they cannot
 * run one, since the handle behind it never leaves `context/`. Its parts, one an audience, are had
 * from here alone.
 */
export * from './context/as-customer.ts';
export * from './context/as-staff.ts';
export * from './context/as-system.ts';
export {
  CUSTOMER_TIMEOUT_MS,
  type Database,
  type Db,
  openDatabase,
  type Query,
  type Results,
  STAFF_TIMEOUT_MS,
} from './context/connection.ts';
export * from './context/doors.ts';
export type { RateLimit, Refused } from './context/entered.ts';
