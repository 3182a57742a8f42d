/**
 * `npm run bench`: measures the budgets, all of them or those that are named, prints a table and
 * writes `.local/bench.json`. Ends with 1 when a budget is not kept. On a PostgreSQL started for the
 * run, or a database made and dropped on the server of TEST_POSTGRES_URL.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { useStack } from '../../worker/test/stack.ts';
import { explain } from '../local/migrations.ts';
import { openPostgres } from '../local/postgres.ts';
import type { Bench, Measure } from './bench.ts';
import { bundle } from './bundle.ts';
import { download, downloadRewrite } from './download.ts';
import { importBench } from './import.ts';
import { lighthouseBench } from './lighthouse.ts';
import { ordersList } from './orders-list.ts';
import { polling } from './polling.ts';
import { roundtrips } from './roundtrips.ts';
import { scale } from './scale.ts';
import { statement } from './statement.ts';
import { zip } from './zip.ts';

const BENCHES: Record<string, Bench> = {
  roundtrips,
  'orders-list': ordersList,
  download,
  'download-rewrite': downloadRewrite,
  zip,
  import: importBench,
  polling,
  scale,
  statement,
  bundle,
  lighthouse: lighthouseBench,
};
const REPORT = new URL('../../.local/bench.json', import.meta.url);

async function main(): Promise<boolean> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const benches = names.map((name) => {
    const bench = BENCHES[name];
    if (bench === undefined) {
      throw new Error(`No benchmark ${name}. There are: ${Object.keys(BENCHES).join(', ')}`);
    }
    return { name, bench };
  });
  const postgres = await openPostgres(process.env.TEST_POSTGRES_URL);
  try {
    process.env.TEST_DATABASE_URL = postgres.url;
    const stack = await useStack();
    const measures: Measure[] = [];
    for (const { name, bench } of benches) {
      console.log(`${name} …`);
      measures.push(...(await bench({ stack, postgres })));
    }
    console.table(Object.fromEntries(measures.map(({ name, ...measure }) => [name, measure])));
    await mkdir(new URL('.', REPORT), { recursive: true });
    await writeFile(REPORT, `${JSON.stringify(measures, null, 2)}\n`);
    return measures.every(({ ok }) => ok);
  } finally {
    await postgres.stop();
  }
}

main().then(
  (kept) => process.exit(kept ? 0 : 1),
  (error) => {
    console.error(explain(error));
    process.exit(1);
  },
);
