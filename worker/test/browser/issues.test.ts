import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';
import { linkOf, openLink, photo, picture } from './customer.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const HEIC = Buffer.concat([
  Buffer.from([0, 0, 0, 24]),
  Buffer.from('ftypheic'),
  Buffer.alloc(99, 7),
]);
const PROGRAM = Buffer.from('MZ, and then a program');

/** Opens a customer's link, their first order, and the form of a report. */
async function reportForm(page: Page): Promise<void> {
  await openLink(page, await linkOf(run, 'CALD-014'));
  await page.locator('main a[href^="/orders/"]').first().click();
  await page.getByRole('link', { name: 'Report an issue' }).click();
  await page.getByLabel('What happened?').waitFor();
}

describe.each([
  ['phone', PHONE],
  ['desk', DESK],
] as const)('a customer, on a %s', (_, viewport) => {
  test('reports an issue with photos, over a connection that dies, and answers', async () => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await reportForm(page);
    await expectSound(page);

    const send = page.getByRole('button', { name: 'Send the report' });
    const description = page.getByLabel('What happened?');
    await description.fill('123456789');
    await send.click();
    await page.getByText('Choose what is wrong.').waitFor();
    await page.getByText('Write 1 character more').waitFor();
    expect(await page.evaluate('document.activeElement.value')).toBe('damaged');
    await expectSound(page);
    await page.getByLabel('Damaged').check();
    await description.fill('Two boxes were crushed. <b>Both</b>.');
    await page.reload();
    await description.waitFor();
    expect(await description.inputValue()).toBe('Two boxes were crushed. <b>Both</b>.');
    expect(await page.getByLabel('Damaged').isChecked()).toBe(true);

    await page.getByLabel('Add photos').setInputFiles([
      { name: 'IMG_1.jpg', mimeType: 'image/jpeg', buffer: await photo(page) },
      { name: 'IMG_2.HEIC', mimeType: 'image/heic', buffer: HEIC },
      { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: PROGRAM },
    ]);
    await page.getByText('Not a photo that can be shown').waitFor();
    await expectSound(page);
    await send.click();
    const remove = page.getByRole('button', { name: 'Remove holiday.jpg' });
    expect(await remove.evaluate((button) => button === document.activeElement)).toBe(true);
    await remove.click();

    let reports = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/report-issue')) reports += 1;
    });
    let uploads = 0;
    await page.route(/photos\?name=IMG_2/, (route) => {
      uploads += 1;
      return uploads === 1 ? route.abort() : route.continue();
    });
    await send.dblclick();
    await page.getByText('1 photo did not get through').waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Send the photos again' }).click();
    await page.getByText("Issue reported. We'll contact you within 24 hours.").waitFor();
    expect(reports).toBe(1);

    await page.waitForURL(/\/issues\//);
    await page.getByText('Two boxes were crushed. <b>Both</b>.').waitFor();
    const shown = page.getByRole('link', { name: /Open the photo/ });
    expect(await shown.count()).toBe(2);
    const image = shown.first().locator('img');
    await image.scrollIntoViewIfNeeded();
    const size = await image.evaluate(async (seen: HTMLImageElement) => {
      await seen.decode();
      return [seen.naturalWidth, seen.naturalHeight];
    });
    expect(size).toEqual([2560, 1920]);
    await expectSound(page);
    await page.getByLabel('Your message').fill('Is anybody there?');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Message sent.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Is anybody there?' }).waitFor();

    const number =
      (await page.getByRole('heading', { level: 1 }).textContent())?.split(' ')[1] ?? '';
    await page.goBack();
    const row = page.getByRole('link', { name: new RegExp(`^${number}`) });
    await row.getByText('Last answer by you').waitFor();
    await expectSound(page);
    await page.getByRole('link', { name: 'Report an issue' }).click();
    expect(await description.inputValue()).toBe('');
    expect(complaints).toEqual([]);
    await context.close();
  });
});

/** Sends what is sent there, and loses the answer, once. */
const loseAnswer = (page: Page, to: string) =>
  page.route(
    to,
    async (route) => {
      await route.fetch();
      await route.abort();
    },
    { times: 1 },
  );

