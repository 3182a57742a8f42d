import { deflateSync } from 'node:zlib';
import { PDFDict, PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, it } from 'vitest';
import { LOCALES, type Locale } from '../vocabulary.ts';
import { compose, type DrawnDocument } from './compose.ts';
import { DOCUMENT_WORDS } from './drawing/document-words.ts';
import { foldWords } from './words.ts';

const LINE: DrawnDocument['lines'][number] = {
  itemCode: 'HXB-840',
  description: 'Hexagon bolt M8×40',
  quantity: '1200',
  unit: 'pcs',
  unitPrice: '4.2750',
  taxRate: '23',
  total: '5130.00',
};
const NO_LINE: typeof LINE = {
  itemCode: null,
  description: null,
  quantity: null,
  unit: null,
  unitPrice: null,
  taxRate: null,
  total: null,
};
const FULL: DrawnDocument = {
  kind: 'order_confirmation',
  language: 'en',
  supplier: {
    name: 'Śruby Łódź S.A.',
    address: 'ul. Żwirki 7\n90-001 Łódź',
    contactEmail: 'office@sruby.example',
    contactPhone: '+48 42 000 00 00',
    colour: '#1b4f8f',
  },
  logo: null,
  customer: { name: 'Ferretería Muñoz, S.L.', code: 'C-77', taxId: 'ESB12345674', country: 'ES' },
  number: 'CONF-9',
  datedOn: '2026-11-20',
  order: {
    number: 'SO-9',
    placedOn: '2026-11-19',
    poNumber: 'PO/7781',
    expectedDelivery: '2026-12-03',
    deliveryAddress: 'Calle Ñandú 5\n28001 Madrid',
  },
  dueOn: '2026-12-20',
  credits: 'FV/1',
  lines: [LINE],
  currency: 'EUR',
  totals: {
    subtotal: '5130.00',
    tax: '-12.30',
    shipping: '45.50',
    total: '99999999.99',
    paid: '100.00',
  },
  asOf: '2026-11-21T14:03:22.123456Z',
  isCopy: false,
  stamp: { customerName: 'Ferretería Muñoz, S.L.', text: 'link ab3F  ref 7A3F-09BC  ' },
};
/** Nothing that can be absent is there. */
const BARE: DrawnDocument = {
  ...FULL,
  supplier: { ...FULL.supplier, address: null, contactEmail: null, contactPhone: null },
  customer: { name: 'Ferretería Muñoz, S.L.', code: 'C-77', taxId: null, country: null },
  datedOn: null,
  order: null,
  dueOn: null,
  credits: null,
  lines: [{ ...NO_LINE, description: 'Bolt' }],
  currency: null,
  totals: { subtotal: null, tax: null, shipping: null, total: null, paid: null },
};

async function pagesOf(bytes: Uint8Array): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(bytes.slice()));
  return text.map((page) => page.replace(/\s+/g, ' '));
}
const textOf = async (document: DrawnDocument) =>
  (await pagesOf(await compose(document))).join(' ');

