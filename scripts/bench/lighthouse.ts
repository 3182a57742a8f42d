/**
 * `lighthouse`: the portal's home and order page as a phone on a slow network gets them (Lighthouse's own
 * mobile profile), from the product as `npm start` gives it. Search engines are refused on purpose, so
 * their score is not asked for.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import lighthouse from 'lighthouse';
import { chromium } from 'playwright-core';
import { runProduct } from '../../worker/test/browser/run-product.ts';
import { type Bench, type Measure, median } from './bench.ts';

const BUDGET = 98;
const RUNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices'];

export const lighthouseBench: Bench = async () => {
  const product = await runProduct();
  const debugPort = await freePort();
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--remote-debugging-port=${debugPort}`,
    ],
  });
  try {
    const [link = ''] = Object.values(product.run.customerLinks);
    const visit = await browser.newContext();
    const page = await visit.newPage();
    await page.goto(link);
    await page.getByRole('button').first().click();
    await page.waitForURL(new URL('/', product.run.portal).href);
    const order = await page.locator('a[href^="/orders/"]').first().getAttribute('href');
    const cookies = await visit.cookies();
    const Cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const measures: Measure[] = [];
    for (const [name, path] of [
      ['home', '/'],
      ['order', order ?? ''],
    ] as const) {
      const runs: Record<string, number>[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        runs.push(await scoresOf(new URL(path, product.run.portal).href, debugPort, Cookie));
      }
      for (const category of CATEGORIES) {
        measures.push(
          scored(`${name}, ${category}`, median(runs.map((run) => run[category] ?? 0))),
        );
      }
    }
    return measures;
  } finally {
    await browser.close();
    await product.stop();
  }
};

/** Scores from 0 to 100, by category. @throws Error where the page that was asked for was not what came */
async function scoresOf(
  url: string,
  port: number,
  Cookie: string,
): Promise<Record<string, number>> {
  const result = await lighthouse(url, {
    port,
    output: 'json',
    logLevel: 'error',
    onlyCategories: CATEGORIES,
    extraHeaders: { Cookie },
  });
  const report = result?.lhr;
  if (
    report === undefined ||
    report.runtimeError !== undefined ||
    report.finalDisplayedUrl !== url
  ) {
    throw new Error(
      `${url} was not measured: ${report?.runtimeError?.message ?? report?.finalDisplayedUrl}`,
    );
  }
  for (const audit of Object.values(report.audits)) {
    if (audit.score !== null && audit.score < 0.9 && process.env.BENCH_VERBOSE) {
      console.log(`  ${audit.id}: ${audit.score} ${audit.displayValue ?? ''}`);
    }
  }
  return Object.fromEntries(
    Object.entries(report.categories).map(([id, { score }]) => [id, (score ?? 0) * 100]),
  );
}

function scored(name: string, value: number): Measure {
  return {
    name: `lighthouse, ${name}`,
    value: Math.round(value),
    unit: 'of 100',
    baseline: null,
    ratio: null,
    budget: `>= ${BUDGET}`,
    ok: Math.round(value) >= BUDGET,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
