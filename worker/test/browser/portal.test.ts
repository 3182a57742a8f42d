/** Every page of the portal, with a customer's own things on it, as everyone has to be able to use it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { PORTAL_PATTERNS, type PortalPattern } from '../../../web/portal/patterns.ts';
import {
  complaintsOf,
  DESK,
  expectFitting,
  expectReachable,
  expectSoundInBoth,
  openBrowser,
  PHONE,
} from './browser.ts';
import { customerPage, linkOf, ME, picture } from './customer.ts';
import { englishOf } from './english.ts';

const run = inject('run');
const CUSTOMER = 'LODZ-007';
const NOWHERE = '01900000-0000-7000-8000-000000000000';
/** A window of 1280 pixels whose words are twice as large. */
const ZOOMED = { width: 640, height: 450 };

let browser: Browser;
let seen: { order: string; issue: string; invoices: string[] };

/** What is looked at of each page: a new page is a line here. */
const ADDRESSES = {
  '/': () => ['/', '/?status=delivered'],
  '/documents': () => ['/documents', '/documents?kind=invoice'],
  '/invoices': () => [
    '/invoices',
    '/invoices?status=overdue&kind=invoice',
    '/invoices?q=nothing-like-it',
  ],
  '/invoices/:id': () => [...seen.invoices.map((id) => `/invoices/${id}`), `/invoices/${NOWHERE}`],
  '/payments': () => ['/payments', '/payments?from=1990-01-01&to=1990-01-02'],
  '/insights': () => ['/insights', '/insights?from=1990-01-01&to=1990-12-31'],
  '/statement': () => [
    '/statement',
    '/statement?from=2025-01-01&to=2026-12-31',
    '/statement?from=1990-01-01&to=1990-12-31',
  ],
  '/details': () => ['/details'],
  '/exports': () => ['/exports'],
  '/help': () => ['/help'],
  '/notifications': () => ['/notifications'],
  '/orders': () => ['/orders', '/orders?status=active&sort=delivery', '/orders?q=nothing-like-it'],
  '/orders/:id': () => [`/orders/${seen.order}`, `/orders/${NOWHERE}`],
  '/orders/:id/report': () => [`/orders/${seen.order}/report`],
  '/issues/:id': () => [`/issues/${seen.issue}`, `/issues/${NOWHERE}`],
  others: () => ['/nothing'],
} satisfies Record<PortalPattern | 'others', () => string[]>;

/** What a link within the app may lead to when it is gone by then. */
const GONE = [
  `/invoices/${NOWHERE}`,
  `/orders/${NOWHERE}`,
  `/orders/${NOWHERE}/report`,
  `/issues/${NOWHERE}`,
  '/nothing',
];

const PAGES = [...PORTAL_PATTERNS, 'others'] as const;

beforeAll(async () => {
  browser = await openBrowser();
  seen = await reportIssue();
});
afterAll(() => browser?.close());

/** An order with a report on it: two photos, and an answer of the staff's. */
async function reportIssue() {
  const { page, context } = await customerPage(run, browser, CUSTOMER);
  const { orders } = await (await page.request.get(`${run.portal}${ME}/orders`)).json();
  const order: string = orders.find(({ status }: { status: string }) => status === 'shipped').id;
  // One that is late, one that is paid, and what credits one.
  const invoices: string[] = [];
  for (const query of ['status=overdue', 'status=paid', 'kind=credit_note']) {
    const found = await (await page.request.get(`${run.portal}${ME}/invoices?${query}`)).json();
    if (found.invoices[0]) invoices.push(found.invoices[0].id);
  }
  const headers = { Origin: run.portal, 'Idempotency-Key': 'a-report-of-every-page' };
  const report = { kind: 'damaged', description: 'Mokre kartony.', lineNumbers: [1] };
  const reported = await page.request.post(`${run.portal}${ME}/orders/${order}/report-issue`, {
    headers,
    data: { ...report, contactEmail: 'zakupy@lzt.example' },
  });
  const { issue } = await reported.json();
  for (const [name, colour] of [
    ['1.png', '#b5651d'],
    ['2.png', '#1d65b5'],
  ] as const) {
    const sent = await page.request.post(
      `${run.portal}${ME}/issues/${issue.id}/photos?name=${name}`,
      {
        headers: {
          Origin: run.portal,
          'Content-Type': 'image/png',
          'Idempotency-Key': `of-${name}`,
        },
        data: await picture(page, colour),
      },
    );
    expect(sent.ok()).toBe(true);
  }
  await context.close();
  const answered = await fetch(`${run.portal}/api/admin/acme/issues/${issue.id}/messages`, {
    method: 'POST',
    headers: {
      'cf-access-jwt-assertion': run.staff.owner?.token ?? '',
      'content-type': 'application/json',
      'idempotency-key': 'an-answer-of-every-page',
    },
    body: JSON.stringify({ body: 'Poniedziałek.', status: 'waiting_for_customer' }),
  });
  expect(answered.ok).toBe(true);
  expect(invoices.length).toBeGreaterThan(0);
  return { order, issue: issue.id as string, invoices };
}

