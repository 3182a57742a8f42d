/** The bare Worker of bare.ts, with tables of its own that hold the same rows as ours. */
import { randomBytes } from 'node:crypto';
import { createTestHarness } from 'wrangler';
import type { Stack } from '../../worker/test/stack.ts';

/** Compression is the edge's, not ours: here it would only make both sides slower. */
export const PLAIN = { 'Accept-Encoding': 'identity' };

export type BareWorker = {
  /** A request to it, such as `?org=…&customer=…`. */
  ask(query: string): Promise<unknown>;
  stop(): Promise<void>;
};

/** Starts it under the same settings as ours, in a schema `bench` that `tables` makes and fills. */
export async function startBare(stack: Stack, tables: readonly string[]): Promise<BareWorker> {
  const password = randomBytes(16).toString('hex');
  for (const statement of [
    'create schema bench',
    `create role counterfoil_bench login password '${password}'`,
    ...tables,
    'grant usage on schema bench to counterfoil_bench',
    'grant select, insert, update on all tables in schema bench to counterfoil_bench',
  ]) {
    await stack.sql(statement);
  }
  const harness = createTestHarness({
    root: new URL('../..', import.meta.url).pathname,
    workers: [
      {
        config: {
          name: 'bare',
          main: 'scripts/bench/bare.ts',
          compatibility_date: '2026-11-01',
          assets: {
            directory: 'web/dist',
            binding: 'ASSETS',
            run_worker_first: ['/*', '!/assets/*'],
          },
          vars: {
            DATABASE_URL: `postgres://counterfoil_bench:${password}@local.test/postgres`,
            DATABASE_ENDPOINT: stack.database.url,
          },
        },
      },
    ],
  });
  await harness.listen();
  return {
    async ask(query) {
      return (await harness.fetch(`http://bare.test/${query}`, { headers: PLAIN })).json();
    },
    async stop() {
      await harness.close();
      await stack.sql('drop schema bench cascade');
      await stack.sql('drop role counterfoil_bench');
    },
  };
}
