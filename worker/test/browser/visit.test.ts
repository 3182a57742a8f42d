/** How a visit comes to its end, for somebody who is away and has no connection when they come back. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { DESK, expectSound, openBrowser } from './browser.ts';
import { customerPage } from './customer.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

test('the warning stays until it was heard, also without a connection, and the end reloads nothing', async () => {
  const { page, context } = await customerPage(run, browser, 'CALD-014', { viewport: DESK });
  await page.clock.install();
  await page.goto(`${run.portal}/help`);
  await page.locator('#main h1').waitFor();
  await page.clock.runFor(3_000);
  // It is drawn beside the app once what attends a visit is there.
  await page.locator('.beside-app').waitFor({ state: 'attached' });
  const warning = page.getByRole('dialog', { name: 'Are you still there?' });
  const stay = warning.getByRole('button', { name: 'Stay signed in' });
  const hasFocus = async () =>
    expect.poll(() => stay.evaluate((button) => button === document.activeElement)).toBe(true);
  await page.clock.fastForward('28:30');
  await page.clock.runFor(20_000);
  await warning.waitFor();
  await hasFocus();
  await expectSound(page);

  await context.setOffline(true);
  await page.keyboard.press('Escape');
  await warning.getByRole('alert').waitFor();
  await hasFocus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await warning.getByRole('alert').waitFor();
  await hasFocus();
  await warning.getByRole('button', { name: 'Sign out now' }).click();
  // The words are those of before; the focus comes back once it is put up again.
  await hasFocus();
  await warning.getByText('There is no connection.').waitFor();

  await context.setOffline(false);
  const renewed = page.waitForResponse(/\/session\/renewal$/);
  await page.keyboard.press('Escape');
  await (await renewed).finished();
  await warning.waitFor({ state: 'detached' });

  await page.clock.fastForward('28:30');
  await page.clock.runFor(20_000);
  await warning.waitFor();
  await context.setOffline(true);
  let loads = 0;
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads += 1;
  });
  await page.clock.fastForward('02:00');
  await page.clock.runFor(20_000);
  const over = page.getByRole('dialog', { name: 'This visit is over' });
  await over.waitFor();
  for (const close of [
    () => over.getByRole('button', { name: 'Close' }).click(),
    () => page.keyboard.press('Escape'),
  ]) {
    await close();
    await over.getByText('There is no connection.').waitFor();
  }
  expect(loads).toBe(0);
  await context.close();
});
