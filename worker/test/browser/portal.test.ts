/** Every page of the portal, with a customer's own things on it, as everyone has to be able to use it. */
import type { BrowserContextOptions } from 'playwright-core';
import { describe, expect, inject, test } from 'vitest';
import { PORTAL_PAGES } from '../../vocabulary.ts';
import {
  complaintsOf,
  DESK,
  expectFitting,
  expectReachable,
  expectSoundInBoth,
  PHONE,
} from './browser.ts';
import { customerPage, ME } from './customer.ts';
import {
  ADDRESSES,
  BACKWARDS,
  CUSTOMER,
  GONE,
  goWithin,
  PAGES,
  sweep,
  visit,
  visitIn,
} from './portal-pages.ts';

const run = inject('run');
/** A window of 1280 pixels whose words are twice as large. */
const ZOOMED = { width: 640, height: 450 };

const made = sweep('every-page');

test('no page of the portal is left out', () => {
  const { others: _, ...visited } = ADDRESSES;
  expect(Object.keys(visited).sort()).toEqual([...PORTAL_PAGES].sort());
});

// Which window it is, is the styles' affair: what is loaded on a phone is a desk's once it is as wide.
describe('everywhere', () => {
  const visited = visitIn(made, 'en');

  test.each(PAGES)('%s can be used by everyone, on a phone and on a desk', async (pattern) => {
    const { page, complaints } = visited;
    for (const address of ADDRESSES[pattern](made.seen)) {
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

describe('days that stand the wrong way round', () => {
  test.each(['orders', 'documents', 'invoices', 'payments', 'insights', 'statement'])(
    'in an address of %s stand in the form, which says so, and no list stands for an answer',
    async (list) => {
      const { page, context } = await customerPage(run, made.browser, CUSTOMER, { viewport: DESK });
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

test('who wants no motion sees none while a page loads', async () => {
  const still: BrowserContextOptions = { viewport: PHONE, reducedMotion: 'reduce' };
  const { page, context } = await customerPage(run, made.browser, CUSTOMER, still);
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