describe('a text that was changed after its answer was lost', () => {
  test('is kept beside the report that was sent, and goes there as an answer', async () => {
    const context = await browser.newContext({ viewport: PHONE });
    const page = await context.newPage();
    await reportForm(page);
    const form = page.url();
    const description = page.getByLabel('What happened?');
    const send = page.getByRole('button', { name: 'Send the report' });
    await page.getByLabel('Damaged').check();
    await description.fill('Two boxes were crushed.');
    await loseAnswer(page, '**/report-issue');
    await send.click();
    await page.getByText('There is no connection. Check').waitFor();
    await description.fill('Three boxes were crushed.');
    await send.click();
    const said = page.getByText(/This report was sent before as R-\d+, with other words/);
    await said.waitFor();
    const number = /R-\d+/.exec((await said.textContent()) ?? '')?.[0];
    expect(await description.inputValue()).toBe('Three boxes were crushed.');
    await expectSound(page);

    await page.getByRole('link', { name: `Open ${number}` }).click();
    await page.getByRole('heading', { name: `Report ${number}` }).waitFor();
    await page.getByText('Two boxes were crushed.').waitFor();
    await page.goBack();
    await page.waitForURL(form);
    expect(await description.inputValue()).toBe('Three boxes were crushed.');
    await send.click();
    await page.getByRole('button', { name: `Add it to ${number} as an answer` }).click();
    await page.getByText('Send it there.').waitFor();
    const answer = page.getByLabel('Your message');
    expect(await answer.inputValue()).toBe('Three boxes were crushed.');

    await loseAnswer(page, '**/messages');
    const sendAnswer = page.getByRole('button', { name: 'Send', exact: true });
    await sendAnswer.click();
    await page.getByText('There is no connection. Check').waitFor();
    await answer.fill('Four boxes were crushed.');
    await sendAnswer.click();
    await page.getByText('A message was sent before, with other words').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Three boxes' }).waitFor();
    await expectSound(page);
    expect(await answer.inputValue()).toBe('Four boxes were crushed.');
    await sendAnswer.click();
    await page.getByRole('listitem').filter({ hasText: 'Four boxes' }).waitFor();
    expect(await answer.inputValue()).toBe('');

    await page.goto(form);
    await description.waitFor();
    expect(await description.inputValue()).toBe('');
    await context.close();
  });

  test('is a report of its own, where that is what it is', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await context.newPage();
    await reportForm(page);
    const description = page.getByLabel('What happened?');
    const send = page.getByRole('button', { name: 'Send the report' });
    await page.getByLabel('Missing').check();
    await description.fill('The screws are missing.');
    await loseAnswer(page, '**/report-issue');
    await send.click();
    await page.getByText('There is no connection. Check').waitFor();
    await description.fill('The nuts are missing, too.');
    await send.click();
    await page.getByRole('button', { name: 'Send it as a new report' }).click();
    await page.waitForURL(/\/issues\//);
    await page.getByText('The nuts are missing, too.').waitFor();
    await context.close();
  });
});

/** What has the focus, as those hear it who cannot see it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document;
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : element;
    return label?.textContent?.trim() ?? '';
  });

test('a photo that cannot be sent keeps none of the others back, and the focus is never lost', async () => {
  const context = await browser.newContext({ viewport: PHONE });
  const page = await context.newPage();
  await reportForm(page);
  await page.getByLabel('Damaged').check();
  await page.getByLabel('What happened?').fill('One box is wet.');
  await page.getByRole('button', { name: 'Send the report' }).click();
  await page.waitForURL(/\/issues\//);

  const add = page.getByLabel('Add photos');
  const pictures = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, at) => ({
        name: `box-${at}.png`,
        mimeType: 'image/png',
        buffer: await picture(page, `#b565${10 + at}`),
      })),
    );
  await add.setInputFiles([
    ...(await pictures(1)),
    { name: 'holiday.jpg', mimeType: 'image/jpeg', buffer: PROGRAM },
  ]);
  const wrong = page.getByText('Not a photo that can be shown');
  await wrong.waitFor();
  await page.getByRole('button', { name: 'Send the photos' }).press('Enter');
  await page.getByText('1 photo sent.').waitFor();
  await page.getByRole('link', { name: /Open the photo box-0/ }).waitFor();
  expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(1);
  await wrong.waitFor();
  expect(await focused(page)).toBe('Add photos');

  const remove = (name: string) => page.getByRole('button', { name: `Remove ${name}` });
  await remove('holiday.jpg').press('Enter');
  expect(await focused(page)).toBe('Add photos');
  await add.setInputFiles((await pictures(5)).slice(1));
  await page.getByText('Five photos are the most').waitFor();
  await expect.poll(() => focused(page)).toBe('Remove box-1.png');
  await remove('box-2.png').press('Enter');
  expect(await focused(page)).toBe('Remove box-3.png');
  await remove('box-4.png').press('Enter');
  expect(await focused(page)).toBe('Add photos');
  await expectSound(page);
  await context.close();
});

test('the lines of a long order stay unfolded when the last is unticked', async () => {
  const context = await browser.newContext({ viewport: DESK });
  const page = await context.newPage();
  await page.route(/\/me\/orders\/[^/?]+$/, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    const lines = Array.from({ length: 9 }, (_, at) => ({ ...body.lines[0], lineNumber: at + 1 }));
    await route.fulfill({ response, json: { ...body, lines } });
  });
  await reportForm(page);
  const first = page.locator('details input[type=checkbox]').first();
  await page.getByText('The whole order', { exact: true }).click();
  await first.check();
  await page.getByText('1 item chosen').waitFor();
  await first.uncheck();
  await page.getByText('The whole order', { exact: true }).waitFor();
  expect(await first.isVisible()).toBe(true);
  await context.close();
});
