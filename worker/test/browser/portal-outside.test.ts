/** What is seen of the portal outside a visit, and by a customer of whom nothing is published. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { DESK, expectReachable, expectSoundInBoth, openBrowser, PHONE } from './browser.ts';
import { customerPage, linkOf } from './customer.ts';
import { englishOf } from './english.ts';
import { CUSTOMER } from './portal-pages.ts';

const run = inject('run');

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

describe.each([
  ['phone', PHONE],
  ['desk', DESK],
] as const)('outside a visit, on a %s', (_, viewport) => {
  test.each(['en', 'es', 'pl'] as const)('every page can be used, in %s', async (locale) => {
    const context = await browser.newContext({ viewport, locale });
    const page = await context.newPage();
    const link = await linkOf(run, CUSTOMER);
    const sound = async () => {
      expect(await page.getAttribute('html', 'lang')).toBe(locale);
      expect(await englishOf(page, locale)).toEqual([]);
      await expectSoundInBoth(page);
      await expectReachable(page);
    };
    await page.goto(`${run.portal}/`); // no link was ever opened here
    await sound();
    await page.goto(`${link.slice(0, -2)}xx`); // cut short on its way
    await sound();
    await page.goto(link);
    await sound();
    await page.locator('button[type=submit]').click();
    await page.waitForURL(`${run.portal}/`);
    await page.locator('header button').last().click();
    await page.locator('main.sheet').waitFor();
    await sound();
    await context.close();
  });

  test('a customer of whom nothing is published finds a page that says so', async () => {
    const { page, context } = await customerPage(run, browser, 'HARR-031', { viewport });
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
    await expectSoundInBoth(page);
    await context.close();
  });
});