describe('a drawn document', () => {
  it.each(LOCALES)('says all that is published, in %s', async (language) => {
    const words = DOCUMENT_WORDS[language];
    const text = await textOf({ ...FULL, language });
    const { title, copy, copyOf, customerCode, taxId, total, asOf, page, currency, ...labels } =
      words;
    expect(text).toContain(`${title.order_confirmation} CONF-9`);
    for (const label of Object.values(labels)) expect(text).toContain(label);
    expect(text).toContain(customerCode('C-77'));
    expect(text).toContain(taxId('ESB12345674'));
    expect(text).toContain(total('EUR'));
    expect(text).toContain(page(1, 1));
    const values = [
      ...['Śruby Łódź S.A.', 'ul. Żwirki 7', '90-001 Łódź', 'office@sruby.example'],
      ...['Ferretería Muñoz, S.L.', 'Calle Ñandú 5', '28001 Madrid', 'SO-9', 'PO/7781', 'FV/1'],
      ...['HXB-840', 'Hexagon bolt M8×40', 'pcs', 'ref 7A3F-09BC'],
    ];
    for (const value of values) expect(text).toContain(value);
  });

  it.each([
    ['en', '99,999,999.99', '-12.30', '4.275', '1,200', 'Nov 20, 2026', 'Spain'],
    ['es', '99.999.999,99', '-12,30', '4,275', '1.200', '20 nov 2026', 'España'],
    ['pl', '99 999 999,99', '-12,30', '4,275', '1 200', '20 lis 2026', 'Hiszpania'],
  ] as const)('writes figures and days as they are read in %s', async (language, ...written) => {
    const text = await textOf({ ...FULL, language });
    for (const one of written) expect(text).toContain(one);
  });

  it.each([
    [
      'en',
      'Order confirmation CONF-9 Customer Ferretería Muñoz, S.L. Customer code C-77 ' +
        'Description Bolt As published on Nov 21, 2026, 14:03 UTC.',
    ],
    [
      'es',
      'Confirmación de pedido CONF-9 Cliente Ferretería Muñoz, S.L. Código de cliente C-77 ' +
        'Descripción Bolt Según lo publicado el 21 nov 2026, 14:03 UTC.',
    ],
    [
      'pl',
      'Potwierdzenie zamówienia CONF-9 Klient Ferretería Muñoz, S.L. Kod klienta C-77 ' +
        'Opis Bolt Stan opublikowany: 21 lis 2026, 14:03 UTC.',
    ],
  ] as const)('says nothing of what is not there, in %s', async (language, body) => {
    const words = DOCUMENT_WORDS[language];
    const foot = `Śruby Łódź S.A. · ${words.title.order_confirmation} CONF-9 ${words.page(1, 1)}`;
    expect(await textOf({ ...BARE, language })).toBe(
      `Śruby Łódź S.A. ${body} ${foot} Ferretería Muñoz, S.L. link ab3F ref 7A3F-09BC`,
    );
  });

  it('names the currency once: with the total, or alone', async () => {
    expect((await textOf(FULL)).match(/EUR/g)).toHaveLength(1);
    const untotalled = { ...FULL, totals: { ...FULL.totals, total: null } };
    expect(await textOf(untotalled)).toContain('Currency EUR');
    const unpriced = { ...BARE, currency: 'EUR' };
    expect(await textOf(unpriced)).not.toContain('EUR');
  });

  it.each([
    ['en', 'invoice', 'COPY', 'The original was issued by Śruby Łódź'],
    ['es', 'invoice', 'COPIA', 'El original lo emitió Śruby Łódź'],
    ['pl', 'credit_note', 'KOPIA', 'Wystawca oryginału: Śruby Łódź'],
  ] as const)('says on every page that it is a copy, in %s', async (language, kind, mark, line) => {
    const lines = Array.from({ length: 60 }, () => LINE);
    const copy = { ...FULL, language, kind, lines, isCopy: true };
    const pages = await pagesOf(await compose(copy));
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(page).toContain(mark);
    expect(pages[0]).toContain(line);
    const own = await textOf({ ...copy, isCopy: false });
    expect(own).not.toContain(mark);
    expect(own).not.toContain(line);
  });

  it('goes on over pages that each say whose they are, which, and of how many', async () => {
    const lines = Array.from({ length: 100 }, (_, at) => ({ ...LINE, itemCode: `IT-${at + 1}.` }));
    const pages = await pagesOf(await compose({ ...FULL, lines }));
    expect(pages.length).toBeGreaterThanOrEqual(4);
    pages.forEach((page, at) => {
      expect(page).toContain('Item code Description Quantity Unit Unit price Tax Amount');
      expect(page).toContain('Order confirmation CONF-9');
      expect(page).toContain('Śruby Łódź S.A.');
      expect(page).toContain(`Page ${at + 1} of ${pages.length}`);
      expect(page).toContain('Ferretería Muñoz, S.L. link ab3F ref 7A3F-09BC');
      expect(page.includes('Total EUR')).toBe(at === pages.length - 1);
    });
    expect(pages.join(' ').match(/IT-\d+\./g)).toEqual(lines.map(({ itemCode }) => itemCode));
  });

  it('loses nothing of 500 lines, of long texts, of words wider than their column', async () => {
    const lines = Array.from({ length: 500 }, (_, at) => ({
      ...LINE,
      itemCode: `${at}-${'X'.repeat(98)}`,
      description: `${'W'.repeat(250)} ${'steel '.repeat(40)}`,
      quantity: '999999999999.999999',
      unitPrice: '123456789012.123456',
      total: '-123456789012.12',
    }));
    const text = (await textOf({ ...FULL, lines })).replace(/ /g, '');
    for (const [letter, count] of [
      ['X', 98],
      ['W', 250],
    ] as const) {
      expect(text.match(new RegExp(letter, 'g'))).toHaveLength(count * lines.length);
    }
    expect(text.match(/steel/g)).toHaveLength(40 * lines.length);
    expect(text.match(/123,456,789,012\.12/g)?.length).toBeGreaterThanOrEqual(lines.length);
  }, 20_000);

  it('stands a reference that no name pushes out', async () => {
    const customerName = 'Przedsiębiorstwo '.repeat(40);
    const text = await textOf({ ...FULL, stamp: { ...FULL.stamp, customerName } });
    expect(text).toMatch(/Przedsiębiorstwo.*… link ab3F ref 7A3F-09BC/);
  });

  it('replaces what it has no letter for', async () => {
    const text = await textOf({
      ...FULL,
      supplier: { ...FULL.supplier, name: '株式会社\ud800\u0000 ACME \u202eLtd' },
      lines: [{ ...LINE, description: 'Bolt 😀\u200d\tx\u030c' }],
    });
    expect(text).toContain('????? ACME Ltd');
    expect(text).toContain('Bolt ? x');
  });

  it('can be found by its words', async () => {
    const words = foldWords(await textOf({ ...FULL, language: 'pl' }));
    expect(words).toContain('POTWIERDZENIE ZAMOWIENIA CONF 9');
    expect(words).toContain('FERRETERIA MUNOZ S L');
  });
});

