/**
 * `import`: a CSV of 100,000 rows from its upload to its approval, through the Worker: against a COPY of
 * as many rows into a bare table like staff.publish_items, and row by row against a CSV of 10,000.
 * BENCH_IMPORT_ROWS (as `1000,10000`) tries it with less.
 */
import pg from 'pg';
import { makeOrg } from '../../worker/test/cast.ts';
import type { Stack } from '../../worker/test/stack.ts';
import { atMost, type Bench, type Measure, median, repeat, rounded } from './bench.ts';
import { copyIn, copyOut } from './copy.ts';
import { importFile } from './import-file.ts';
import { growthOf, servingProcesses } from './memory.ts';

const [SMALL = 10_000, LARGE = 100_000] =
  process.env.BENCH_IMPORT_ROWS?.split(',').map(Number) ?? [];
const WARM = 1_000;
const SMALL_ROUNDS = 3;
const COPIES = 3;
const PAGES = 9;
/** What a reviewer may ask the list for. */
const FILTERS = [
  'kind=invoice',
  'change=new',
  'problem=file_missing',
  'show=blocked&kind=document',
];
const COPY_BUDGET = 8;
const LINEAR_BUDGET = 1.3;
const APPROVAL_BUDGET_S = 8;
const PAGE_BUDGET_MS = 300;
/** Megabytes that the Worker may take more for the large file than for the small one. */
const MEMORY_BUDGET_MB = 128;

/** Milliseconds of one import, and what it left. */
type Run = {
  publishId: string;
  items: number;
  staged: number;
  opened: number;
  page: number;
  /** The slowest of the filters. */
  filtered: number;
  approved: number;
};
type Seen = { hash: string; preparing: number; totals: { items: number; passes: number } };

export const importBench: Bench = async ({ stack, postgres }) => {
  await run(stack, WARM);
  // As in production: the statistics know suppliers, and not the next one.
  await stack.sql('analyze');
  const smalls: Run[] = [];
  const larges: Run[] = [];
  const small = async () => {
    smalls.push(await run(stack, SMALL));
  };
  const large = async () => {
    larges.push(await run(stack, LARGE));
  };
  for (let round = 1; round < SMALL_ROUNDS; round += 1) {
    await small();
  }
  // Other stacks of this bench may serve too; this one is the first.
  const [pid] = servingProcesses();
  const growth = pid === undefined ? null : await growthOf(1, pid, { small, large });
  if (growth === null) {
    await small();
    await large();
  }
  const [whole] = larges;
  if (whole === undefined) {
    throw new Error('the large file was not imported');
  }
  const copied = await copyOf(postgres.url, whole);
  const perRow = median(smalls.map(totalOf)) / SMALL;
  const measures: Measure[] = [
    against(`${LARGE} rows to their approval`, totalOf(whole), copied, COPY_BUDGET),
    against(
      `a row of ${LARGE}, against one of ${SMALL}`,
      totalOf(whole) / LARGE,
      perRow,
      LINEAR_BUDGET,
    ),
    atMost('import, approval', whole.approved / 1_000, 's', APPROVAL_BUDGET_S),
    atMost('import, a filtered page of the review', whole.filtered, 'ms', PAGE_BUDGET_MS),
    atMost(`import, a page of the review, ${whole.items} items`, whole.page, 'ms', PAGE_BUDGET_MS),
  ];
  return growth === null
    ? measures
    : [...measures, atMost('import, memory', growth, 'MB', MEMORY_BUDGET_MB)];
};

/** What a person waits for: not the pages that are only looked at. */
const totalOf = ({ staged, opened, approved }: Run) => staged + opened + approved;

/** Imports a file into an org of its own, opens its review, turns its pages, and approves it. */
async function run(stack: Stack, rows: number): Promise<Run> {
  const org = await makeOrg(stack);
  const file = importFile(rows);
  const [staged, imported] = await timed(() => org.clerk.importCsv(file));
  if (imported.status !== 201 || imported.body.import.rows !== rows) {
    throw new Error(`${rows} rows were not staged: ${JSON.stringify(imported.body).slice(0, 500)}`);
  }
  const { publishId } = imported.body;
  const path = `publishes/${publishId}/review`;
  const [opened, { body: review }] = await timed(() => org.approver.get<Seen>(path));
  if (!(review.totals?.passes > 0) || review.preparing > 0) {
    throw new Error(`the review is not ready: ${JSON.stringify(review).slice(0, 500)}`);
  }
  const { items } = review.totals;
  const look = async (asked: string) => {
    const [ms, { status }] = await timed(() => org.approver.get(`${path}?${asked}`));
    if (status !== 200) {
      throw new Error(`the review of ${asked} answered ${status}`);
    }
    return ms;
  };
  let turned = 0;
  const pages = await repeat(PAGES, () => {
    const cursor = Math.floor((items * turned) / PAGES);
    turned += 1;
    return look(`cursor=${cursor}`);
  });
  const filtered: number[] = [];
  for (const filter of FILTERS) {
    filtered.push(median(await repeat(PAGES, () => look(filter))));
  }
  const [approved, answer] = await timed(() =>
    org.approver.post(`publishes/${publishId}/approval`, { reviewHash: review.hash }),
  );
  if (answer.status !== 200) {
    throw new Error(`the approval answered ${JSON.stringify(answer.body)}`);
  }
  return {
    publishId,
    items,
    staged,
    opened,
    page: median(pages),
    filtered: Math.max(...filtered),
    approved,
  };
}

/** Milliseconds of a COPY of an import's items into a table with the same indexes, and nothing else. */
async function copyOf(url: string, { publishId, items }: Run): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const rows = await copyOut(
      client,
      `copy (select * from staff.publish_items where publish_id = '${publishId}') to stdout`,
    );
    await client.query('create schema bench_import');
    await client.query(
      'create table bench_import.items (like staff.publish_items including defaults including indexes)',
    );
    const times = await repeat(COPIES, async () => {
      await client.query('truncate bench_import.items');
      const [ms] = await timed(() => copyIn(client, 'copy bench_import.items from stdin', rows));
      const { rows: counted } = await client.query<{ count: number }>(
        'select count(*)::int as count from bench_import.items',
      );
      if (counted[0]?.count !== items) {
        throw new Error(`${counted[0]?.count} rows were copied, not ${items}`);
      }
      return ms;
    });
    return median(times);
  } finally {
    await client.query('drop schema if exists bench_import cascade');
    await client.end();
  }
}

async function timed<T>(call: () => Promise<T>): Promise<[ms: number, given: T]> {
  const startedAt = performance.now();
  const given = await call();
  return [performance.now() - startedAt, given];
}

function against(name: string, value: number, baseline: number, budget: number): Measure {
  const ratio = value / baseline;
  return {
    name: `import, ${name}`,
    value: rounded(value),
    unit: 'ms',
    baseline: rounded(baseline),
    ratio: rounded(ratio),
    budget: `<= ${budget}`,
    ok: ratio <= budget,
  };
}
