/** Where a customer is in a page after something was done there: nothing takes their place from them, or lies over it. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DESK, openBrowser, PHONE } from './browser.ts';
import { customerPage, linkOf, openLink } from './customer.ts';

const run = inject('run');
const CUSTOMER = 'NORTH-001';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const visit = async (page: Page, address: string) => {
  await page.goto(run.portal + address);
  await page.locator('#main h1:not(.unseen)').first().waitFor();
};
const expectFocused = (place: Locator) =>
  expect.poll(() => place.evaluate((one) => one === document.activeElement)).toBe(true);
const boxOf = async (place: Locator) => {
  const { x = 0, y = 0, width = 0, height = 0 } = (await place.boundingBox()) ?? {};
  return { left: x, right: x + width, top: y, bottom: y + height };
};

test.each(['orders', 'invoices'])('who looks for something in %s can look again', async (list) => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, `/${list}`);
  const field = page.getByRole('searchbox');
  await field.fill('nothing-like-it');
  await field.press('Enter');
  await page.waitForURL(/q=nothing-like-it/);
  await expectFocused(field);
  await context.close();
});

test('after the last rows of a list one goes on from there', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, '/orders');
  const more = page.getByRole('button', { name: 'Show more' });
  await more.waitFor();
  const status = page.getByRole('status').filter({ hasText: /more/ }).last();
  while (await more.isVisible()) {
    const rows = await page.getByRole('row').count();
    await more.press('Enter');
    await expect.poll(() => page.getByRole('row').count()).toBeGreaterThan(rows);
  }
  await expectFocused(status);
  await context.close();
});

test('who has asked for a change is where they asked', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, '/details');
  const summary = page.locator('summary', { hasText: 'Add or correct a delivery address' });
  await summary.click();
  await page.getByRole('textbox', { name: 'Delivery address' }).fill('Dock 7, 1 Harbor Road');
  await page.getByRole('button', { name: 'Send the request' }).click();
  await page.getByText('Your request was sent.').waitFor();
  await expectFocused(summary);
  await context.close();
});

test('what was picked is downloaded from above a phone’s bar', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, '/documents');
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  const zip = await boxOf(page.getByRole('button', { name: 'Download selected (ZIP)' }));
  const bar = await boxOf(page.getByRole('navigation').last());
  expect(zip.bottom).toBeLessThanOrEqual(bar.top);
  await context.close();
});

test('a field that is mended is wrong no more, and keeps the focus', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await visit(page, '/orders');
  await page.getByRole('row').getByRole('link').first().click();
  await page.getByRole('link', { name: 'Report an issue' }).click();
  await page.getByRole('button', { name: 'Send the report' }).click();
  const wrong = page.locator('[data-wrong], [aria-invalid]');
  await expect.poll(() => wrong.count()).toBe(2);
  const text = page.getByLabel('What happened?');
  await text.pressSequentially('Two boxes');
  await expect.poll(() => wrong.count()).toBe(1);
  expect(await text.inputValue()).toBe('Two boxes');
  await page.getByLabel('Damaged').check();
  await expect.poll(() => wrong.count()).toBe(0);
  await context.close();
});

test('who has no orders yet is told so, and not sent in a circle', async () => {
  const { page, context } = await customerPage(run, browser, 'HARR-031', { viewport: PHONE });
  await visit(page, '/orders');
  await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
  expect(await page.getByRole('link', { name: 'Show all orders' }).count()).toBe(0);
  await context.close();
});

test('who sees no amounts is not offered to sort by them', async () => {
  const context = await browser.newContext({ locale: 'en', viewport: DESK });
  const page = await context.newPage();
  await openLink(page, await linkOf(run, CUSTOMER, 'no_financials'));
  await visit(page, '/orders');
  const sorts = page.getByLabel('Sort by').getByRole('option');
  expect(await sorts.allInnerTexts()).toEqual([
    'Newest first',
    'Oldest first',
    'Expected delivery',
  ]);
  await context.close();
});

test.each([
  ['phone', PHONE],
  ['desk', DESK],
] as const)(
  'how it was is asked after the page, and hidden by nothing, on a %s',
  async (_, viewport) => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport });
    await visit(page, '/documents');
    await page.locator('.beside-app').waitFor({ state: 'attached' });
    const download = page.waitForEvent('download');
    await page.locator('a[download]').first().click();
    await download;
    const question = page.getByRole('form', { name: 'How was that?' });
    await question.waitFor();
    const parts = await page
      .locator('main, footer, form[aria-labelledby]')
      .evaluateAll((all) => all.map(({ tagName }) => tagName));
    expect(parts).toEqual(['MAIN', 'FOOTER', 'FORM']);

    // What the page ends with can be seen beside it.
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    const end = await boxOf(page.getByRole('contentinfo').locator('p').last());
    await expect.poll(async () => (await boxOf(question)).top).toBeGreaterThanOrEqual(end.bottom);

    // A rating that is refused says so, above the question.
    await page.route('**/feedback', (route) => route.abort());
    await page.getByRole('radio', { name: 'Good', exact: true }).check();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const told = page
      .getByRole('status')
      .filter({ hasText: /connection/ })
      .last();
    await told.waitFor();
    await expect
      .poll(async () => (await boxOf(told)).bottom - (await boxOf(question)).top)
      .toBeLessThanOrEqual(0);
    await context.close();
  },
);