describe('the file', () => {
  it('is the same bytes for the same input, whatever was drawn before', async () => {
    const first = await compose(FULL);
    const copy = structuredClone(FULL);
    await compose({ ...FULL, language: 'pl', number: 'ŻÓŁW 42', lines: [LINE, NO_LINE] });
    const [second, third] = await Promise.all([compose(copy), compose(FULL)]);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });

  it('is other bytes, and has fonts of another name, for other input', async () => {
    const fonts = async (document: DrawnDocument) => {
      const { context } = await PDFDocument.load(await compose(document));
      return context
        .enumerateIndirectObjects()
        .flatMap(([, object]) => (object instanceof PDFDict ? [object] : []))
        .flatMap((dict) => dict.get(PDFName.of('BaseFont')) ?? [])
        .map(String);
    };
    const [one, other] = [await fonts(FULL), await fonts({ ...FULL, number: 'CONF-10' })];
    for (const name of [...one, ...other]) expect(name).toMatch(/^\/[A-Z]{6}\+IBMPlexSans/);
    expect(one.some((name) => other.includes(name))).toBe(false);
  });

  it.each(LOCALES)('says what it is, and in which language: %s', async (language: Locale) => {
    const bytes = await compose({ ...FULL, language });
    const doc = await PDFDocument.load(bytes, { updateMetadata: false });
    expect(doc.getTitle()).toBe(`${DOCUMENT_WORDS[language].title.order_confirmation} CONF-9`);
    expect(doc.getAuthor()).toBe('Śruby Łódź S.A.');
    expect(doc.getCreationDate()?.toISOString()).toBe('2026-11-21T14:03:22.000Z');
    expect(String(doc.catalog.get(PDFName.of('Lang')))).toBe(`(${language})`);
  });
});

describe('a logo', () => {
  const svg = (inner: string) =>
    new TextEncoder().encode(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${inner}</svg>`,
    ).buffer;

  it.each([
    ['image/png', new ArrayBuffer(0)],
    ['image/png', new TextEncoder().encode('\u0089PNG not really').buffer],
    ['image/png', svg('<rect width="9" height="9"/>')],
    ['image/svg+xml', svg('<text>Acme</text>')],
    ['image/svg+xml', new Uint8Array(deflateSync('x')).buffer],
  ] as const)('that cannot be drawn leaves the name alone: %s', async (type, bytes) => {
    const without = await pagesOf(await compose(FULL));
    expect(await pagesOf(await compose({ ...FULL, logo: { type, bytes } }))).toEqual(without);
  });

  it('that is simple enough is drawn, and the name still said', async () => {
    const logo = { type: 'image/svg+xml', bytes: svg('<path d="M0 0h9v9z"/>') } as const;
    const [drawn, without] = await Promise.all([compose({ ...FULL, logo }), compose(FULL)]);
    expect(drawn.length).not.toBe(without.length);
    expect(await pagesOf(drawn)).toEqual(await pagesOf(without));
  });

  it('of pixels is one picture in the file, however many pages', async () => {
    const { ACME_MARK, logoPng } = await import('../../scripts/demo/logo.ts');
    const bytes = new Uint8Array(logoPng(ACME_MARK, '#1b4f8f')).buffer;
    const lines = Array.from({ length: 60 }, () => LINE);
    const logo = { type: 'image/png', bytes } as const;
    const { context } = await PDFDocument.load(await compose({ ...FULL, lines, logo }));
    const pictures = context
      .enumerateIndirectObjects()
      .flatMap(([, object]) => (object instanceof PDFRawStream ? [object.dict] : []))
      .filter((dict) => String(dict.get(PDFName.of('Subtype'))) === '/Image')
      .map((dict) => String(dict.get(PDFName.of('ColorSpace'))));
    expect(pictures.sort()).toEqual(['/DeviceGray', '/DeviceRGB']);
  });
});
