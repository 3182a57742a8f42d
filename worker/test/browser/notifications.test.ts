/** The bell, and the page behind it: what is new, until it was seen. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openBrowser, PHONE } from './browser.ts';
import { customerPage, ME } from './customer.ts';
import { apiOf } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

test('the bell says how much is new, leads there, and is quiet once it was seen', async () => {
  const { page, context } = await customerPage(run, browser, 'NORTH-001', { viewport: PHONE });
  const asked = await page.request.post(`${run.portal}${ME}/change-requests`, {
    headers: { Origin: run.portal, 'Idempotency-Key': 'a-change-that-is-told' },
    data: { kind: 'contact_details', fields: { phone: '+1 555 0100' } },
  });
  const { changeRequest } = await asked.json();
  await apiOf(run, 'owner').send('PUT', `change-requests/${changeRequest.id}/decision`, {
    status: 'accepted',
  });
  await page.goto(run.portal);
  const bell = page.getByRole('link', { name: /new notification/ });
  const count = Number.parseInt((await bell.getAttribute('aria-label')) ?? '', 10);
  expect(count).toBeGreaterThan(0);
  expect(await bell.textContent()).toBe(String(count));

  await bell.click();
  const told = page.getByRole('link', { name: /Your change was noted/ });
  await told.waitFor();
  expect(await told.textContent()).toContain('New');
  // It has no number any more, here and on the page that was drawn before.
  await page.getByRole('link', { name: 'Notifications', exact: true }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Newest documents' }).waitFor();
  expect(await page.getByRole('link', { name: /new notification/ }).count()).toBe(0);
  await page.reload();
  await page.getByRole('link', { name: 'Notifications', exact: true }).click();
  await told.waitFor();
  expect(await told.textContent()).not.toContain('New');
  await told.click();
  await page.waitForURL(`${run.portal}/details`);
  await context.close();
});
