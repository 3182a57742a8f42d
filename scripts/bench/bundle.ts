/**
 * `bundle`: what the portal's first view fetches before it is drawn, compressed as gzip does it: its
 * scripts and its styles, in the language that takes most.
 */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { LOCALES } from '../../worker/vocabulary.ts';
import type { Bench, Measure } from './bench.ts';

const DIST = new URL('../../web/dist/', import.meta.url);
const JS_BUDGET_KB = 30;
const CSS_BUDGET_KB = 8;

export const bundle: Bench = async () => {
  const html = await readFile(new URL('portal/index.html', DIST), 'utf8');
  const named = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, path = '']) => path);
  const scripts = await withStaticImports(
    named(/<(?:script|link)(?![^>]* data-locale)[^>]*(?:src|href)="\/([^"]+\.js)"/g),
  );
  const styles = named(/href="\/([^"]+\.css)"/g);
  const words = await Promise.all(
    LOCALES.map((locale) =>
      sizeOf(named(new RegExp(`data-locale="${locale}"[^>]*href="/([^"]+)"`, 'g'))),
    ),
  );
  const js = (await sizeOf(scripts)) + Math.max(...words);
  return [
    measure('JS', js, JS_BUDGET_KB),
    measure('CSS', await sizeOf(styles), CSS_BUDGET_KB),
    measure('the page itself', gzipSync(html).byteLength / 1_000, null),
  ];
};

/** Scripts and all that they import before they run. */
async function withStaticImports(scripts: readonly string[]): Promise<string[]> {
  const all = new Set(scripts);
  for (const script of all) {
    const text = await readFile(new URL(script, DIST), 'utf8');
    for (const [, name] of text.matchAll(
      /(?:^|[;\n}])import\s*(?:[^"'()]*?from\s*)?"\.\/([^"]+\.js)"/g,
    )) {
      all.add(`assets/${name}`);
    }
  }
  return [...all];
}

async function sizeOf(paths: readonly string[]): Promise<number> {
  const files = await Promise.all(paths.map((path) => readFile(new URL(path, DIST))));
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).byteLength, 0) / 1_000;
}

function measure(name: string, value: number, budget: number | null): Measure {
  return {
    name: `bundle, ${name}`,
    value: Number(value.toPrecision(4)),
    unit: 'kB',
    baseline: null,
    ratio: null,
    budget: budget === null ? 'none' : `<= ${budget} kB`,
    ok: budget === null || value <= budget,
  };
}
