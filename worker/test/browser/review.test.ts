import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { csvOf, pdfOf } from '../cast.ts';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';
import { apiOf, staffPage, stage } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** The name of the item that has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-item]')?.getAttribute('aria-label'));

/**
 * 30 pages: what grows with the items would grow thirtyfold, and they are staged in seconds. The
 * 50,000 of the promise are 500 such pages; what the database does with those is benched.
 */
const CUSTOMERS = 300;
const ORDERS_EACH = 9;
const PAGE = 100;
const ITEMS = CUSTOMERS * (1 + ORDERS_EACH);

describe('a review of many items', () => {
  const rows = Array.from({ length: CUSTOMERS }, (_, customer) =>
    Array.from({ length: ORDERS_EACH }, (_, order) => ({
      customer_code: `LONG-${customer}`,
      customer_name: `Long List ${String(customer).padStart(3, '0')}`,
      order_number: `LL-${customer}-${order}`,
      order_date: '2026-11-02',
    })),
  ).flat();

  test('is gone through by keys, a page at a time, and no page is read twice', async () => {
    const publish = await stage(run, 'Long list', csvOf(rows));
    const context = await browser.newContext({ viewport: DESK });
    const page = await staffPage(run, context, 'Amir');
    const complaints = complaintsOf(page);
    const asked: string[] = [];
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      const { pathname, search } = new URL(response.url());
      if (!pathname.includes(`/publishes/${publish}/`)) return;
      asked.push(pathname.replace(/.*\/publishes\/[^/]*/, '') + search);
      sizes.push(response.json().then((body) => body.items?.length ?? body.customers?.length ?? 0));
    });
    await page.goto(`${run.portal}/admin/acme/publishes/${publish}`);
    const count = ITEMS.toLocaleString('en');
    const shown = async (from: number) => {
      const [first, last] = [from + 1, from + PAGE].map((at) => at.toLocaleString('en'));
      await page.getByText(`${first} to ${last} of ${count}`).first().waitFor();
      expect(await page.locator('[data-item]').count()).toBe(PAGE);
    };
    const elements = () => page.evaluate(() => document.querySelectorAll('*').length);
    await shown(0);
    await expectSound(page);
    const atFirst = await elements();

    // Over the edge of a page, and back.
    await page.keyboard.press('j');
    const first = await focused(page);
    await page.locator('[data-item]').last().focus();
    const last = await focused(page);
    await page.keyboard.press('j');
    await shown(PAGE);
    await expect.poll(() => focused(page)).not.toBe(last);
    await page.keyboard.press('k');
    await shown(0);
    await expect.poll(() => focused(page)).toBe(last);
    await page.keyboard.press('n');
    await shown(PAGE);

    for (let from = 2 * PAGE; from < ITEMS; from += PAGE) {
      await page.keyboard.press('n');
      await shown(from);
    }
    expect(await elements()).toBeLessThan(atFirst * 1.1);
    const whole = [...asked];
    expect(whole.filter((path) => /^\/review(\?|$)/.test(path))).toHaveLength(ITEMS / PAGE);
    expect(new Set(whole).size).toBe(whole.length);
    expect(Math.max(...(await Promise.all(sizes)))).toBe(PAGE);

    // Behind the last page there is nothing; before it, what was read already.
    await page.keyboard.press('n');
    for (let from = ITEMS - 2 * PAGE; from >= 0; from -= PAGE) {
      await page.keyboard.press('p');
      await shown(from);
    }
    await expect.poll(() => focused(page)).toBe(first);
    expect(asked).toEqual(whole);
    expect(complaints).toEqual([]);
    await context.close();
    // On a busy machine each of the 60 drawings of a page takes its time.
  }, 180_000);
});

