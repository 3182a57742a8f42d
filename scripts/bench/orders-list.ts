/**
 * `orders-list`: requests per second of a customer's list of orders against a Worker that does a bare
 * batch (see bare.ts), in the same runtime, through the same SQL server, on the same database.
 */
import { randomBytes } from 'node:crypto';
import { createTestHarness } from 'wrangler';
import { PORTAL, type Stack } from '../../worker/test/stack.ts';
import { type Bench, inTurn, rounded, throughput } from './bench.ts';
import { addOrders, addPaperwork, makeSupplier } from './fill.ts';

const CLIENTS = 8;
const ORDERS_EACH = 150;
const ROUNDS = 40;
const ROUND_MS = 500;
const WARM_MS = 10_000;
const BUDGET = 0.85;
/** Compression is the edge's, not ours: here it would only make both sides slower. */
const PLAIN = { 'Accept-Encoding': 'identity' };

export const ordersList: Bench = async ({ stack }) => {
  // A customer for each client: requests of one link wait for each other, on both sides.
  const { org, visitors } = await makeSupplier(stack, CLIENTS);
  await addOrders(stack, org, { prefix: 'C-', from: 0, count: CLIENTS * ORDERS_EACH });
  await addPaperwork(stack, org, 'C-');
  const bare = await startBare(stack, org.id);
  await stack.sql('analyze');

  const list = async (client: number) => {
    const headers = { Cookie: visitors[client]?.cookie ?? '', ...PLAIN };
    const response = await stack.fetch(`${PORTAL}/api/portal/customer/me/orders`, { headers });
    mustBeTwenty(await response.json());
  };
  const batch = async (client: number) => mustBeTwenty(await bare.list(client));
  try {
    // Each connection keeps a plan after some calls, and each runtime compiles what is called often.
    await throughput(CLIENTS, WARM_MS, list);
    await throughput(CLIENTS, WARM_MS, batch);
    const { value, baseline, ratio } = await inTurn(
      ROUNDS,
      () => throughput(CLIENTS, ROUND_MS, list),
      () => throughput(CLIENTS, ROUND_MS, batch),
    );
    return [
      {
        name: 'orders-list',
        value: rounded(value),
        unit: 'requests/s',
        baseline: rounded(baseline),
        ratio: rounded(ratio),
        budget: `>= ${BUDGET}`,
        ok: ratio >= BUDGET,
      },
    ];
  } finally {
    await bare.stop();
  }
};

function mustBeTwenty(body: unknown): void {
  const { orders } = body as { orders?: unknown[] };
  if (orders?.length !== 20) {
    throw new Error(`expected 20 orders, not ${JSON.stringify(body)}`);
  }
}

/** The bare Worker under the same wrangler.toml, with tables of its own that hold the same rows. */
async function startBare(stack: Stack, org: string) {
  const password = randomBytes(16).toString('hex');
  for (const statement of [
    'create schema bench',
    `create role counterfoil_bench login password '${password}'`,
    'create table bench.links (customer_id uuid primary key, hour_count int not null default 0, used_at timestamptz)',
    'create table bench.events (like audit.events including defaults including indexes)',
    'create table bench.orders (like portal.orders including defaults including indexes)',
    'grant usage on schema bench to counterfoil_bench',
    'grant select, insert, update on all tables in schema bench to counterfoil_bench',
  ]) {
    await stack.sql(statement);
  }
  await stack.sql('insert into bench.orders select * from portal.orders where org_id = $1', [org]);
  const customers = await stack.sql<{ customer_id: string }>(
    'insert into bench.links (customer_id) select distinct customer_id from bench.orders returning customer_id',
  );
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
    async list(client: number): Promise<unknown> {
      const customer = customers[client]?.customer_id;
      const url = `http://bare.test/?org=${org}&customer=${customer}`;
      return (await harness.fetch(url, { headers: PLAIN })).json();
    },
    async stop() {
      await harness.close();
      await stack.sql('drop schema bench cascade');
      await stack.sql('drop role counterfoil_bench');
    },
  };
}
