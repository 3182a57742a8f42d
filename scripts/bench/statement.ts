/**
 * `statement`: a customer's statement of 5,000 movements, as the portal's API gives it, against a Worker that does
 * the bare query of the same rows with a running sum (see bare.ts), through the same SQL server; and its PDF,
 * within what a Worker may take.
 */
import type { Statement } from '../../worker/domain/statement.ts';
import { contactOf } from '../../worker/test/cast.ts';
import { PORTAL, type Stack } from '../../worker/test/stack.ts';
import { PLAIN, startBare } from './bare-worker.ts';
import { atMost, type Bench, inTurn, median, repeat, rounded } from './bench.ts';
import { makeSupplier } from './fill.ts';
import { growthOf, servingProcesses } from './memory.ts';

const INVOICES = 3_500;
const NOTES = 500;
const PAYMENTS = 1_000;
const MOVEMENTS = INVOICES + NOTES + PAYMENTS;
/** To today: what is dated behind it is looked for too. */
const PERIOD = 'from=2025-01-01';
const ROUNDS = 12;
const EACH = 4;
const WARM = 10;
const BUDGET = 1.5;
/** Seconds and megabytes that a request may take. Source: https://developers.cloudflare.com/workers/platform/limits/ */
const PDF_BUDGET_S = 30;
const PDF_BUDGET_MB = 128;

export const statement: Bench = async ({ stack }) => {
  const { org, visitors } = await makeSupplier(stack, 1);
  const { customerId } = await contactOf(stack, org, 'C-0');
  await fill(stack, org.id, customerId);
  const bare = await startBare(stack, [
    'create table bench.invoices (like portal.invoices including defaults including indexes)',
    'create table bench.payments (like portal.payments including defaults including indexes)',
    `insert into bench.invoices select * from portal.invoices where org_id = '${org.id}'`,
    `insert into bench.payments select * from portal.payments where org_id = '${org.id}'`,
    'analyze bench.invoices',
    'analyze bench.payments',
  ]);
  const headers = { Cookie: visitors[0]?.cookie ?? '', ...PLAIN };

  const ours = async () => {
    const path = `${PORTAL}/api/portal/customer/me/statement?${PERIOD}`;
    const response = await stack.fetch(path, { headers });
    if (response.status !== 200) {
      throw new Error(`refused: ${await response.text()}`);
    }
    const body = (await response.json()) as { statement: Statement };
    mustBeAll(body.statement.figures.blocks[0]?.movements.length);
  };
  const query = async () => {
    const answer = await bare.ask(`?movements&org=${org.id}&customer=${customerId}`);
    mustBeAll((answer as { movements?: unknown[] }).movements?.length);
  };
  const timed = (call: () => Promise<void>) => async () => {
    const startedAt = performance.now();
    await call();
    return performance.now() - startedAt;
  };
  await repeat(WARM, timed(ours));
  await repeat(WARM, timed(query));
  const { value, baseline, ratio } = await inTurn(
    ROUNDS,
    async () => median(await repeat(EACH, timed(ours))),
    async () => median(await repeat(EACH, timed(query))),
  );
  stack.database.resetRequests();
  await ours();
  const trips = stack.database.requests('counterfoil_customer');
  await bare.stop();
  const pdf = async (period: string) => {
    const path = `${PORTAL}/api/portal/customer/me/statement.pdf?${period}`;
    const response = await stack.fetch(path, { headers });
    if (response.status !== 200 || (await response.arrayBuffer()).byteLength === 0) {
      throw new Error(`no PDF: ${response.status}`);
    }
  };
  const small = () => pdf('from=2024-01-01&to=2024-01-31');
  const large = () => pdf(PERIOD);
  await small();
  const seconds = (await timed(large)()) / 1_000;
  const [pid] = servingProcesses();
  const growth = pid === undefined ? null : await growthOf(1, pid, { small, large });
  return [
    {
      name: 'statement',
      value: rounded(value),
      unit: 'ms',
      baseline: rounded(baseline),
      ratio: rounded(ratio),
      budget: `<= ${BUDGET}`,
      ok: ratio <= BUDGET,
    },
    {
      name: 'statement, round trips',
      value: trips,
      unit: 'round trips',
      baseline: null,
      ratio: null,
      budget: '1',
      ok: trips === 1,
    },
    atMost('statement, PDF', seconds, 's', PDF_BUDGET_S),
    ...(growth === null ? [] : [atMost('statement, PDF, memory', growth, 'MB', PDF_BUDGET_MB)]),
  ];
};

function mustBeAll(movements: number | undefined): void {
  if (movements !== MOVEMENTS) {
    throw new Error(`expected ${MOVEMENTS} movements, not ${movements}`);
  }
}

/** A year of invoices, a credit note for one in seven, and payments that each go to two of them. */
async function fill(stack: Stack, org: string, customer: string): Promise<void> {
  await stack.sql(
    `insert into portal.invoices (org_id, customer_id, number, number_key, kind, issued_on, due_on, currency, total, credits_key)
     select $1::uuid, $2::uuid, 'I-' || i, 'I-' || i, 'invoice', date '2025-01-01' + i % 330, date '2025-01-31' + i % 330, 'EUR', 100 + i % 900, null
       from generate_series(1, $3::int) i
     union all
     select $1::uuid, $2::uuid, 'N-' || i, 'N-' || i, 'credit_note', date '2025-01-05' + i % 330, null, 'EUR', 10, 'I-' || i * 7
       from generate_series(1, $4::int) i`,
    [org, customer, INVOICES, NOTES],
  );
  await stack.sql(
    `insert into portal.payments (org_id, customer_id, number, number_key, paid_on, currency, amount, reference)
     select $1::uuid, $2::uuid, 'P-' || i, 'P-' || i, date '2025-01-20' + i % 330, 'EUR', 200, 'Transfer ' || i from generate_series(1, $3::int) i`,
    [org, customer, PAYMENTS],
  );
  await stack.sql(
    `insert into portal.payment_allocations (org_id, customer_id, payment_id, invoice_number, invoice_key, amount)
     select y.org_id, y.customer_id, y.id, 'I-' || k, 'I-' || k, 100
       from portal.payments y cross join lateral (values (substr(y.number, 3)::int), (substr(y.number, 3)::int + 1000)) n(k)
      where y.customer_id = $1`,
    [customer],
  );
  await stack.sql('analyze');
}
