/**
 * `bundle`: what the portal's first view fetches before it is drawn, compressed as gzip does it: its
 * scripts and its styles, in the language that takes most, on the first page and on an order's.
 */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { LOCALES } from '../../worker/vocabulary.ts';
import type { Bench, Measure } from './bench.ts';

const DIST = new URL('../../web/dist/', import.meta.url);
const JS_BUDGET_KB = 30;
const CSS_BUDGET_KB = 8;

/** The pages that a person may land on, by the part of the app that each alone needs. */
const VIEWS = ['home', 'order'];

export const bundle: Bench = async () => {
  const html = await readFile(new URL('portal/index.html', DIST), 'utf8');
  const linked = (kind: 'js' | 'css', part: string) => {
    const isFor = part === '' ? '(?![^>]* data-for)' : `(?=[^>]* data-for="${part}")`;
    const tag = new RegExp(`<(?:script|link)${isFor}[^>]*(?:src|href)="/([^"]+\\.${kind})"`, 'g');
    return [...html.matchAll(tag)].map(([, path = '']) => path);
  };
  const words = await Promise.all(LOCALES.map((locale) => sizeOf(linked('js', locale))));
  const measures: Measure[] = [measure('the HTML', gzipSync(html).byteLength / 1_000, null)];
  for (const view of VIEWS) {
    const of = (kind: 'js' | 'css') => [...linked(kind, ''), ...linked(kind, view)];
    const js = (await sizeOf(await withStaticImports(of('js')))) + Math.max(...words);
    measures.push(measure(`${view}, JS`, js, JS_BUDGET_KB));
    measures.push(measure(`${view}, CSS`, await sizeOf(of('css')), CSS_BUDGET_KB));
  }
  return measures;
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
