/** The PostgreSQL of a test run: started before its files, or made on the server of TEST_POSTGRES_URL, and gone after them. */
import { openPostgres } from '../../scripts/local/postgres.ts';

/** Sets TEST_DATABASE_URL, the owner's connection string; vitest starts its processes with it. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, stop } = await openPostgres(process.env.TEST_POSTGRES_URL);
  process.env.TEST_DATABASE_URL = url;
  return stop;
}
