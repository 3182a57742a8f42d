/** What a statement says, and what it never says, where it does not know all that is owed. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { invoice } from '../bills.ts';
import { csvOf, day } from '../cast.ts';
import { expectFitting, expectSoundInBoth, openBrowser, PHONE } from './browser.ts';
import { customerPage } from './customer.ts';
import { CUSTOMER, visit } from './portal-pages.ts';
import { apiOf, stage } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Publishes a customer of the test's own, who owes what an invoice says. */
async function publishOwing(code: string, issued: string): Promise<void> {
  const email = `ann@${code.toLowerCase()}.example`;
  const rows = [
    {
      customer_code: code,
      customer_name: `Shop ${code}`,
      contact_name: 'Ann Owing',
      contact_email: email,
      contact_language: 'en',
    },
    { customer_code: code, ...invoice(`INV-${code}`, '10.00', { invoice_date: issued }) },
  ];
  const id = await stage(run, `Owing ${code}`, csvOf(rows));
  const approver = apiOf(run, 'approver');
  const items = [{ kind: 'contact', key: `${code}:${email}` }];
  await approver.send('PUT', `publishes/${id}/ticks`, { items, ticked: true });
  const { hash } = await approver.get<{ hash: string }>(`publishes/${id}/review`);
  await approver.send('POST', `publishes/${id}/approval`, { reviewHash: hash });
}

test('whose amounts are withheld says so, and never that nothing is owed', async () => {
  const code = 'WITHHELD';
  await publishOwing(code, day(-40));
  const { page, context } = await customerPage(run, browser, code, { viewport: PHONE });
  await visit(page, '/statement');
  await page.getByText('Closing balance').first().waitFor();
  const owner = apiOf(run, 'owner');
  const { fields, kinds } = await owner.get<{ fields: string[]; kinds: string[] }>('exposures');
  const shown = fields.filter((field) => field !== 'total');
  await owner.send('PUT', 'exposures', { customerKey: code, kinds, fields: shown });
  await visit(page, '/statement');
  await page.getByText('Not shown here, since not all amounts are available to you').waitFor();
  expect(await page.getByText(/nothing is owed/i).count()).toBe(0);
  await expectSoundInBoth(page);
  await context.close();
});

test('where all there is is dated later says so, and never that nothing is owed', async () => {
  const code = 'LATER';
  await publishOwing(code, day(2));
  const { page, context } = await customerPage(run, browser, code, { viewport: PHONE });
  await visit(page, '/statement');
  await page.getByText('1 entry is dated after the last day').waitFor();
  expect(await page.getByText(/nothing is owed/i).count()).toBe(0);
  await expectSoundInBoth(page);
  await context.close();
});

test('a period that is pressed is marked before its statement comes, and nothing moves', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, '/statement');
  const chip = page.getByRole('link', { name: 'Last year' });
  await page.getByRole('link', { name: 'Download PDF' }).waitFor();
  const height = async () => (await chip.boundingBox())?.y;
  const before = await height();
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(/\/me\/statement\?/, async (route) => {
    await held;
    await route.continue();
  });
  await chip.click();
  await page.locator('a[aria-current]', { hasText: 'Last year' }).waitFor();
  expect(await height()).toBe(before);
  const take = page.getByRole('button', { name: 'Download PDF' });
  expect(await take.getAttribute('aria-disabled')).toBe('true');
  answer();
  await page.getByRole('link', { name: 'Download PDF' }).waitFor();
  expect(await height()).toBe(before);
  await context.close();
});

/** What is left between the margins of a sheet of A4, and of a US letter. */
const SHEETS = [
  { width: 673, height: 1000 },
  { width: 695, height: 930 },
];

test.each(['en', 'es', 'pl'] as const)(
  'on paper is the account alone, and fits its sheet, in %s',
  async (locale) => {
    const seen = { viewport: PHONE, locale, colorScheme: 'dark' } as const;
    const { page, context } = await customerPage(run, browser, CUSTOMER, seen);
    await visit(page, '/statement?from=2025-01-01&to=2026-12-31');
    const account = page.locator('main section table').first();
    await account.waitFor();
    const whose = page.getByText(CUSTOMER);
    expect(await whose.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await whose.isVisible()).toBe(true);
    for (const sheet of SHEETS) {
      await page.setViewportSize(sheet);
      await expectFitting(page);
      expect(await page.evaluate(operated)).toEqual([]);
      // A table, not the cards of a phone: each amount in its column, none cut off.
      expect(await account.evaluate(tableFaults)).toEqual([]);
      expect(await account.locator('thead th:visible').count()).toBe(7);
    }
    // The ink is black, whatever the screen's colours are.
    const ink = await page.evaluate('getComputedStyle(document.querySelector("h1")).color');
    expect(ink).toBe('rgb(0, 0, 0)');
    expect(await page.locator('main section dl').first().isVisible()).toBe(true);
    await context.close();
  },
);

/** In the page: what is seen of it that paper cannot do. */
function operated(): string[] {
  return [...document.querySelectorAll('button, form, nav, input, select, a[download]')]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }))
    .map((part) => part.outerHTML.slice(0, 160));
}

/** In the page: the parts of a table that are no rows, or go over their cell or the sheet. */
function tableFaults(table: Element): string[] {
  const sheet = document.documentElement.clientWidth;
  const rows = [...table.querySelectorAll('tr')].filter(
    (row) => getComputedStyle(row).display !== 'table-row',
  );
  const cells = [...table.querySelectorAll('th, td')].filter(
    (cell) =>
      cell.scrollWidth > cell.clientWidth || cell.getBoundingClientRect().right > sheet + 0.5,
  );
  return [...rows, ...cells].map((part) => part.outerHTML.slice(0, 160));
}