describe('a PDF beside its row', () => {
  const NUMBERS = [1, 2, 3];
  const order = { customer_code: 'BESIDE', order_number: 'SO-BESIDE' };
  const fileOf = (at: number) => `BESIDE-${at}.pdf`;
  const csv = csvOf([
    { customer_code: 'BESIDE', customer_name: 'Beside Ltd' },
    { ...order, order_date: '2026-11-02' },
    ...NUMBERS.map((at) => ({
      ...order,
      document_kind: 'packing_slip',
      document_number: `BESIDE-${at}`,
      document_date: '2026-11-03',
      file_name: fileOf(at),
    })),
  ]);
  const files = Object.fromEntries(
    NUMBERS.map((at) => [fileOf(at), pdfOf(`Packing slip BESIDE-${at} Beside Ltd`)]),
  );
  let publish: string;
  beforeAll(async () => {
    publish = await stage(run, 'Beside', csv, files);
  });
  const review = () => `${run.portal}/admin/acme/publishes/${publish}`;
  const linkTo = (page: Page, at: number) => page.getByRole('link', { name: fileOf(at) });
  const titled = (page: Page, at: number) =>
    page.getByRole('region', { name: `Packing slip BESIDE-${at}` });

  test('follows the keyboard, and Escape gives the focus back to the row', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await staffPage(run, context, 'Amir');
    const complaints = complaintsOf(page);
    await page.goto(review());
    await linkTo(page, 1).focus();
    await page.keyboard.press('o');
    await titled(page, 1).locator('iframe').waitFor();
    expect(await focused(page)).toBe('BESIDE-1');
    await expectSound(page);

    await page.keyboard.press('j');
    await titled(page, 2).waitFor();
    expect(await focused(page)).toBe('BESIDE-2');
    await page.keyboard.press('k');
    await titled(page, 1).waitFor();
    // What has no file leaves it as it is.
    await page.keyboard.press('k');
    expect(await focused(page)).toBe('SO-BESIDE');
    await page.keyboard.press('j');

    // Once more goes into it: it turns over there, and the list goes on from what it shows.
    await page.keyboard.press('o');
    expect(await focused(page)).toBeUndefined();
    await page.getByRole('button', { name: 'Next document' }).press('Enter');
    await titled(page, 2).waitFor();
    await page.keyboard.press('Escape');
    await titled(page, 2).waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('BESIDE-2');
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('says so when it is not there any more', async () => {
    const context = await browser.newContext({ viewport: DESK });
    const page = await staffPage(run, context, 'Amir');
    await page.goto(review());
    await linkTo(page, 3).waitFor();
    const path = `${run.portal}/api/admin/acme/publishes/${publish}/files/${fileOf(3)}`;
    const headers = { 'cf-access-jwt-assertion': run.staff.clerk?.token ?? '' };
    expect((await fetch(path, { method: 'DELETE', headers })).status).toBe(204);
    await linkTo(page, 3).click();
    await titled(page, 3).getByText('This PDF is not here any more.').waitFor();
    await expectSound(page);
    await titled(page, 3).getByRole('button', { name: 'Close' }).click();
    expect(await focused(page)).toBe('BESIDE-3');
    await context.close();
  });

  test('is a tab of its own on a phone', async () => {
    const context = await browser.newContext({ viewport: PHONE });
    const page = await staffPage(run, context, 'Amir');
    await page.goto(review());
    const opened = context.waitForEvent('page');
    await linkTo(page, 1).click();
    await (await opened).close();
    expect(await page.locator('iframe').count()).toBe(0);
    await context.close();
  });
});

describe('a decision by keys alone', () => {
  const SHARED = 'office@both.example';
  const shop = (code: string, address: string) => ({
    customer_code: code,
    customer_name: `Shop ${code}`,
    contact_name: `Ann of ${code}`,
    contact_email: address,
  });
  const orderOf = (code: string) => ({
    customer_code: code,
    order_number: `SO-${code}`,
    order_date: '2026-11-02',
  });
  const csv = csvOf([
    shop('KEYS-1', 'ann@keys.example'),
    shop('KEYS-1', SHARED),
    shop('KEYS-2', SHARED),
    orderOf('KEYS-1'),
    orderOf('KEYS-2'),
    {
      ...orderOf('KEYS-1'),
      document_kind: 'packing_slip',
      document_number: 'PS-KEYS-1',
      document_date: '2026-11-03',
      file_name: 'PS-KEYS-1.pdf',
    },
  ]);
  /** Something stands behind its end: the checks hold it back. */
  const pdf = Buffer.concat([pdfOf('PS-KEYS-1 Shop KEYS-1'), Buffer.from('<html></html>')]);

  /** More presses than any of it takes. */
  const PRESSES_MAX = 200;
  const pressUntil = async (page: Page, key: string, isThere: () => Promise<boolean>) => {
    for (let pressed = 0; !(await isThere()); pressed += 1) {
      if (pressed === PRESSES_MAX) throw new Error(`${key} does not lead there.`);
      await page.keyboard.press(key);
    }
  };
  const tabTo = (page: Page, goal: Locator) =>
    pressUntil(page, 'Tab', () => goal.evaluate((stop) => stop === document.activeElement));
  const goTo = (page: Page, item: string) =>
    pressUntil(page, 'j', async () => (await focused(page)) === item);

  test('ticks, leaves out, overrides with a reason and approves, in the name of who did', async () => {
    const publish = await stage(run, 'By keys', csv, { 'PS-KEYS-1.pdf': pdf });
    const context = await browser.newContext({ viewport: DESK });
    const page = await staffPage(run, context, 'Amir');
    const complaints = complaintsOf(page);
    await page.goto(`${run.portal}/admin/acme/publishes/${publish}`);
    const press = async (name: string) => {
      await tabTo(page, page.getByRole('button', { name, exact: true }));
      await page.keyboard.press('Enter');
    };

    // The address that two customers use is not ticked along: it takes a look.
    await press('Tick all new recipients of Shop KEYS-1');
    await page
      .getByText('1 item ticked. 1 new recipient needs a look and a tick of its own. Another')
      .waitFor();
    await page.getByText('1 new recipient can be given a link.').waitFor();
    const tickAll = page.getByRole('button', { name: 'Tick all new recipients of Shop KEYS-1' });
    expect(await tickAll.count()).toBe(1);
    await goTo(page, SHARED);
    await page.keyboard.press('t');
    await page.getByText('2 new recipients can be given a link.').waitFor();
    // Nothing is left that it would do.
    await tickAll.waitFor({ state: 'detached' });

    await goTo(page, 'SO-KEYS-2');
    await page.keyboard.press('x');
    await page.getByText('1 item stays behind because it was left out.').waitFor();
    expect(await focused(page)).toBe('SO-KEYS-2');

    await press('Override… PS-KEYS-1');
    const reason = page.getByLabel('Why may it go out all the same?');
    await tabTo(page, reason);
    await page.keyboard.type('Compared with the order by telephone.');
    await press('Override');
    await page.getByText('Overridden: PS-KEYS-1.').waitFor();
    // The button that asked is gone: one is where it was.
    await expect.poll(() => focused(page)).toBe('PS-KEYS-1');

    await expect
      .poll(() => page.getByRole('button', { name: 'Approve…' }).isEnabled(), { timeout: 30_000 })
      .toBe(true);
    await press('Approve…');
    await press('Approve and publish');
    await page.getByText('Approved by Amir Haddad').first().waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    type Decided = { publish: { decidedBy: string; summary: Record<string, number> } };
    const decided = await apiOf(run, 'owner').get<Decided>(`publishes/${publish}/review`);
    expect(decided.publish.decidedBy).toBe('Amir Haddad');
    expect(decided.publish.summary).toMatchObject({
      contacts: 2,
      orders: 1,
      documents: 1,
      overrides: 1,
    });
    expect(complaints).toEqual([]);
    await context.close();
  });
});
