import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { csvOf } from '../cast.ts';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';
import { apiOf, staffPage, stage } from './staff.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const shopOf = (code: string) => ({
  customer_code: code,
  customer_name: `Shop ${code}`,
  contact_name: 'Ann Wrong',
  contact_email: `ann@${code.toLowerCase()}.elsewhere.example`,
  order_number: `SO-${code}`,
  order_date: '2026-11-02',
});
const contactOf = (code: string) => ({
  kind: 'contact',
  key: `${code}:ann@${code.toLowerCase()}.elsewhere.example`,
});

describe.each([
  ['a telephone', PHONE, 'NARROW'],
  ['a desk', DESK, 'WIDE'],
])('on %s', (_, viewport, code) => {
  test('a withdrawal says who loses access with it, before and after', async () => {
    const id = await stage(run, `Wrong ${code}`, csvOf([shopOf(code)]));
    const approver = apiOf(run, 'approver');
    const items = [contactOf(code)];
    await approver.send('PUT', `publishes/${id}/ticks`, { items, ticked: true });
    const sign = async (publish: string) => {
      const { hash } = await approver.get<{ hash: string }>(`publishes/${publish}/review`);
      await approver.send('POST', `publishes/${publish}/approval`, { reviewHash: hash });
    };
    await sign(id);
    const night = `Night ${code}`;
    await sign(await stage(run, night, csvOf([shopOf(code)])));

    const context = await browser.newContext({ viewport });
    const page = await staffPage(run, context, 'Amir');
    const complaints = complaintsOf(page);
    await page.goto(`${run.portal}/admin/acme/publishes/${id}`);
    await page.getByRole('button', { name: 'Withdraw all of it…' }).click();
    const dialog = page.getByRole('dialog');
    const person = `Ann Wrong, ${contactOf(code).key.split(':')[1]} (Shop ${code})`;
    await dialog.getByText(`1 person loses access: ${person}.`).waitFor();
    await dialog.getByText('It is taken back from 1 later publish too').waitFor();
    await dialog.getByRole('link', { name: night }).waitFor();
    await expectSound(page);
    await dialog.getByLabel('Why is it taken back?').fill('It went to the wrong address.');
    await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText(`Withdrawn. 1 person lost access: ${person}.`).waitFor();
    await page.getByText(`which only repeated it: ${night}.`).waitFor();
    // What asked is gone with what it withdrew.
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await expectSound(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('what a customer sees is changed in the review, which says what else had changed meanwhile', async () => {
  const id = await stage(run, 'Exposed', csvOf([shopOf('SEEN')]));
  const context = await browser.newContext({ viewport: DESK });
  const page = await staffPage(run, context, 'Amir');
  const complaints = complaintsOf(page);
  await page.goto(`${run.portal}/admin/acme/publishes/${id}`);
  await page.locator('summary').filter({ hasText: 'kinds' }).first().click();
  const change = async (kind: string) => {
    await page.getByRole('button', { name: 'Change what Shop SEEN sees…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio').nth(1).check();
    await dialog.getByRole('checkbox', { name: kind, exact: true }).click();
    return async () => {
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'hidden' });
    };
  };
  const stale = page.getByText('Something changed since you looked.');
  const save = await change('Packing slip');
  await save();
  expect(await stale.count()).toBe(0);

  const saveLater = await change('Packing slip');
  const items = [contactOf('SEEN')];
  await apiOf(run, 'clerk').send('PUT', `publishes/${id}/ticks`, { items, ticked: true });
  await saveLater();
  await stale.waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
