/** Every page of the portal for a reader whose browser writes twice as large. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, inject, test } from 'vitest';
import { expectFitting, openBrowser, PHONE } from './browser.ts';
import { customerPage, linkOf, ME } from './customer.ts';
import { ADDRESSES, CUSTOMER, PAGES, sweep, visit } from './portal-pages.ts';

const run = inject('run');
const TWICE = '--blink-settings=defaultFontSize=32,defaultFixedFontSize=26';

const made = sweep('large-words');
let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser([TWICE]);
  ({ page } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE }));
  // What somebody asked for stands on the page of details, and has words of its own.
  await page.request.post(`${run.portal}${ME}/change-requests`, {
    headers: { Origin: run.portal, 'Idempotency-Key': 'asked-in-large-words' },
    data: { kind: 'contact_details', fields: { phone: '+1 555 0100' } },
  });
});
afterAll(() => browser?.close());

test.each(PAGES)('%s fits a phone', async (pattern) => {
  for (const address of ADDRESSES[pattern](made.seen)) {
    await visit(page, address);
    await expectFitting(page);
  }
});

test('a link’s first page fits a phone', async () => {
  await page.goto(await linkOf(run, CUSTOMER));
  await expectFitting(page);
});
