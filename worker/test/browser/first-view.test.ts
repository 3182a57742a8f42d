/** What the first view is promised to need, and what the way back keeps. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DESK, openBrowser, PHONE } from './browser.ts';
import { customerPage } from './customer.ts';

const run = inject('run');
/** The customer with the most orders: lists that are longer than a window. */
const CUSTOMER = 'NORTH-001';
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** What a page asks for from here on, by what it is: `document /`. */
function requestsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    asked.push(`${request.resourceType()} ${new URL(request.url()).pathname}`);
  });
  return asked;
}

test('home is one HTML response: nothing is asked of the API before it is drawn, or after', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  const asked = requestsOf(page);
  await page.goto(`${run.portal}/`);
  await page.getByRole('heading', { name: 'Newest documents' }).waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
  await page.waitForLoadState('networkidle');
  expect(asked.filter((one) => /^(document|fetch|xhr|websocket)/.test(one))).toEqual([
    'document /',
  ]);
  expect(asked.filter((one) => one.includes('/api/'))).toEqual([]);
  const inlined: string[] = await page.evaluate(
    `Object.keys(JSON.parse(document.getElementById('page').textContent).resources)`,
  );
  expect(inlined).toEqual(['home']);
  await context.close();
});

test('what is owed stands on home also where there is no order to be seen', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE });
  await page.route('**/customer/me/home', async (route) => {
    const home = await (await route.fetch()).json();
    const counts = { all: 0, active: 0, shipped: 0, delivered: 0, cancelled: 0 };
    await route.fulfill({
      json: { ...home, counts, orders: [], nextCursor: null, documents: [], shipments: [] },
    });
  });
  await page.goto(`${run.portal}/help`);
  await page.getByRole('link', { name: 'Home', exact: true }).first().click();
  const owed = page.getByRole('link', { name: 'Outstanding' });
  await owed.waitFor();
  expect(await owed.getAttribute('href')).toBe('/invoices?status=unpaid');
  expect(await page.getByText('Nothing here yet').count()).toBe(0);
  await context.close();
});

/** Goes down a list to an order, opens it, and comes back; then forward to it, and back again. */
async function goAndComeBack(page: Page): Promise<void> {
  const rows = page.locator('main tbody a[href^="/orders/"]');
  const row = rows.nth((await rows.count()) - 3);
  await row.scrollIntoViewIfNeeded();
  const list = page.url();
  const at: number = await page.evaluate('scrollY');
  expect(at).toBeGreaterThan(100);
  const number = await row.textContent();
  await row.click();
  const heading = page.getByRole('heading', { name: `Order ${number}`, level: 1 });
  await heading.waitFor();
  expect(await page.evaluate('scrollY')).toBe(0);
  for (let times = 0; times < 2; times++) {
    await page.goBack();
    await rows.last().waitFor();
    expect(page.url()).toBe(list);
    await expect.poll(() => page.evaluate('scrollY')).toBe(at);
    await page.goForward();
    await heading.waitFor();
  }
  await page.goBack();
}

describe.each([
  ['phone', PHONE],
  ['desk', DESK],
] as const)('on a %s, the way back keeps', (_, viewport) => {
  test('what was chosen on home, and how far down it was', async () => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport });
    await page.getByLabel(/^Delivered/).check();
    await page.waitForURL(`${run.portal}/?status=delivered`);
    await page.locator('main tbody tr').nth(4).waitFor();
    await goAndComeBack(page);
    expect(await page.getByLabel(/^Delivered/).isChecked()).toBe(true);
    await context.close();
  });

  test('what was asked for on the list of orders, with all that was shown of it', async () => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport });
    await page.goto(`${run.portal}/orders?from=2020-01-01&sort=oldest`);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' });
    const count = await page.locator('main tbody tr').count();
    await goAndComeBack(page);
    expect(await page.locator('main tbody tr').count()).toBe(count);
    expect(await page.locator('select[name=sort]').inputValue()).toBe('oldest');
    expect(await page.locator('input[name=from]').inputValue()).toBe('2020-01-01');
    await context.close();
  });
});
