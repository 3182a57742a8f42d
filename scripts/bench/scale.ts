/**
 * `scale`: a customer's list of orders when the supplier has 10,000 orders and when it has 3,000,000:
 * as a batch in the database, and as a request. The customer has 150 of them in both, one other has
 * very many. The orders in the way are orders alone, with nothing that hangs on them.
 */

import { drizzle } from 'drizzle-orm/neon-http';
import pg from 'pg';
import { hashSecret } from '../../worker/access/tokens.ts';
import { listOrders } from '../../worker/domain/order.ts';
import type { Customer } from '../../worker/test/clients.ts';
import { PORTAL } from '../../worker/test/stack.ts';
import { type Bench, type Measure, median, repeat, rounded } from './bench.ts';
import { addCrowd, addOrders, addPaperwork, makeSupplier } from './fill.ts';

const SMALL = 10_000;
const LARGE = 3_000_000;
const OWN = 150;
const MANY = 20_000;
const CHUNK = 250_000;
const BUDGET = 1.2;
const BATCHES = 400;
const REQUESTS = 300;

/** Milliseconds. `idle` is a request that asks nothing: how fast the machine was in that minute. */
type Reading = { batch: number; request: number; idle: number };

export const scale: Bench = async ({ stack, postgres }) => {
  const { org, visitors } = await makeSupplier(stack, 2);
  const [own, many] = visitors;
  if (own === undefined || many === undefined) {
    throw new Error('two customers were made');
  }
  await addCrowd(stack, org, 1_000);
  await addOrders(stack, org, { prefix: 'C-0', from: 0, count: OWN });
  await addPaperwork(stack, org, 'C-0');
  await addOrders(stack, org, { prefix: 'X-', from: 1_000_000, count: SMALL - OWN });

  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('grant counterfoil_customer to current_user');
  const settle = async () => {
    await client.query('vacuum analyze');
  };
  const read = async (visitor: Customer): Promise<Reading> => {
    const batch = await batchOf(client, visitor);
    await repeat(BATCHES / 4, batch);
    const before = await scansOf(client);
    const batches = await repeat(BATCHES, batch);
    const after = await scansOf(client);
    if (after.whole > before.whole || after.byIndex - before.byIndex < BATCHES) {
      throw new Error('the list of orders does not read through orders_customer_placed');
    }
    const timed = (call: () => Promise<unknown>) => async () => {
      const startedAt = performance.now();
      await call();
      return performance.now() - startedAt;
    };
    const list = timed(() => visitor.me('orders'));
    const idle = timed(async () => (await stack.fetch(`${PORTAL}/healthz`)).text());
    await repeat(REQUESTS / 4, list);
    const pairs: [number, number][] = [];
    await repeat(REQUESTS, async () => pairs.push([await list(), await idle()]));
    return {
      batch: median(batches),
      request: median(pairs.map(([ms]) => ms)),
      idle: median(pairs.map(([, ms]) => ms)),
    };
  };
  try {
    await settle();
    const small = await read(own);
    for (let from = SMALL; from < LARGE; from += CHUNK) {
      const count = Math.min(CHUNK, LARGE - from);
      await addOrders(stack, org, { prefix: 'X-', from: 1_000_000 + from, count });
    }
    await addOrders(stack, org, { prefix: 'C-1', from: 10_000_000, count: MANY });
    await addPaperwork(stack, org, 'C-1');
    await settle();
    const large = await read(own);
    const largeMany = await read(many);
    const measure = (name: string, value: number, baseline: number): Measure => ({
      name: `scale, ${name}`,
      value: rounded(value),
      unit: 'ms',
      baseline: rounded(baseline),
      ratio: rounded(value / baseline),
      budget: `<= ${BUDGET}`,
      ok: value / baseline <= BUDGET,
    });
    return [
      measure('database batch', large.batch, small.batch),
      measure('request', atSpeedOf(small, large), small.request),
      measure(`database batch, customer of ${MANY}`, largeMany.batch, small.batch),
      measure(`request, customer of ${MANY}`, atSpeedOf(small, largeMany), small.request),
    ];
  } finally {
    await client.end();
  }
};

/** The statements that the request sends, in one transaction as the customer's role. */
async function batchOf(client: pg.Client, { cookie }: Customer) {
  const secret = /__Host-counterfoil=(\w+)/.exec(cookie)?.[1] ?? '';
  const credential = await hashSecret(secret);
  const list = listOrders(drizzle.mock(), { status: 'all' }).toSQL();
  return async () => {
    const startedAt = performance.now();
    await client.query('begin');
    await client.query('set local role counterfoil_customer');
    await client.query("select * from portal.enter($1::bytea, 'orders.listed', 'bench')", [
      credential,
    ]);
    await client.query(list.sql, list.params);
    const ms = performance.now() - startedAt;
    // Not timed: it waits for the disk, which is still busy with the millions that were just made.
    await client.query('commit');
    return ms;
  };
}

/** How often the orders were read from end to end, and through the index of the list. */
async function scansOf(client: pg.Client): Promise<{ whole: number; byIndex: number }> {
  await client.query('select pg_stat_force_next_flush()');
  const { rows } = await client.query<{ whole: number; byIndex: number }>(
    `select t.seq_scan::int as whole, i.idx_scan::int as "byIndex"
       from pg_stat_all_tables t join pg_stat_all_indexes i on i.relid = t.relid
      where t.relid = 'portal.orders'::regclass and i.indexrelname = 'orders_customer_placed'`,
  );
  return rows[0] ?? { whole: 0, byIndex: 0 };
}

/** A reading's request, as fast as the machine was at another reading, minutes before. */
function atSpeedOf(before: Reading, reading: Reading): number {
  return reading.request * (before.idle / reading.idle);
}
