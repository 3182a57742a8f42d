/** A page that is left open shows what changed, without being loaded again, and only to whom it is about. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { csvOf } from '../cast.ts';
import { complaintsOf, DESK, openBrowser, PHONE } from './browser.ts';
import { customerPage, ME } from './customer.ts';
import { apiOf, stage } from './staff.ts';

const run = inject('run');
/** For a slow machine. That nothing was loaded anew is what says that it came by itself. */
const AT_ONCE = { timeout: 15_000 };
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Loads a page of the portal and waits until it follows what changes; `hints` are what it was told since. */
async function followed(page: Page, path: string): Promise<{ hints: unknown[] }> {
  const hints: unknown[] = [];
  const opened = page.waitForEvent('websocket');
  await page.goto(`${run.portal}${path}`);
  const socket = await opened;
  socket.on('framereceived', ({ payload }) => hints.push(payload));
  return { hints };
}

async function approve(name: string, row: Record<string, string>): Promise<void> {
  const id = await stage(run, name, csvOf([row]));
  const approver = apiOf(run, 'approver');
  const { hash } = await approver.get<{ hash: string }>(`publishes/${id}/review`);
  await approver.send('POST', `publishes/${id}/approval`, { reviewHash: hash });
}

const today = new Date().toISOString().slice(0, 10);
const orderOf = (customer: string, number: string, status: string) => ({
  customer_code: customer,
  order_number: number,
  order_date: today,
  order_status: status,
});

describe.each([
  ['phone', PHONE, 'SO-LIVE-1'],
  ['desk', DESK, 'SO-LIVE-2'],
] as const)('on a %s', (_, viewport, number) => {
  test('what is approved is there at once, and nobody else is told', async () => {
    const [harr, iber] = await Promise.all(
      ['HARR-031', 'IBER-022'].map((code) => customerPage(run, browser, code, { viewport })),
    );
    if (!harr || !iber) throw new Error('two customers');
    const complaints = complaintsOf(harr.page);
    await followed(harr.page, '/');
    const other = await followed(iber.page, '/');
    let loads = 0;
    harr.page.on('load', () => {
      loads += 1;
    });
    // The other's own, so that its silence is not that of a broken connection.
    await approve(`Other ${number}`, orderOf('IBER-022', `${number}-I`, 'pending'));
    await iber.page
      .getByRole('link', { name: `${number}-I` })
      .first()
      .waitFor(AT_ONCE);
    const told = other.hints.length;
    await approve(`Live ${number}`, orderOf('HARR-031', number, 'pending'));
    const row = harr.page.getByRole('link', { name: number }).first();
    await row.waitFor(AT_ONCE);
    await row.click();
    await harr.page.getByRole('heading', { name: `Order ${number}` }).waitFor();
    await approve(`Moved ${number}`, orderOf('HARR-031', number, 'processing'));
    await harr.page.locator('#main').getByText('Processing').first().waitFor(AT_ONCE);
    expect(loads).toBe(0);
    expect(other.hints).toHaveLength(told);
    expect(complaints).toEqual([]);
    await Promise.all([harr.context.close(), iber.context.close()]);
  });
});

test('an answer comes while somebody writes, and leaves what they wrote', async () => {
  const { page, context } = await customerPage(run, browser, 'CALD-014', { viewport: DESK });
  const { orders } = await (await page.request.get(`${run.portal}${ME}/orders`)).json();
  const reported = await page.request.post(
    `${run.portal}${ME}/orders/${orders[0].id}/report-issue`,
    {
      headers: { Origin: run.portal, 'Idempotency-Key': 'a-report-that-is-answered' },
      data: {
        kind: 'damaged',
        description: 'Three boxes are wet.',
        lineNumbers: [],
        contactEmail: 'dock@cald.example',
      },
    },
  );
  const { issue } = await reported.json();
  await followed(page, `/issues/${issue.id}`);
  const field = page.locator('textarea');
  await field.fill('And one more thing');
  const answered = await fetch(`${run.portal}/api/admin/acme/issues/${issue.id}/messages`, {
    method: 'POST',
    headers: {
      'cf-access-jwt-assertion': run.staff.clerk?.token ?? '',
      'content-type': 'application/json',
      'idempotency-key': 'the-answer-to-it',
    },
    body: JSON.stringify({ body: 'New boxes are on their way.' }),
  });
  expect(answered.status).toBe(201);
  await field.blur();
  await page.getByText('New boxes are on their way.').waitFor(AT_ONCE);
  expect(await field.inputValue()).toBe('And one more thing');
  await context.close();
});

test('who is signed out elsewhere is told so here', async () => {
  const { page, context } = await customerPage(run, browser, 'CALD-014');
  await followed(page, '/');
  const ended = await page.request.delete(`${run.portal}/api/portal/session`, {
    headers: { Origin: run.portal },
  });
  expect(ended.ok()).toBe(true);
  // The Worker's own page, which has none of the app's parts.
  await page.locator('#app').waitFor({ state: 'detached', ...AT_ONCE });
  await context.close();
});
