/** What is looked at of each page of the portal, with a customer's own things on it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import type { PortalPattern } from '../../../web/portal/patterns.ts';
import { PORTAL_PAGES } from '../../vocabulary.ts';
import { complaintsOf, goSettled, openBrowser, PHONE } from './browser.ts';
import { customerPage, ME, picture } from './customer.ts';

const run = inject('run');
export const CUSTOMER = 'LODZ-007';
const NOWHERE = '01900000-0000-7000-8000-000000000000';

type Seen = { order: string; issue: string; invoices: string[] };

/** Days that stand the wrong way round. */
export const BACKWARDS = 'from=2026-02-01&to=2026-01-01';

/** The addresses of each page: a new page is a line here. */
export const ADDRESSES = {
  '/': () => ['/', '/?status=delivered'],
  '/documents': () => ['/documents', '/documents?kind=invoice', `/documents?${BACKWARDS}`],
  '/invoices': () => [
    '/invoices',
    '/invoices?status=overdue&kind=invoice',
    '/invoices?q=nothing-like-it',
  ],
  '/invoices/:id': ({ invoices }) => [
    ...invoices.map((id) => `/invoices/${id}`),
    `/invoices/${NOWHERE}`,
  ],
  '/payments': () => ['/payments', '/payments?from=1990-01-01&to=1990-01-02'],
  '/insights': () => ['/insights', '/insights?from=1990-01-01&to=1990-12-31'],
  '/statement': () => [
    '/statement',
    '/statement?from=2025-01-01&to=2026-12-31',
    '/statement?from=1990-01-01&to=1990-12-31',
    `/statement?${BACKWARDS}`,
  ],
  '/details': () => ['/details'],
  '/exports': () => ['/exports', '/exports?format=ubl', `/exports?${BACKWARDS}`],
  '/help': () => ['/help'],
  '/notifications': () => ['/notifications'],
  '/orders': () => ['/orders', '/orders?status=active&sort=delivery', '/orders?q=nothing-like-it'],
  '/orders/:id': ({ order }) => [`/orders/${order}`, `/orders/${NOWHERE}`],
  '/orders/:id/report': ({ order }) => [`/orders/${order}/report`],
  '/issues/:id': ({ issue }) => [`/issues/${issue}`, `/issues/${NOWHERE}`],
  others: () => ['/nothing'],
} satisfies Record<PortalPattern | 'others', (seen: Seen) => string[]>;

/** What a link within the app may lead to when it is gone by then. */
export const GONE = [
  `/invoices/${NOWHERE}`,
  `/orders/${NOWHERE}`,
  `/orders/${NOWHERE}/report`,
  `/issues/${NOWHERE}`,
  '/nothing',
];

export const PAGES = [...PORTAL_PAGES, 'others'] as const;

/** A browser for the tests of a file, and what is there to be seen: filled before any of them. */
export function sweep(name: string): { browser: Browser; seen: Seen } {
  const made = {} as { browser: Browser; seen: Seen }; // filled before any test
  beforeAll(async () => {
    made.browser = await openBrowser();
    made.seen = await reportIssue(made.browser, name);
  });
  afterAll(() => made.browser?.close());
  return made;
}

/** An order with a report on it: two photos, and an answer of the staff's. */
async function reportIssue(browser: Browser, name: string): Promise<Seen> {
  const { page, context } = await customerPage(run, browser, CUSTOMER);
  const { orders } = await (await page.request.get(`${run.portal}${ME}/orders`)).json();
  const order: string = orders.find(({ status }: { status: string }) => status === 'shipped').id;
  // One that is late, one that is paid, and what credits one.
  const invoices: string[] = [];
  for (const query of ['status=overdue', 'status=paid', 'kind=credit_note']) {
    const found = await (await page.request.get(`${run.portal}${ME}/invoices?${query}`)).json();
    if (found.invoices[0]) invoices.push(found.invoices[0].id);
  }
  const headers = { Origin: run.portal, 'Idempotency-Key': `a-report-of-${name}` };
  const report = { kind: 'damaged', description: 'Mokre kartony.', lineNumbers: [1] };
  const reported = await page.request.post(`${run.portal}${ME}/orders/${order}/report-issue`, {
    headers,
    data: { ...report, contactEmail: 'zakupy@lzt.example' },
  });
  const { issue } = await reported.json();
  for (const [file, colour] of [
    ['1.png', '#b5651d'],
    ['2.png', '#1d65b5'],
  ] as const) {
    const sent = await page.request.post(
      `${run.portal}${ME}/issues/${issue.id}/photos?name=${file}`,
      {
        headers: {
          Origin: run.portal,
          'Content-Type': 'image/png',
          'Idempotency-Key': `of-${file}`,
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
      'idempotency-key': `an-answer-of-${name}`,
    },
    body: JSON.stringify({ body: 'Poniedziałek.', status: 'waiting_for_customer' }),
  });
  expect(answered.ok).toBe(true);
  expect(invoices.length).toBeGreaterThan(0);
  return { order, issue: issue.id as string, invoices };
}

/** Goes to a page, and waits until it shows what it is for. */
export async function visit(page: Page, address: string): Promise<void> {
  const response = await goSettled(page, run.portal + address);
  expect(response?.status()).toBeLessThan(500);
  await page.locator('main h1').first().waitFor();
}

/** Goes to an address as a link in the app does, without asking the Worker for a page. */
export async function goWithin(page: Page, address: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', '${address}')`);
  await page.evaluate(`dispatchEvent(new PopStateEvent('popstate'))`);
  await page.locator('#main h1:not(.unseen)').waitFor();
}

/** A visit in a language, for all the tests of one description. */
export function visitIn(made: { browser: Browser }, locale: 'en' | 'es' | 'pl') {
  const visited = {} as { page: Page; complaints: string[] }; // filled before any test
  beforeAll(async () => {
    const { page } = await customerPage(run, made.browser, CUSTOMER, { viewport: PHONE, locale });
    Object.assign(visited, { page, complaints: complaintsOf(page) });
  });
  afterAll(() => visited.page.context().close());
  return visited;
}
