/** Finds what was left in English on a page that is drawn in another language. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { WORDS } from '../../routes/pages/words.ts';
import type { Locale } from '../../vocabulary.ts';

type Messages = { [name: string]: unknown };

const folder = join(import.meta.dirname, '../../../web/locales');

/** The portal's catalogues: all but the console's. */
const names = readdirSync(folder)
  .filter((name) => /(^|\.)en\.json$/.test(name) && !name.startsWith('admin.'))
  .map((name) => name.replace(/en\.json$/, ''));

/** What is written out in the messages of a language: the parts between their values. */
function fragmentsOf(locale: Locale): Set<string> {
  const found = new Set<string>();
  const visit = (value: unknown) => {
    if (typeof value === 'object' && value !== null)
      for (const one of Object.values(value)) visit(one);
    if (typeof value !== 'string') return;
    for (const part of value.split(/\{\w+\}/)) found.add(part.trim());
  };
  for (const name of names) {
    const catalogue: Messages = JSON.parse(
      readFileSync(join(folder, `${name}${locale}.json`), 'utf8'),
    );
    visit(catalogue);
  }
  visit(WORDS[locale]);
  return found;
}

/** The sentences and phrases of the English catalogues that a page shows or says, and its own language does not have. */
export async function englishOf(page: Page, locale: Locale): Promise<string[]> {
  const own = fragmentsOf(locale);
  const english = [...fragmentsOf('en')].filter(
    (part) => /\p{L} \p{L}/u.test(part) && !own.has(part),
  );
  const shown: string = await page.evaluate('document.body.innerText');
  const said = `${shown}\n${await page.evaluate(saidOf)}`;
  const unfilled = said.match(/\{\w+\}|\bundefined\b|\bNaN\b/g) ?? [];
  return [...english.filter((part) => said.includes(part)), ...unfilled];
}

/** In the page: its title, and what is said of things that show no words. */
function saidOf(): string {
  const names = ['aria-label', 'title', 'placeholder', 'alt'];
  const attributes = [...document.body.querySelectorAll('*')].flatMap((element) =>
    names.map((name) => element.getAttribute(name) ?? ''),
  );
  return [document.title, ...attributes].join('\n');
}