async function visit(page: Page, address: string): Promise<void> {
  const response = await page.goto(run.portal + address);
  expect(response?.status()).toBeLessThan(500);
  await page.locator('main h1').first().waitFor();
  await page.waitForLoadState('networkidle');
}

/** Goes to an address as a link in the app does, without asking the Worker for a page. */
async function goWithin(page: Page, address: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', '${address}')`);
  await page.evaluate(`dispatchEvent(new PopStateEvent('popstate'))`);
  await page.locator('#main h1:not(.unseen)').waitFor();
}

test('no page of the portal is left out', () => {
  const { others: _, ...visited } = ADDRESSES;
  expect(Object.keys(visited).sort()).toEqual([...PORTAL_PATTERNS].sort());
});

describe.each([
  ['phone', PHONE],
  ['desk', DESK],
] as const)('on a %s', (_, viewport) => {
  test.each(PAGES)('%s can be used by everyone', async (pattern) => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport });
    const complaints = complaintsOf(page);
    for (const address of ADDRESSES[pattern]()) {
      await visit(page, address);
      await expectSoundInBoth(page);
      await expectReachable(page);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('what is gone by now says so', async () => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport });
    for (const address of GONE) {
      await goWithin(page, address);
      await expectSoundInBoth(page);
    }
    await context.close();
  });
});

describe.each(['es', 'pl'] as const)('in %s', (locale) => {
  test.each(PAGES)('%s speaks no English, and fits a phone', async (pattern) => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, {
      viewport: PHONE,
      locale,
    });
    for (const address of ADDRESSES[pattern]()) {
      await visit(page, address);
      expect(await page.getAttribute('html', 'lang')).toBe(locale);
      await expectFitting(page);
      expect(await englishOf(page, locale)).toEqual([]);
    }
    await context.close();
  });

  test('so does what is gone by now', async () => {
    const { page, context } = await customerPage(run, browser, CUSTOMER, {
      viewport: PHONE,
      locale,
    });
    for (const address of GONE) {
      await goWithin(page, address);
      await expectFitting(page);
      expect(await englishOf(page, locale)).toEqual([]);
    }
    await context.close();
  });
});

test('what is English is found to be', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER);
  const found = await englishOf(page, 'es');
  expect(found).toEqual(expect.arrayContaining(['Newest documents', 'Customer code']));
  await context.close();
});

const everyPage = () => PAGES.flatMap((pattern) => ADDRESSES[pattern]());

test('at twice the size of its words, every page still fits', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: ZOOMED });
  for (const address of everyPage()) {
    await visit(page, address);
    await expectFitting(page);
  }
  await context.close();
});

test('who wants no motion sees none, on any page or while one loads', async () => {
  const still: BrowserContextOptions = { viewport: PHONE, reducedMotion: 'reduce' };
  const { page, context } = await customerPage(run, browser, CUSTOMER, still);
  for (const address of everyPage()) {
    await visit(page, address);
    expect(await page.evaluate(movements)).toEqual([]);
  }
  await visit(page, '/');
  await page.route('**/api/**', () => {}); // never answered: what stands there meanwhile stays
  await page.getByRole('navigation').getByRole('link', { name: 'Orders' }).click();
  await page.getByText('Loading…').first().waitFor({ state: 'attached' });
  expect(await page.evaluate(movements)).toEqual([]);
  await context.close();
});

/** In the page: what moves for longer than anyone can see (a millisecond). */
function movements(): string[] {
  const longest = (list: string) =>
    Math.max(
      ...list.split(',').map((one) => Number.parseFloat(one) * (one.endsWith('ms') ? 1 : 1000)),
    );
  return [...document.querySelectorAll('*')].flatMap((element) =>
    [undefined, '::before', '::after'].flatMap((part) => {
      const style = getComputedStyle(element, part);
      const lasts = Math.max(
        longest(style.transitionDuration),
        style.animationName === 'none' ? 0 : longest(style.animationDuration),
      );
      return lasts > 1
        ? [`${element.tagName} ${element.className} ${part ?? ''}: ${lasts} ms`]
        : [];
    }),
  );
}

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
