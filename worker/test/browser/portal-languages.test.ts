/** Every page of the portal in each of its other languages. */
import { describe, expect, inject, test } from 'vitest';
import { DESK, expectFitting, expectSoundInBoth, PHONE } from './browser.ts';
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

/** Each page of money where it has most on it: figures beside long words, which fit in English. */
const moneyOf = ({ invoices }: typeof made.seen): string[] => [
  '/invoices',
  ...invoices.map((id) => `/invoices/${id}`),
  '/payments',
  '/statement?from=2025-01-01&to=2026-12-31',
  '/insights',
  '/exports',
];

test('every page of money is one that is visited', () => {
  const visited = PAGES.flatMap((pattern): string[] => ADDRESSES[pattern](made.seen));
  expect(visited).toEqual(expect.arrayContaining(moneyOf(made.seen)));
});

describe.each(['es', 'pl'] as const)('in %s', (locale) => {
  const visited = visitIn(made, locale);

  test.each(PAGES)(
    '%s speaks no English and fits a phone, a page of money can be used by everyone',
    async (pattern) => {
      const { page } = visited;
      for (const address of ADDRESSES[pattern](made.seen)) {
        await visit(page, address);
        expect(await page.getAttribute('html', 'lang')).toBe(locale);
        await expectFitting(page);
        expect(await englishOf(page, locale)).toEqual([]);
        if (!moneyOf(made.seen).includes(address)) continue;
        for (const viewport of [DESK, PHONE]) {
          await page.setViewportSize(viewport);
          await expectSoundInBoth(page);
        }
      }
    },
  );

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
