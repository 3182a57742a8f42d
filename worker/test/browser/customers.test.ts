import { neon, neonConfig } from '@neondatabase/serverless';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const CUSTOMER = 'Harrow Point Marine Inc.';

async function customersPage(page: Page): Promise<void> {
  await page.goto(run.admin);
  await page.getByRole('button', { name: 'Clara' }).click();
  await page.waitForURL(/\/admin\/acme/);
  await page.goto(`${run.portal}/admin/acme/customers`);
  await page.getByRole('link', { name: CUSTOMER }).waitFor();
}

/** The words of what has the focus. */
const focusOf = (page: Page) => page.evaluate(() => document.activeElement?.textContent);

describe.each([
  ['phone', PHONE],
  ['desk', DESK],
] as const)('a clerk, on a %s', (_, viewport) => {
  test('sends links to the selected, and reads who was left out', async () => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await customersPage(page);
    await page.getByLabel('Select all shown').check();
    await page.getByLabel(`Select ${CUSTOMER}`).uncheck();
    await page.getByLabel(`Select ${CUSTOMER}`).check();
    await page.getByRole('button', { name: 'Send links…' }).click();
    await expectSound(page);
    await page.getByRole('button', { name: 'Send links', exact: true }).click();
    await page.getByText('Has a link in use').first().waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Close' }).last().click();
    // Nobody is selected any more, and what sent is gone: one goes on from the heading.
    await expect.poll(() => focusOf(page)).toBe('Customers');
    await page.getByLabel('Show', { exact: true }).selectOption('expiring');
    await page.getByText('No customer fits this filter').waitFor();
    await expectSound(page);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('sees the portal as a customer does, in a tab that says so', async () => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await customersPage(page);
    await page.getByRole('link', { name: CUSTOMER }).click();
    const opened = context.waitForEvent('page');
    await page.getByRole('button', { name: /^See as this customer/ }).click();
    const tab = await opened;
    const complaints = complaintsOf(tab);
    await tab.waitForURL(/\/customer\//);
    await tab.getByRole('button', { name: 'Continue' }).click();
    const banner = tab.getByText(`of ${CUSTOMER}: read only, ends in 10 minutes`);
    await banner.waitFor();
    await expectSound(tab);
    await tab.getByRole('link', { name: 'Documents', exact: true }).first().click();
    await tab.waitForURL(`${run.portal}/documents`);
    await banner.waitFor();
    await tab.getByRole('button', { name: 'Sign out' }).click();
    await tab.getByRole('heading', { name: 'The preview is over' }).waitFor();
    await expectSound(tab);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a person at a customer', () => {
  let page: Page;
  beforeAll(async () => {
    page = await (await browser.newContext({ viewport: DESK })).newPage();
    await customersPage(page);
    await page.getByRole('link', { name: CUSTOMER }).click();
  });
  afterAll(() => page?.context().close());

  test('gets one link by mail, and another only when that is meant', async () => {
    neonConfig.fetchEndpoint = run.neon;
    await neon(run.databaseUrl)`
      update staff.outbox set created_at = created_at - interval '2 hours'
       where contact_id in (select c.id from portal.contacts c
                              join portal.customers u on u.id = c.customer_id where u.name = ${CUSTOMER})`;
    const letters: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && /\/links$/.test(request.url()))
        letters.push(request.url());
    });
    await page.reload();
    const mail = page.getByRole('button', { name: 'Send a link by mail' }).first();
    await mail.press('Enter');
    await page.getByText('A mail with a link is on its way to').waitFor();
    await page.getByText('Last mail:').first().waitFor();
    await expect.poll(() => mail.getAttribute('aria-busy')).toBe(null);
    await mail.press('Enter');
    await page.getByRole('dialog').getByText('Last letter to').waitFor();
    await expectSound(page);
    await page.keyboard.press('Escape');
    await expect.poll(() => focusOf(page)).toBe('Send a link by mail');
    expect(letters).toHaveLength(1);
    await mail.press('Enter');
    await page.getByRole('button', { name: 'Send another' }).press('Enter');
    await expect.poll(() => letters.length).toBe(2);
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  test('is paused and let in again without the focus leaving the place', async () => {
    await page.getByRole('button', { name: 'Pause', exact: true }).first().press('Enter');
    await expect.poll(() => focusOf(page)).toBe('Allow again');
    await page.keyboard.press('Enter');
    await expect.poll(() => focusOf(page)).toBe('Pause');
  });
});
