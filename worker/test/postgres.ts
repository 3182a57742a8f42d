/** The PostgreSQL of a test run: started before its files, or made on the server of TEST_POSTGRES_URL, and gone after them. */
import type { TestProject } from 'vitest/node';
import { openPostgres } from '../../scripts/local/postgres.ts';

/**
 * Sets TEST_DATABASE_URL, the owner's connection string; vitest starts its processes with it. Where each
 * process is kept for many files, each has a server of its own: TEST_DATABASE_URL_1, _2, … by its
 * VITEST_POOL_ID.
 */
export default async function setup({ config }: TestProject): Promise<() => Promise<void>> {
  const count = config.isolate ? 1 : config.maxWorkers;
  const opened = await Promise.allSettled(
    Array.from({ length: count }, () => openPostgres(process.env.TEST_POSTGRES_URL)),
  );
  const servers = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const refused = opened.find((one) => one.status === 'rejected');
  if (refused !== undefined) {
    await stop();
    throw refused.reason;
  }
  process.env.TEST_DATABASE_URL = servers[0]?.url;
  servers.forEach(({ url }, at) => {
    process.env[`TEST_DATABASE_URL_${at + 1}`] = url;
  });
  return stop;
}
