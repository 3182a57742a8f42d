/** The portal by its keys: the focus is where a person left it, and going back goes to another page. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DESK, openBrowser } from './browser.ts';
import { customerPage } from './customer.ts';

const run = inject('run');
const CUSTOMER = 'LODZ-007';
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

test('the focus stays where the documents are chosen when none is any more', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER);
  await page.goto(`${run.portal}/documents`);
  await page
    .getByRole('checkbox', { name: /^Select / })
    .nth(1)
    .check();
  await page.getByRole('button', { name: 'Clear selection' }).press('Enter');
  const all = page.getByRole('checkbox', { name: 'Select all shown' });
  expect(await all.evaluate((box) => box === document.activeElement)).toBe(true);
  await context.close();
});

test('going through the filters of the orders leaves no steps to go back by', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: DESK });
  await page.goto(`${run.portal}/help`);
  await page.goto(`${run.portal}/`);
  await page.getByRole('radio', { name: 'All' }).focus();
  for (const status of ['active', 'shipped', 'delivered']) {
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(`${run.portal}/?status=${status}`);
  }
  await page.goBack();
  await page.waitForURL(`${run.portal}/help`);
  await context.close();
});
