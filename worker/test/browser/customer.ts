/** A customer of the demo's first supplier, in the browser: with links, mails and photos of their own. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { LinkScope } from '../../vocabulary.ts';
import type { RunFile } from './run-product.ts';
import { apiOf } from './staff.ts';

/** The portal's API below the run's portal, for whoever has a session. */
export const ME = '/api/portal/customer/me';

/** A customer's first contact, as staff see them. */
export async function contactOf(run: RunFile, code: string) {
  const owner = apiOf(run, 'owner');
  type Listed = { customers: { id: string; code: string }[] };
  const { customers } = await owner.get<Listed>(`customers?q=${code}`);
  const customerId = customers.find((customer) => customer.code === code)?.id ?? '';
  type Shown = { contacts: { id: string; email: string }[] };
  const { contacts } = await owner.get<Shown>(`customers/${customerId}`);
  return { customerId, id: contacts[0]?.id ?? '', email: contacts[0]?.email ?? '' };
}

/** A link of its own: what a test asks for is not counted to another's hour. */
export async function linkOf(
  run: RunFile,
  code: string,
  scope: LinkScope = 'all',
): Promise<string> {
  const contact = await contactOf(run, code);
  const { url } = await apiOf(run, 'owner').send<{ url: string }>(
    'POST',
    `customers/${contact.customerId}/links`,
    { contactId: contact.id, delivery: 'copy', scope },
  );
  return url;
}

/** Opens a link and goes on from its landing page, to the page that it leads to. */
export async function openLink(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.locator('button[type=submit]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/customer/'));
}

/** A page of the portal, opened with a link of its own; in the browser's language, English unless told. */
export async function customerPage(
  run: RunFile,
  browser: Browser,
  code: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'en', ...options });
  const page = await context.newPage();
  await openLink(page, await linkOf(run, code));
  await page.locator('#main h1').first().waitFor();
  return { page, context };
}

/** The links in the mails to an address, by what their subject says. */
async function mailedLinks(run: RunFile, address: string, subject: RegExp): Promise<string[]> {
  const response = await fetch(`${run.inbox}/api/mails?to=${address}`);
  const mails = (await response.json()) as { html: string; subject: string }[]; // the local inbox's own
  return mails
    .filter((mail) => subject.test(mail.subject))
    .map((mail) => /href="(http[^"]*\/customer\/[^"]+)"/.exec(mail.html)?.[1] ?? '');
}

/** The link in the one mail that comes of what is done meanwhile. */
export async function mailedMeanwhile(
  run: RunFile,
  mail: { to: string; subject: RegExp },
  act: () => Promise<unknown>,
): Promise<string> {
  const before = new Set(await mailedLinks(run, mail.to, mail.subject));
  await act();
  let come: string[] = [];
  await expect
    .poll(
      async () => {
        const links = await mailedLinks(run, mail.to, mail.subject);
        come = links.filter((link) => !before.has(link));
        return come.length;
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe(1);
  return come[0] ?? '';
}

/** A photo as a phone takes it: larger than anybody needs. */
export async function photo(page: Page): Promise<Buffer> {
  const base64: string = await page.evaluate(`new Promise((done) => {
    const canvas = document.createElement('canvas');
    canvas.width = 4000; canvas.height = 3000;
    const context = canvas.getContext('2d');
    for (let at = 0; at < 3000; at += 1) {
      context.fillStyle = 'hsl(' + (at * 7) % 360 + ' 80% 50%)';
      context.fillRect((at * 977) % 4000, (at * 613) % 3000, 200, 150);
    }
    done(canvas.toDataURL('image/jpeg', 0.98).split(',')[1]);
  })`);
  return Buffer.from(base64, 'base64');
}

/** A small PNG of one colour. */
export async function picture(page: Page, colour: string): Promise<Buffer> {
  const base64: string = await page.evaluate(`(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 80; canvas.height = 60;
    const context = canvas.getContext('2d');
    context.fillStyle = '${colour}';
    context.fillRect(0, 0, 80, 60);
    return canvas.toDataURL('image/png').split(',')[1];
  })()`);
  return Buffer.from(base64, 'base64');
}
