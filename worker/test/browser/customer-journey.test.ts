/** What most customers come for, from the mail to the answer to their report. */
import { unzipSync } from 'fflate';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';
import { contactOf, ME, mailedMeanwhile, openLink, picture } from './customer.ts';
import { apiOf, staffPage } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

type Order = { id: string; number: string; poNumber: string; status: string };

/** The newest order that was sent: it has more than one document. */
async function sentOrder(page: Page): Promise<Order> {
  const response = await page.request.get(`${run.portal}${ME}/orders?status=delivered`);
  const { orders } = (await response.json()) as { orders: Order[] }; // the route's own answer
  const [order] = orders;
  if (order === undefined) throw new Error('the demo has no delivered order');
  return order;
}

async function bytesOf(download: Download): Promise<Buffer> {
  return Buffer.concat(await (await download.createReadStream()).toArray());
}

describe.each([
  ['phone', PHONE, 'NORTH-001', false],
  ['desk', DESK, 'CALD-014', true],
] as const)('a customer, on a %s', (device, viewport, code, hasRoom) => {
  test('goes from the mail to an order, its papers, a report of it, and the answer', async () => {
    const context = await browser.newContext({ viewport, locale: 'en', acceptDownloads: true });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    const contact = await contactOf(run, code);
    const link = await mailedMeanwhile(run, { to: contact.email, subject: /your link/i }, () =>
      apiOf(run, 'clerk').send('POST', `customers/${contact.customerId}/links`, {
        contactId: contact.id,
        delivery: 'mail',
      }),
    );
    await openLink(page, link);
    await page.locator('h1').waitFor();

    const order = await sentOrder(page);
    await page.getByLabel('Find an order').fill(order.poNumber);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.waitForURL(/\/orders\?q=/);
    await page.getByText('1 order found').waitFor();
    await page.getByRole('link', { name: `Order ${order.number}` }).click();
    await page.getByRole('heading', { name: `Order ${order.number}`, level: 1 }).waitFor();

    const view = page.getByRole('link', { name: /^View Invoice/ }).first();
    const named = (await view.getAttribute('aria-label')) ?? '';
    const invoice = /^View Invoice ([^,]+)/.exec(named)?.[1] ?? '';
    if (hasRoom) {
      await view.click();
      const beside = page.getByRole('region', { name: `Invoice ${invoice}` });
      await beside.locator('iframe').waitFor();
      expect(new URL(page.url()).searchParams.has('document')).toBe(true);
      await expectSound(page);
      await page.goBack();
      await beside.waitFor({ state: 'detached' });
    } else {
      const opened = context.waitForEvent('page');
      await view.click();
      await (await opened).close();
      expect(await page.locator('iframe').count()).toBe(0);
      expect(page.url()).toContain(`/orders/${order.id}`);
    }

    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: `Download Invoice ${invoice}` }).click(),
    ]);
    expect(file.suggestedFilename()).toContain(invoice);
    expect((await bytesOf(file)).subarray(0, 5).toString()).toBe('%PDF-');

    const [zip] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all (ZIP)' }).click(),
    ]);
    const files = Object.keys(unzipSync(await bytesOf(zip)));
    const papers = files.filter((name) => name.endsWith('.pdf'));
    const listed = await page.getByRole('link', { name: /^Download / }).count();
    expect(papers).toHaveLength(listed);
    expect(papers.some((name) => name.includes(invoice))).toBe(true);

    const report = await reportIssue(page, `Two boxes came wet, on a ${device}.`);

    const answer = `Two new boxes leave on Monday, for the ${device}.`;
    const mail = { to: contact.email, subject: new RegExp(`reply to ${report.number}\\b`) };
    const told = await mailedMeanwhile(run, mail, () => answerIssue(report.number, answer));
    await openLink(page, told);
    expect(new URL(page.url()).pathname).toBe(report.path);
    await page.getByRole('listitem').filter({ hasText: answer }).waitFor();
    await page.getByText('Olga Berg').waitFor();
    await page.getByText('Waiting for you').waitFor();
    await expectSound(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

/** Reports something wrong with the order that is shown, with two photos; ends on the report's page. */
async function reportIssue(page: Page, words: string) {
  await page.getByRole('link', { name: 'Report an issue' }).click();
  await page.getByLabel('Damaged').check();
  await page.getByLabel('What happened?').fill(words);
  await page.getByLabel('Add photos').setInputFiles([
    { name: 'wet.png', mimeType: 'image/png', buffer: await picture(page, '#b5651d') },
    { name: 'torn.png', mimeType: 'image/png', buffer: await picture(page, '#1d65b5') },
  ]);
  await page.getByText('Ready to send').nth(1).waitFor();
  await page.getByRole('button', { name: 'Send the report' }).click();
  await page.waitForURL(/\/issues\//);
  await page.getByText(words).waitFor();
  expect(await page.getByRole('link', { name: /Open the photo/ }).count()).toBe(2);
  const title = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
  return { number: title.replace('Report ', ''), path: new URL(page.url()).pathname };
}

/** Olga sees the report and both photos at her desk, and answers it. */
async function answerIssue(number: string, words: string): Promise<void> {
  const context = await browser.newContext({ viewport: DESK, locale: 'en' });
  const page = await staffPage(run, context, 'Olga');
  await page.goto(`${run.portal}/admin/acme/issues`);
  await page.getByRole('link', { name: new RegExp(`^${number}\\b`) }).click();
  await page.getByLabel('Your reply').fill(words);
  expect(await page.getByRole('main').locator('img[src*="/photos/"]').count()).toBe(2);
  await page.getByLabel('Then').selectOption('waiting_for_customer');
  await page.getByRole('button', { name: 'Reply', exact: true }).click();
  await page.getByText('Your reply was sent.').waitFor();
  await context.close();
}
