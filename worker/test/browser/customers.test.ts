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
