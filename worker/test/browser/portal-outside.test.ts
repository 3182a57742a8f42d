/** What is seen of the portal outside a visit, by a customer of whom nothing is published, and of money where none is shown. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  complaintsOf,
  DESK,
  expectFitting,
  expectReachable,
  expectSoundInBoth,
  openBrowser,
  PHONE,
} from './browser.ts';
import { customerPage, linkOf, ME, openLink } from './customer.ts';
import { englishOf } from './english.ts';
import { CUSTOMER, visit } from './portal-pages.ts';

const run = inject('run');

/** The demo's customer of whom nothing is published. */
const EMPTY = 'HARR-031';
const MONEY = ['/invoices', '/payments', '/statement', '/insights', '/exports'];
/** What the page of money says of a link without amounts. */
const TITLES = {
  en: 'No amounts through this link',
  es: 'Sin importes en este enlace',
  pl: 'Ten link nie pokazuje kwot',
};
/** An amount, as any of the languages writes one. */
const AMOUNT = /\d[.,]\d\d(?!\d)|[$€£]|\bzł|\b(?:EUR|GBP|PLN|USD)\b/;

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
    const { page, context } = await customerPage(run, browser, EMPTY, { viewport });
    await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
    await expectSoundInBoth(page);
    await context.close();
  });

  test('and on each page of money words that say so, and no amount', async () => {
    const { page, context } = await customerPage(run, browser, EMPTY, { viewport });
    const complaints = complaintsOf(page);
    for (const [address, words] of [
      ['/invoices', 'They appear here as soon as Acme Manufacturing publishes them.'],
      ['/payments', 'They appear here as soon as Acme Manufacturing books and publishes them.'],
      ['/statement', 'Nothing moved on these days, and nothing is owed. Choose another period.'],
      ['/insights', 'None of the orders that count here was placed on these days.'],
      ['/exports', 'There is nothing to export for these days. Choose other days.'],
    ] as const) {
      await visit(page, address);
      await page.getByText(words).waitFor();
      expect(await textOf(page)).not.toMatch(AMOUNT);
      expect(await leadsOf(page, '#main')).toEqual(expect.arrayContaining(MONEY));
      await expectSoundInBoth(page);
    }
    await page.getByRole('button', { name: 'Download the pack for these days' }).click();
    await page.getByText('There is nothing for these days or this PO number.').waitFor();
    const statement = await page.request.get(`${run.portal}${ME}/statement.pdf`);
    expect(statement.ok()).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('through a link without amounts', () => {
  test.each(['en', 'es', 'pl'] as const)(
    'each page of money says that there are none, and leads on, in %s',
    async (locale) => {
      const { page: whole, context: all } = await customerPage(run, browser, CUSTOMER);
      const found = await (await whole.request.get(`${run.portal}${ME}/invoices`)).json();
      const { id, number, total } = found.invoices[0];
      await all.close();
      const context = await browser.newContext({ viewport: PHONE, locale });
      const page = await context.newPage();
      await openLink(page, await linkOf(run, CUSTOMER, 'no_financials'));
      const complaints = complaintsOf(page);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const days = '?from=2025-01-01&to=2026-12-31';
      for (const address of [
        ...MONEY,
        `/invoices/${id}`,
        `/statement${days}`,
        `/insights${days}`,
      ]) {
        await page.setViewportSize(PHONE);
        await visit(page, address);
        await page.locator(`main h2:has-text("${TITLES[locale]}")`).waitFor();
        // Not on the page, and not in what came with it.
        expect(await textOf(page)).not.toMatch(AMOUNT);
        const html = await page.content();
        for (const kept of [number, total]) expect(html).not.toContain(kept);
        expect(await englishOf(page, locale)).toEqual([]);
        const leads = await leadsOf(page, 'body');
        expect(leads).toEqual(expect.arrayContaining(['/', '/orders', '/documents']));
        expect(leads.some((href) => href.startsWith('mailto:'))).toBe(true);
        expect(leads.filter((href) => MONEY.includes(href))).toEqual([]);
        await page.setViewportSize(DESK);
        await expectFitting(page);
      }
      for (const viewport of [DESK, PHONE]) {
        await page.setViewportSize(viewport);
        await expectSoundInBoth(page);
        await expectReachable(page);
      }
      expect(asked.filter((path) => MONEY.some((one) => path.startsWith(ME + one)))).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});

const textOf = (page: Page) => page.locator('#main').textContent();

/** Where the links lead that are seen in a part of the page. */
const leadsOf = (page: Page, within: string): Promise<string[]> =>
  page
    .locator(`${within} a[href]:visible`)
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
