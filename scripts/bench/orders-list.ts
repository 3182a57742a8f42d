/**
 * `orders-list`: requests per second of a customer's list of orders against a Worker that does a bare
 * batch (see bare.ts), in the same runtime, through the same SQL server, on the same database.
 */
import { PORTAL } from '../../worker/test/stack.ts';
import { PLAIN, startBare } from './bare-worker.ts';
import { type Bench, inTurn, rounded, throughput } from './bench.ts';
import { addOrders, addPaperwork, makeSupplier } from './fill.ts';

const CLIENTS = 8;
const ORDERS_EACH = 150;
const ROUNDS = 40;
const ROUND_MS = 500;
const WARM_MS = 10_000;
const BUDGET = 0.85;

export const ordersList: Bench = async ({ stack }) => {
  // A customer for each client: requests of one link wait for each other, on both sides.
  const { org, visitors } = await makeSupplier(stack, CLIENTS);
  await addOrders(stack, org, { prefix: 'C-', from: 0, count: CLIENTS * ORDERS_EACH });
  await addPaperwork(stack, org, 'C-');
  const bare = await startBare(stack, [
    'create table bench.links (customer_id uuid primary key, hour_count int not null default 0, used_at timestamptz)',
    'create table bench.events (like audit.events including defaults including indexes)',
    'create table bench.orders (like portal.orders including defaults including indexes)',
    `insert into bench.orders select * from portal.orders where org_id = '${org.id}'`,
    'insert into bench.links (customer_id) select distinct customer_id from bench.orders',
  ]);
  const customers = await stack.sql<{ customer_id: string }>('select customer_id from bench.links');
  await stack.sql('analyze');

  const list = async (client: number) => {
    const headers = { Cookie: visitors[client]?.cookie ?? '', ...PLAIN };
    const response = await stack.fetch(`${PORTAL}/api/portal/customer/me/orders`, { headers });
    mustBeTwenty(await response.json());
  };
  const batch = async (client: number) => {
    const customer = customers[client]?.customer_id;
    mustBeTwenty(await bare.ask(`?org=${org.id}&customer=${customer}`));
  };
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
