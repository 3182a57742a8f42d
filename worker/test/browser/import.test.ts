import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { pdfOf } from '../cast.ts';
import { complaintsOf, DESK, expectSound, openBrowser, PHONE } from './browser.ts';

const run = inject('run');
let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

type Invoice = { at: number; order: string; invoice: string; file: string };

/** Two weeks of an ERP. */
const FIRST = [1, 2];
const SECOND = [3, 4];

function invoicesOf(shop: string, numbers: readonly number[]): Invoice[] {
  return numbers.map((at) => ({
    at,
    order: `${shop}-ZAM-${at}`,
    invoice: `${shop}-FV-${at}`,
    file: `${shop}-FV-${at}.pdf`,
  }));
}

/** Windows-1252, semicolons, decimal commas, days first, a title above the header, a totals row. */
function exportOf(shop: string, invoices: readonly Invoice[]): Buffer {
  const lines = [
    'Eksport z ERP',
    '',
    `Kod klienta;Nazwa klienta;Osoba kontaktowa;E-mail kontaktu;Numer zamówienia;Data zamówienia;Wartosc zamówienia;Rodzaj dokumentu;Numer faktury;Data faktury;Netto;VAT;Brutto;Waluta;Nazwa pliku;Uwagi ${shop}`,
    ...invoices.map(
      ({ at, order, invoice, file }) =>
        `${shop};Browar Günther ${shop};Ewa;ewa@${shop.toLowerCase()}.example;${order};0${at}.02.2026;1.230,00;faktura;${invoice};0${at}.03.2026;1.000,00;230,00;1.230,00;PLN;${file};pilne`,
    ),
    'Razem;;;;;;2.460,00;;;;2.000,00;460,00;2.460,00;;;',
    '',
  ];
  return Buffer.from(lines.join('\r\n'), 'latin1');
}

async function staffPage(context: BrowserContext, person: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(run.admin);
  await page.getByRole('button', { name: person }).click();
  await page.waitForURL(/\/admin\/acme/);
  return page;
}

/** Drops an export and its PDFs on a new import. */
async function drop(page: Page, name: string, shop: string, invoices: Invoice[]): Promise<void> {
  await page.goto(`${run.portal}/admin/acme/publishes/new`);
  await page.getByLabel('Name').fill(name);
  await page.locator('input[data-choose="files"]').setInputFiles([
    { name: `${name}.csv`, mimeType: 'text/csv', buffer: exportOf(shop, invoices) },
    ...invoices.map(({ invoice, file }) => ({
      name: file,
      mimeType: 'application/pdf',
      buffer: Buffer.from(pdfOf(invoice)),
    })),
  ]);
  await page.getByRole('heading', { name: 'How this file is read' }).waitFor();
}

/** What the screen says of the rows once they are staged, and the way to the review. */
async function goToReview(page: Page, invoices: readonly Invoice[]): Promise<void> {
  await page.getByText('2 rows were read. Left out: 0.').waitFor();
  await page.getByText('2 PDFs have their rows').waitFor();
  await expectSound(page);
  await page.getByRole('link', { name: 'Go to review' }).click();
  await page.waitForURL(/\/publishes\/[0-9a-f-]{36}$/);
  for (const { at, invoice } of invoices) {
    await page.getByText(invoice).first().waitFor();
    await page.getByText(`Feb ${at}, 2026`).first().waitFor();
  }
  await page.getByText('1,230.00', { exact: true }).first().waitFor();
  await page.getByText('Every PDF has its row.').waitFor();
  await page.getByText('Every document has its PDF.').waitFor();
  await expectSound(page);
}

