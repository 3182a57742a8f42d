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
import { apiOf } from './staff.ts';

const run = inject('run');
const CUSTOMER = 'LODZ-007';
const NOWHERE = '01900000-0000-7000-8000-000000000000';
/** A window of 1280 pixels whose words are twice as large. */
const ZOOMED = { width: 640, height: 450 };

let browser: Browser;
let seen: { order: string; issue: string; invoices: string[] };

const BACKWARDS = 'from=2026-02-01&to=2026-01-01';

/** What is looked at of each page: a new page is a line here. */
const ADDRESSES = {
  '/': () => ['/', '/?status=delivered'],
  '/documents': () => ['/documents', '/documents?kind=invoice', `/documents?${BACKWARDS}`],
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
    `/statement?${BACKWARDS}`,
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

/** A visit in a language, for all the tests of one description. */
function visitIn(locale: 'en' | 'es' | 'pl') {
  const visited = {} as { page: Page; complaints: string[] }; // filled before any test
  beforeAll(async () => {
    const { page } = await customerPage(run, browser, CUSTOMER, { viewport: PHONE, locale });
    Object.assign(visited, { page, complaints: complaintsOf(page) });
  });
  afterAll(() => visited.page.context().close());
  return visited;
}

// Which window it is, is the styles' affair: what is loaded on a phone is a desk's once it is as wide.
describe('everywhere', () => {
  const visited = visitIn('en');

  test.each(PAGES)('%s can be used by everyone, on a phone and on a desk', async (pattern) => {
    const { page, complaints } = visited;
    for (const address of ADDRESSES[pattern]()) {
      await page.setViewportSize(PHONE);
      await visit(page, address);
      for (const viewport of [PHONE, DESK]) {
        await page.setViewportSize(viewport);
        await expectSoundInBoth(page);
        await expectReachable(page);
      }
      // At twice the size of its words it still fits.
      await page.setViewportSize(ZOOMED);
      await expectFitting(page);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      expect(await page.evaluate(movements)).toEqual([]);
      await page.emulateMedia({ reducedMotion: 'no-preference' });
    }
    expect(complaints.splice(0)).toEqual([]);
  });

  test('what is gone by now says so', async () => {
    const { page } = visited;
    await visit(page, '/');
    for (const address of GONE) {
      await goWithin(page, address);
      for (const viewport of [PHONE, DESK]) {
        await page.setViewportSize(viewport);
        await expectSoundInBoth(page);
      }
    }
  });
});

describe.each(['es', 'pl'] as const)('in %s', (locale) => {
  const visited = visitIn(locale);

  test.each(PAGES)('%s speaks no English, and fits a phone', async (pattern) => {
    const { page } = visited;
    for (const address of ADDRESSES[pattern]()) {
      await visit(page, address);
      expect(await page.getAttribute('html', 'lang')).toBe(locale);
      await expectFitting(page);
      expect(await englishOf(page, locale)).toEqual([]);
    }
  });

  test('so does what is gone by now', async () => {
    const { page } = visited;
    await visit(page, '/');
    for (const address of GONE) {
      await goWithin(page, address);
      await expectFitting(page);
      expect(await englishOf(page, locale)).toEqual([]);
    }
  });
});

describe('days that stand the wrong way round', () => {
  test.each(['orders', 'documents', 'invoices', 'payments', 'insights', 'statement'])(
    'in an address of %s stand in the form, which says so, and no list stands for an answer',
    async (list) => {
      const { page, context } = await customerPage(run, browser, CUSTOMER, { viewport: DESK });
      const complaints = complaintsOf(page);
      let asked = 0;
      page.on('request', (request) => {
        if (request.url().includes(`${ME}/${list}`)) asked += 1;
      });
      await visit(page, `/${list}?${BACKWARDS}`);
      await page.getByText('The first day is after the last. Swap the two days.').waitFor();
      const day = (name: string) => page.locator(`input[name=${name}]`);
      expect(await day('from').inputValue()).toBe('2026-02-01');
      expect(await day('to').inputValue()).toBe('2026-01-01');
      expect(await page.locator('main table').count()).toBe(0);
      expect(asked).toBe(0);
      await day('to').fill('2026-02-02');
      await page.getByRole('button', { name: /^Show/ }).click();
      await page.waitForURL(/to=2026-02-02/);
      await page.waitForLoadState('networkidle');
      expect(await page.getByText('Swap the two days.').count()).toBe(0);
      expect(asked).toBe(1);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});

test('a statement whose amounts are withheld says so, and never that nothing is owed', async () => {
  const code = 'IBER-022';
  const { page, context } = await customerPage(run, browser, code, { viewport: PHONE });
  await visit(page, '/statement');
  await page.getByText('Closing balance').first().waitFor();
  const owner = apiOf(run, 'owner');
  const { fields, kinds } = await owner.get<{ fields: string[]; kinds: string[] }>('exposures');
  const shown = fields.filter((field) => field !== 'total');
  await owner.send('PUT', 'exposures', { customerKey: code, kinds, fields: shown });
  await visit(page, '/statement');
  await page.getByText('Not shown here, since not all amounts are available to you').waitFor();
  expect(await page.getByText(/nothing is owed/i).count()).toBe(0);
  await expectSoundInBoth(page);
  await context.close();
});

test('what is English is found to be', async () => {
  const { page, context } = await customerPage(run, browser, CUSTOMER);
  const found = await englishOf(page, 'es');
  expect(found).toEqual(expect.arrayContaining(['Newest documents', 'Customer code']));
  await context.close();
});

test('who wants no motion sees none while a page loads', async () => {
  const still: BrowserContextOptions = { viewport: PHONE, reducedMotion: 'reduce' };
  const { page, context } = await customerPage(run, browser, CUSTOMER, still);
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
