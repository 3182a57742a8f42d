/** What a customer takes for their books is what they were shown, for the days that they chose. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openBrowser, PHONE } from './browser.ts';
import { customerPage } from './customer.ts';
import { CUSTOMER, visit } from './portal-pages.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** What a page asks of exports and packs from now on: the method and the query. */
function askedOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (/\/(exports|packs)\//.test(pathname)) asked.push(`${request.method()} ${search}`);
  });
  return asked;
}

test('other days than were shown are shown before their file can be taken', async () => {
  const options = { viewport: PHONE, locale: 'en-US' };
  const { page, context } = await customerPage(run, browser, CUSTOMER, options);
  await visit(page, '/exports?format=xero&from=2025-01-01&to=2026-12-31');
  const take = page.getByRole('button', { name: 'Download the export' });
  await take.waitFor();
  await page.getByLabel('First day').fill('2025-01-02');
  expect(await take.count()).toBe(0);
  const asked = askedOf(page);
  await page.getByRole('button', { name: 'Show what comes out' }).last().click();
  await take.click();
  // A reader of English in the United States reads the month first.
  const query = '?format=xero&from=2025-01-02&to=2026-12-31&dates=mdy';
  await expect.poll(() => asked).toEqual(expect.arrayContaining([`GET ${query}`, `HEAD ${query}`]));
  expect(page.url()).toBe(`${run.portal}/exports${query}`);
  await context.close();
});

test('codes that are not kept yet outlast a look at another format', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, '/exports?format=xero');
  const account = page.getByLabel('Account', { exact: true });
  await account.fill('4711');
  for (const format of ['csv', 'xero']) {
    await page.getByLabel('Program or format').selectOption(format);
  }
  expect(await account.inputValue()).toBe('4711');
  await context.close();
});

test('days that stand the wrong way round are to be swapped, and nothing is asked for', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  const asked = askedOf(page);
  await visit(page, '/exports?format=csv&from=2026-02-01&to=2026-01-01');
  const told = page.getByRole('alert').filter({ hasText: 'Swap the two days.' });
  await told.waitFor();
  await page.getByRole('button', { name: 'Download the pack for these days' }).click();
  await expect.poll(() => told.count()).toBe(2);
  expect(asked).toEqual([]);
  await context.close();
});
