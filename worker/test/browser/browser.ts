/** Debian's Chromium, and what a test asks of every page it opens. */
import axe from 'axe-core';
import { type Browser, chromium, type Page, type Request, type Response } from 'playwright-core';
import { expect } from 'vitest';

export const PHONE = { width: 390, height: 844 };
export const DESK = { width: 1280, height: 900 };

/** @param args what else Chromium is started with */
export function openBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
}

/** Frames in which a page that has all it asked for asks for no more: what comes is drawn in one, its effects run after the next. */
const FRAMES_SETTLED = 4;

/** Goes to an address and waits until the page has all that it asks for, and has drawn it. */
export async function goSettled(page: Page, url: string): Promise<Response | null> {
  const open = new Set<Request>();
  let begun = 0;
  const begin = (request: Request) => {
    begun += 1;
    open.add(request);
  };
  const end = (request: Request) => {
    open.delete(request);
  };
  page.on('request', begin).on('requestfinished', end).on('requestfailed', end);
  try {
    const response = await page.goto(url);
    await page.locator('h1').first().waitFor();
    for (let before = -1; open.size > 0 || before < begun; ) {
      before = begun;
      await page.evaluate(idleFrames, FRAMES_SETTLED);
    }
    return response;
  } finally {
    page.off('request', begin).off('requestfinished', end).off('requestfailed', end);
  }
}

/** In the page: so many frames, after each of which it had nothing left to do. */
async function idleFrames(frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame += 1) {
    await new Promise((drawn) => requestAnimationFrame(drawn));
    await new Promise((idle) => requestIdleCallback(idle));
  }
}

const EVERY_RULE = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** Of axe's rules, those that a page's colours decide. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** Whether the page, as it stands, can be used by everyone (WCAG A and AA), and fits its window. */
export async function expectSound(
  page: Page,
  rules: readonly string[] = EVERY_RULE,
): Promise<void> {
  // The page's own policy forbids foreign scripts; the debugger's evaluation is not one. Once a load will do.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source);
  const violations: string[] = await page.evaluate(`
    axe.run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })
      .then(({ violations }) => violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.join(' ')).join(', ')))`);
  expect(violations).toEqual([]);
  await expectFitting(page);
}

/** As {@link expectSound}, light and dark: between them nothing but the colours differs. */
export async function expectSoundInBoth(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' });
  await expectSound(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectSound(page, RULES_OF_COLOUR);
}

/** Whether the page, as it stands, fits its window: nothing is reached by scrolling sideways. */
export async function expectFitting(page: Page): Promise<void> {
  expect(await page.evaluate(overflowOf)).toBeLessThanOrEqual(0);
}

/** In the page: by how many pixels it is wider than its window, or an open dialog than itself or the window. */
function overflowOf(): number {
  const room = document.documentElement.clientWidth;
  const dialogs = [...document.querySelectorAll('dialog[open]')].flatMap((dialog) => {
    const { left, right } = dialog.getBoundingClientRect();
    return [dialog.scrollWidth - dialog.clientWidth, -left, right - room];
  });
  return Math.max(document.documentElement.scrollWidth - room, ...dialogs);
}

/** Collects what a page complains of: uncaught errors, and whatever its policy had to stop. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A refusal that the test asked for is told by its status, not by the console.
    if (message.type() === 'error' && !message.text().includes('Failed to load resource')) {
      complaints.push(message.text());
    }
  });
  return complaints;
}

/** More than any page has: who never comes round is caught in a circle. */
const STOPS_MAX = 2_000;

/** Whether Tab goes to everything that can be operated, and one sees where one is (WCAG 2.1.1, 2.4.7, 2.4.11). */
export async function expectReachable(page: Page): Promise<void> {
  await page.evaluate(markStops);
  const faults: string[] = [];
  for (let pressed = 0; pressed < STOPS_MAX; pressed++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtStop);
    if (stop === null) break;
    if (stop !== '') faults.push(stop);
  }
  faults.push(...(await page.evaluate(missedStops)));
  expect(faults).toEqual([]);
}

/**
 * In the page: goes to its beginning, or to that of the dialog that lies over it, and notes what Tab must
 * reach there. Of several radio buttons with one name, it reaches one.
 */
function markStops(): void {
  const place = document.querySelector<HTMLElement>('dialog:modal') ?? document.body;
  place.tabIndex = -1;
  place.focus();
  place.removeAttribute('tabindex');
  window.lastStop = undefined;
  const stops = place.querySelectorAll<HTMLElement>(
    'a[href], button, input, select, textarea, summary, iframe, [tabindex]:not([tabindex^="-"])',
  );
  const named = new Set<string>();
  for (const stop of stops) {
    if (stop.matches(':disabled, [type=hidden], [tabindex^="-"], [inert] *')) continue;
    if (!stop.checkVisibility({ visibilityProperty: true })) continue;
    if (stop instanceof HTMLInputElement && stop.type === 'radio') {
      if (named.has(stop.name)) continue;
      named.add(stop.name);
    }
    stop.dataset.stop = 'open';
  }
}

/** In the page: what is wrong with where the focus is, if anything; null once it has come round. */
function lookAtStop(): string | null {
  const stop = document.activeElement;
  if (!(stop instanceof HTMLElement) || stop === document.body) return null;
  const isRadio = stop instanceof HTMLInputElement && stop.type === 'radio';
  const marked = isRadio
    ? [...document.querySelectorAll<HTMLInputElement>('[data-stop]')].find(
        ({ type, name }) => type === 'radio' && name === stop.name,
      )
    : stop;
  // A field for a date is several stops, one after the other; its button's focus is the browser's own.
  if (marked !== undefined && marked === window.lastStop) return '';
  if (marked?.dataset.stop === 'seen') return null;
  window.lastStop = marked;
  if (marked?.dataset.stop) marked.dataset.stop = 'seen';
  const said = stop.outerHTML.slice(0, 160);
  const drawn = (style: CSSStyleDeclaration) =>
    style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) > 0;
  const bearers = [stop, stop.parentElement, stop.parentElement?.parentElement];
  const isShown =
    bearers.some((bearer) => bearer && drawn(getComputedStyle(bearer))) ||
    drawn(getComputedStyle(stop, '::after'));
  if (!isShown) return `shows no focus: ${said}`;
  const { left, right, top, bottom } = stop.getBoundingClientRect();
  const xs = [left + 2, (left + right) / 2, right - 2];
  const isOnTop = xs.some((x) =>
    [top + 2, (top + bottom) / 2, bottom - 2].some((y) => {
      const hit = document.elementFromPoint(x, y);
      return hit !== null && (stop.contains(hit) || hit.contains(stop));
    }),
  );
  return isOnTop ? '' : `lies under something, or outside: ${said}`;
}

/** In the page: what Tab never came to. */
function missedStops(): string[] {
  return [...document.querySelectorAll('[data-stop=open]')].map(
    (stop) => `is never reached: ${stop.outerHTML.slice(0, 160)}`,
  );
}

declare global {
  interface Window {
    lastStop: Element | undefined;
  }
}
