/** What a statement says, and what it never says, where it does not know all that is owed. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { invoice } from '../bills.ts';
import { csvOf, day } from '../cast.ts';
import { expectSoundInBoth, openBrowser, PHONE } from './browser.ts';
import { customerPage } from './customer.ts';
import { visit } from './portal-pages.ts';
import { apiOf, stage } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

/** Publishes a customer of the test's own, who owes what an invoice says. */
async function publishOwing(code: string, issued: string): Promise<void> {
  const email = `ann@${code.toLowerCase()}.example`;
  const rows = [
    {
      customer_code: code,
      customer_name: `Shop ${code}`,
      contact_name: 'Ann Owing',
      contact_email: email,
      contact_language: 'en',
    },
    { customer_code: code, ...invoice(`INV-${code}`, '10.00', { invoice_date: issued }) },
  ];
  const id = await stage(run, `Owing ${code}`, csvOf(rows));
  const approver = apiOf(run, 'approver');
  const items = [{ kind: 'contact', key: `${code}:${email}` }];
  await approver.send('PUT', `publishes/${id}/ticks`, { items, ticked: true });
  const { hash } = await approver.get<{ hash: string }>(`publishes/${id}/review`);
  await approver.send('POST', `publishes/${id}/approval`, { reviewHash: hash });
}

test('whose amounts are withheld says so, and never that nothing is owed', async () => {
  const code = 'WITHHELD';
  await publishOwing(code, day(-40));
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

test('where all there is is dated later says so, and never that nothing is owed', async () => {
  const code = 'LATER';
  await publishOwing(code, day(2));
  const { page, context } = await customerPage(run, browser, code, { viewport: PHONE });
  await visit(page, '/statement');
  await page.getByText('1 entry is dated after the last day').waitFor();
  expect(await page.getByText(/nothing is owed/i).count()).toBe(0);
  await expectSoundInBoth(page);
  await context.close();
});