describe.each([
  ['phone', PHONE, 'GUN390'],
  ['desk', DESK, 'GUN1280'],
] as const)('an export as an ERP writes it, on a %s', (_, viewport, shop) => {
  test('asks what the file does not say, and is staged to the day and the cent', async () => {
    const context = await browser.newContext({ viewport });
    const page = await staffPage(context, 'Clara');
    const complaints = complaintsOf(page);
    const invoices = invoicesOf(shop, FIRST);
    await drop(page, `${shop} week 5`, shop, invoices);
    await page.getByText('2 lines above it are passed over').waitFor();
    await expectSound(page);

    // Staging says what is open, and leads to it.
    await page.getByRole('button', { name: /^Stage/ }).click();
    await page.getByText('Answer this first.').first().waitFor();
    const letters = page.getByRole('group', { name: 'Are these letters right?' });
    await letters.getByText(`Browar Günther ${shop}`).first().waitFor();
    await letters.getByLabel('Yes, the letters are right').check();
    const dates = page.getByRole('group', { name: 'which day is “01.02.2026”' });
    await dates.getByLabel('day, month, year').check();
    for (const [column, field] of [
      ['E-mail kontaktu', 'contact_email'],
      ['Netto', 'net'],
      ['VAT', 'tax'],
      ['Brutto', 'total'],
    ] as const) {
      await page.getByLabel(`The column ${column} is used as`).selectOption(field);
    }
    await page.getByText(`1 column is not used: Uwagi ${shop}.`).waitFor();
    await expectSound(page);
    await page.getByRole('button', { name: 'Stage 2 rows' }).click();
    await goToReview(page, invoices);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('of the same shape is staged with one press, and nothing is asked', async () => {
    const context = await browser.newContext({ viewport });
    const page = await staffPage(context, 'Clara');
    const complaints = complaintsOf(page);
    const invoices = invoicesOf(shop, SECOND);
    await drop(page, `${shop} week 6`, shop, invoices);
    await page.getByText('It is read in the same way.').waitFor();
    expect(await page.getByRole('radio').or(page.getByRole('checkbox')).count()).toBe(0);
    await expectSound(page);
    await page.getByRole('button', { name: 'Stage 2 rows as last time' }).click();
    await goToReview(page, invoices);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('is approved by another, and taken back only with a reason', async () => {
    const context = await browser.newContext({ viewport });
    const page = await staffPage(context, 'Amir');
    const complaints = complaintsOf(page);
    await page.goto(`${run.portal}/admin/acme/publishes`);
    await page.getByRole('link', { name: `${shop} week 6` }).click();
    await page.getByRole('button', { name: 'Approve…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve and publish' }).click();
    await page.getByText('Approved by Amir Haddad').first().waitFor();

    await page.getByRole('button', { name: 'Withdraw all of it…' }).click();
    const dialog = page.getByRole('dialog', { name: `Withdraw “${shop} week 6”?` });
    await expectSound(page);
    await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
    // Without a reason it stays open, and asks.
    const reason = dialog.getByLabel('Why is it taken back?');
    expect(await reason.evaluate((field) => field.matches(':invalid'))).toBe(true);
    await reason.fill('The prices of last year.');
    await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await page.getByText('Withdrawn. It had been approved by Amir Haddad').waitFor();
    await page.getByText('The prices of last year.').waitFor();
    await expectSound(page);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test('the folder that comes with the demo goes from the folder’s button to the review', async () => {
  const folder = join(run.folder, 'try');
  const papers = (await readdir(folder)).filter((name) => name.endsWith('.pdf'));
  expect(papers.length).toBeGreaterThan(1);
  const context = await browser.newContext({ viewport: DESK });
  const page = await staffPage(context, 'Clara');
  const complaints = complaintsOf(page);
  await page.goto(`${run.portal}/admin/acme/publishes/new`);
  await page.getByLabel('Name').fill('An old program’s export');
  await page.locator('input[data-choose="folder"]').setInputFiles(folder);
  await page.getByRole('heading', { name: 'How this file is read: zestawienie.csv' }).waitFor();
  await page.getByText(`All ${papers.length + 1} files are here.`).waitFor();
  await page.getByText('2 lines above it are passed over').waitFor();
  await page.getByText('All 13 columns are used.').waitFor();
  const letters = page.getByRole('group', { name: 'Are these letters right?' });
  await letters.getByText('Numer zamówienia').first().waitFor();
  await letters.getByLabel('Yes, the letters are right').check();
  // The export is of today: in the first days of a month its dates could be read either way.
  const dates = page.getByRole('group', { name: /^which day is/i });
  if ((await dates.count()) > 0) await dates.getByLabel('day, month, year').check();
  await page.getByRole('button', { name: `Stage ${papers.length} rows` }).click();
  await page.getByText(`${papers.length} rows were read.`).waitFor();
  await page.getByText(`${papers.length} PDFs have their rows`).waitFor();
  await expectSound(page);
  await page.getByRole('link', { name: 'Go to review' }).click();
  await page.waitForURL(/\/publishes\/[0-9a-f-]{36}$/);
  for (const paper of papers) await page.getByText(paper.replace('.pdf', '')).first().waitFor();
  await page.getByText('Every PDF has its row.').waitFor();
  await page.getByText('Every document has its PDF.').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test('a folder that cannot be read is told, and nothing of it is taken', async () => {
  const context = await browser.newContext({ viewport: PHONE });
  try {
    const page = await staffPage(context, 'Clara Nowak');
    await page.goto(`${run.portal}/admin/acme/publishes/new`);
    await page.getByRole('button', { name: 'Choose a folder' }).waitFor();
    await page.evaluate(() => {
      const unread = { isFile: true, file: (_: unknown, refuse: () => void) => refuse() };
      const dataTransfer = { types: ['Files'], items: [{ webkitGetAsEntry: () => unread }] };
      dispatchEvent(Object.assign(new Event('drop', { cancelable: true }), { dataTransfer }));
    });
    await page.getByText('could not be read to its end').waitFor();
  } finally {
    await context.close();
  }
});

test('hundreds of files are listed some at a time, and all of them on demand', async () => {
  const context = await browser.newContext({ viewport: PHONE });
  try {
    const page = await staffPage(context, 'Clara Nowak');
    await page.goto(`${run.portal}/admin/acme/publishes/new`);
    const empty = Array.from({ length: 205 }, (_, at) => ({
      name: `EMPTY-${at}.pdf`,
      mimeType: 'application/pdf',
      buffer: Buffer.alloc(0),
    }));
    await page.locator('input[data-choose="files"]').setInputFiles(empty);
    const refused = page.getByRole('alert').getByRole('listitem');
    await page.getByRole('heading', { name: '205 files' }).waitFor();
    expect(await refused.count()).toBe(200);
    await page.getByRole('alert').getByRole('button', { name: 'Show 5 more files' }).click();
    await refused.nth(204).waitFor();
    await expectSound(page);
  } finally {
    await context.close();
  }
});
