import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { csvOf, day, pdfOf, saidBy } from '../cast.ts';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';
import { staffPage } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const CUSTOMER = 'BROW-100';
const ADDRESS = 'ada@brow.example';

/** What a clerk has on their disk: an index, and the PDFs it names. */
const order = { customer_code: CUSTOMER, order_number: 'SO-900001' };
const index = csvOf([
  {
    customer_code: CUSTOMER,
    customer_name: 'Browning Tools Ltd',
    contact_name: 'Ada Browning',
    contact_email: ADDRESS,
    contact_language: 'en',
  },
  {
    ...order,
    order_date: day(-6),
    order_status: 'shipped',
    order_total: '121.00',
    currency: 'USD',
    items_count: '1',
    line_number: '1',
    line_description: 'Torque wrench',
    line_quantity: '2',
    line_unit_price: '50.00',
    line_total: '100.00',
  },
  {
    ...order,
    document_kind: 'invoice',
    document_number: 'INV-900001',
    document_date: day(-4),
    file_name: 'INV-900001.pdf',
    total: '121.00',
    currency: 'USD',
  },
]);

describe('the main job, in a browser', () => {
  test('a clerk drops the CSV and its PDF, and sees what came of it', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await staffPage(run, context, 'Clara');
    const complaints = complaintsOf(page);
    await page.goto(`${run.portal}/admin/acme/publishes/new`);
    await expectSound(page);
    await page.locator('input[data-choose="files"]').setInputFiles([
      { name: 'index.csv', mimeType: 'text/csv', buffer: Buffer.from(index) },
      {
        name: 'INV-900001.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from(pdfOf('INV-900001')),
      },
    ]);
    await page.getByRole('button', { name: /^Stage/ }).click();
    await page.getByRole('link', { name: 'Go to review' }).click();
    await page.waitForURL(/\/publishes\/[0-9a-f-]{36}/);
    await page.getByText('Browning Tools Ltd').first().waitFor();
    // A clerk reads the review and decides nothing.
    expect(await page.getByRole('button', { name: 'Approve…' }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('an approver reads the review, ticks the new recipient, and approves', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await staffPage(run, context, 'Amir');
    const complaints = complaintsOf(page);
    await page.goto(`${run.portal}/admin/acme/publishes`);
    await expectSound(page);
    await page.locator('a[href*="/publishes/"]:not([href$="/new"])').first().click();
    await page.getByText('Browning Tools Ltd').first().waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Tick all new recipients' }).first().click();
    await page.getByText('Browning Tools Ltd').first().waitFor();
    await page.getByRole('button', { name: 'Approve…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await expectSound(page);
    await dialog.getByRole('button', { name: 'Approve and publish' }).click();
    await page.getByText('Approved by Amir Haddad').first().waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('the customer opens the mail, clicks, continues, and downloads the invoice on a phone', async () => {
    const context = await browser.newContext({ viewport: PHONE, acceptDownloads: true });
    const page = await context.newPage();
    const complaints = complaintsOf(page);

    type Mail = { html: string; subject: string };
    let mails: Mail[] = [];
    await expect
      .poll(
        async () => {
          const response = await fetch(`${run.inbox}/api/mails?to=${ADDRESS}`);
          mails = (await response.json()) as Mail[];
          return mails.length;
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe(1);
    const url = /href="(http[^"]*\/customer\/[^"]+)"/.exec(mails[0]?.html ?? '')?.[1] ?? '';

    await page.goto(url);
    await expectSound(page);
    await page.getByRole('button', { name: 'Continue' }).click();
    // The token has left the URL, and the page needed no second request.
    await page.waitForURL(`${run.portal}/`);
    await page.getByRole('heading', { name: 'Browning Tools Ltd' }).waitFor();
    await expectSound(page);

    await page.getByRole('link', { name: 'SO-900001' }).first().click();
    await page.waitForURL(/\/orders\//);
    await page.getByText('Torque wrench').first().waitFor();
    await expectSound(page);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('link', { name: /Download/ })
        .first()
        .click(),
    ]);
    expect(download.suggestedFilename()).toBe('INV-900001.pdf');
    const chunks = await (await download.createReadStream()).toArray();
    expect(saidBy(Buffer.concat(chunks))).toBe('INV-900001');

    await page.goBack();
    await page.waitForURL(`${run.portal}/`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.getByText('Ada Browning').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Send me a new link' }).click();
    await page.getByRole('heading', { name: 'Look in your mail' }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});
