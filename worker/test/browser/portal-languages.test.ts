/** Every page of the portal in each of its other languages. */
import { describe, expect, inject, test } from 'vitest';
import { expectFitting } from './browser.ts';
import { customerPage } from './customer.ts';
import { englishOf } from './english.ts';
import {
  ADDRESSES,
  CUSTOMER,
  GONE,
  goWithin,
  PAGES,
  sweep,
  visit,
  visitIn,
} from './portal-pages.ts';

const run = inject('run');

const made = sweep('every-language');

describe.each(['es', 'pl'] as const)('in %s', (locale) => {
  const visited = visitIn(made, locale);

  test.each(PAGES)('%s speaks no English, and fits a phone', async (pattern) => {
    const { page } = visited;
    for (const address of ADDRESSES[pattern](made.seen)) {
      await visit(page, address);
      expect(await page.getAttribute('html', 'lang')).toBe(locale);
      await expectFitting(page);
      expect(await englishOf(page, locale)).toEqual([]);
    }
  });

  test('so does what is gone by now', async () => {
    const { page } = visited;
    await visit(page, '/');
    for (const address of GONE) {
      await goWithin(page, address);
      await expectFitting(page);
      expect(await englishOf(page, locale)).toEqual([]);
    }
  });
});

test('what is English is found to be', async () => {
  const { page, context } = await customerPage(run, made.browser, CUSTOMER);
  const found = await englishOf(page, 'es');
  expect(found).toEqual(expect.arrayContaining(['Newest documents', 'Customer code']));
  await context.close();
});
