/** A parcel from its label to the door, as its customer, their mailbox and the staff's trail see it. */
import { neon, neonConfig } from '@neondatabase/serverless';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { parcelNumber } from '../../../scripts/local/carrier-numbers.ts';
import { csvOf, day } from '../cast.ts';
import { complaintsOf, openBrowser, PHONE } from './browser.ts';
import { contactOf, customerPage, ME } from './customer.ts';
import { apiOf, stage } from './staff.ts';

const run = inject('run');
/** For a slow machine. That nothing was loaded anew is what says that it came by itself. */
const AT_ONCE = { timeout: 15_000 };
const ORDER = 'SO-PARCEL-1';
/** Its label's day: what is told was not long ago, and nothing of it is still to come. */
const FROM = day(-4);

/** By the carrier's clock, in hours from the midnight of the label's day; what the page says by then. */
const WAY = [
  [10, 'label_created', 'Label made'],
  [18, 'picked_up', 'Picked up'],
  [23, 'in_transit', 'In transit'],
  [40, 'exception', 'Held up'],
  [81, 'out_for_delivery', 'Out for delivery'],
  [87, 'delivered', 'Delivered'],
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await setClock(null);
  await browser?.close();
});

async function setClock(now: string | null): Promise<void> {
  const set = await fetch(`${run.carriers}/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ now }),
  });
  expect(set.ok).toBe(true);
}
/** What is done every half-hour, now. */
async function askCarriers(): Promise<void> {
  neonConfig.fetchEndpoint = run.neon;
  await neon(run.databaseUrl)`
    update staff.polled_shipments set next_poll_at = now() where next_poll_at is not null and carrier = 'fedex'`;
  const cron = encodeURIComponent('*/30 * * * *');
  const ran = await fetch(`${run.portal}/cdn-cgi/handler/scheduled?cron=${cron}`);
  expect(ran.ok).toBe(true);
}
const hoursOn = (hours: number) =>
  new Date(Date.parse(`${FROM}T00:00:00Z`) + hours * 3_600_000).toISOString();

async function publishParcel(customer: string): Promise<void> {
  const number = parcelNumber('fedex', { day: FROM, scenario: 'troubled', serial: 9 });
  const id = await stage(
    run,
    'A parcel',
    csvOf([
      {
        customer_code: customer,
        order_number: ORDER,
        order_date: FROM,
        order_status: 'processing',
        carrier: 'FedEx',
        tracking_number: number,
        shipped_at: FROM,
      },
    ]),
  );
  const approver = apiOf(run, 'approver');
  const { hash } = await approver.get<{ hash: string }>(`publishes/${id}/review`);
  await approver.send('POST', `publishes/${id}/approval`, { reviewHash: hash });
}

type Mail = { id: string; subject: string; text: string };
async function mailsTo(address: string): Promise<Mail[]> {
  const response = await fetch(`${run.inbox}/api/mails?to=${address}`);
  return (await response.json()) as Mail[]; // the local inbox's own
}

/** Opens an order's page, and waits until it follows what changes. */
async function follow(page: Page, id: string): Promise<void> {
  const opened = page.waitForEvent('websocket');
  await page.goto(`${run.portal}/orders/${id}`);
  await opened;
}

test('an open page follows it, one mail tells of it, and the trail has each step', async () => {
  const { email } = await contactOf(run, 'NORTH-001');
  const { page, context } = await customerPage(run, browser, 'NORTH-001', { viewport: PHONE });
  const complaints = complaintsOf(page);
  await setClock(hoursOn(1));
  const until = (count: number) =>
    expect
      .poll(async () => (await mailsTo(email)).length, { timeout: 20_000, interval: 300 })
      .toBe(count);
  const earlier = await mailsTo(email);
  await publishParcel('NORTH-001');
  // The letter of the publish itself, which waits for nothing.
  await until(earlier.length + 1);
  const { orders } = await (await page.request.get(`${run.portal}${ME}/orders?q=${ORDER}`)).json();
  const before = await mailsTo(email);
  await follow(page, orders[0].id);
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });

  for (const [hours, , words] of WAY) {
    await setClock(hoursOn(hours));
    await askCarriers();
    await page.locator('#main').getByText(words, { exact: true }).first().waitFor(AT_ONCE);
  }
  await page
    .getByRole('heading', { level: 1 })
    .locator('xpath=..')
    .getByText('Delivered')
    .waitFor();
  await page.getByText('J. Receiver').first().waitFor();
  expect(loads).toBe(0);

  // Nothing is mailed while more may follow; once it is time, all of it in one letter.
  expect(await mailsTo(email)).toHaveLength(before.length);
  await neon(run.databaseUrl)`
    update staff.outbox set due_at = now() where recipient = ${email} and template = 'news' and state = 'queued'`;
  const other = await contactOf(run, 'HARR-031');
  await apiOf(run, 'clerk').send('POST', `customers/${other.customerId}/links`, {
    contactId: other.id,
    delivery: 'mail',
  });
  await until(before.length + 1);
  const mail = (await mailsTo(email)).find(({ id }) => !before.some((old) => old.id === id));
  expect(mail?.text).toContain(ORDER);
  expect(mail?.text).toMatch(/deliver/i);

  type Trail = { events: { subjectId: string; detail: { before?: string; after?: string } }[] };
  const { events } = await apiOf(run, 'owner').get<Trail>('audit?action=shipment.status_changed');
  const [newest] = events;
  const steps = events.filter(({ subjectId }) => subjectId === newest?.subjectId).reverse();
  expect(steps.map(({ detail }) => detail.after)).toEqual(WAY.map(([, status]) => status));
  expect(complaints).toEqual([]);
  await context.close();
});
