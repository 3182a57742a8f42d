/** What the portal says of a day on which a parcel did not come. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { day } from '../cast.ts';
import { openBrowser, PHONE } from './browser.ts';
import { customerPage, ME } from './customer.ts';
import { goWithin } from './portal-pages.ts';

const run = inject('run');
const PASSED = day(-5);

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

type Answer = {
  order: { status: string };
  shipments: { id: string; orderId: string; status: string; estimatedDelivery: string }[];
};

/** Has an answer of the API tell of its parcels what is changed in it. */
const tells = (page: Page, path: string, change: (answer: Answer) => object) =>
  page.route(`**${ME}/${path}`, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: change(await response.json()) });
  });

async function parcelPage() {
  const visited = await customerPage(run, browser, 'NORTH-001', { viewport: PHONE });
  const home: Answer = await (await visited.page.request.get(`${run.portal}${ME}/home`)).json();
  // What comes within the app is asked of the API, which the tests have change its words.
  await visited.page.goto(`${run.portal}/help`);
  return { ...visited, orderId: home.shipments[0]?.orderId ?? '' };
}

test('a day that has passed is the past at home', async () => {
  const { page, context } = await parcelPage();
  await tells(page, 'home', (home) => ({
    ...home,
    shipments: home.shipments.map((one) => ({
      ...one,
      status: 'exception',
      estimatedDelivery: PASSED,
      isEstimate: false,
    })),
  }));
  await goWithin(page, '/');
  const parcels = page.getByRole('region', { name: 'On the way to you' });
  expect(await parcels.getByText(/^was expected/).count()).toBeGreaterThan(0);
  expect(await parcels.getByText(/^expected/).count()).toBe(0);
  await context.close();
});

const heldUp = {
  status: 'exception',
  expected: { day: PASSED, by: 'supplier' },
  earlier: [],
  events: [{ at: `${day(-4)}T10:00:00Z`, status: 'exception', city: null, description: null }],
};

test('nothing of a parcel’s history is still to come then, and the day is said once', async () => {
  const { page, context, orderId } = await parcelPage();
  await tells(page, `orders/${orderId}`, ({ shipments, ...answer }) => ({
    ...answer,
    shipments: shipments.slice(0, 1).map((one) => ({ ...one, ...heldUp })),
  }));
  await goWithin(page, `/orders/${orderId}`);
  const parcels = page.getByRole('region', { name: 'Shipment' });
  await parcels.getByText(/^Was expected/).waitFor();
  await parcels.locator('summary').click();
  await parcels.getByRole('listitem').getByRole('listitem').first().waitFor();
  expect(await parcels.getByRole('listitem').getByRole('listitem').count()).toBe(1);
  expect(await parcels.getByText('Expected delivery').count()).toBe(0);
  await context.close();
});

test('of an order that came, a parcel that nobody followed is not on its way', async () => {
  const { page, context, orderId } = await parcelPage();
  await tells(page, `orders/${orderId}`, ({ shipments, order, ...answer }) => ({
    ...answer,
    order: { ...order, status: 'delivered' },
    shipments: shipments.slice(0, 1).map((one) => ({ ...one, ...heldUp, status: 'unknown' })),
  }));
  await goWithin(page, `/orders/${orderId}`);
  const parcels = page.getByRole('region', { name: 'Shipment' });
  await parcels.locator('summary').waitFor();
  expect(await parcels.getByText(/^Was expected/).count()).toBe(0);
  expect(await parcels.getByText('Sent', { exact: true }).count()).toBe(0);
  await context.close();
});
