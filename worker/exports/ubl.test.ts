/** Peppol BIS Billing 3, by the rules of EN 16931 that can be read off a document. */
import { describe, expect, test } from 'vitest';
import { invoice, line, month, books as shared } from '../test/export-rows.ts';
import { cents, ofCents, scaled } from './amounts.ts';
import type { Books, ExportRow } from './export-row.ts';
import { sellerOf } from './ubl-parties.ts';
import { sortRows, writeExport } from './write-export.ts';
import { tag } from './xml.ts';

type Element = {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
};
const UNESCAPED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** Reads what we write: elements and text, no more. @throws Error for what is not well-formed */
function readXml(xml: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [root];
  const plain = (text: string) => text.replace(/&(\w+);/g, (_, name) => UNESCAPED[name] ?? '?');
  for (const [, close, name = '', more = '', text = ''] of xml
    .replace(/^<\?xml.*?\?>\s*/, '')
    .matchAll(/<(\/?)([\w:]+)([^>]*)>([^<]*)/g)) {
    if (close) {
      if (open.pop()?.name !== name) throw new Error(`</${name}>`);
      continue;
    }
    const pairs = Array.from(more.matchAll(/([\w:]+)="([^"]*)"/g), ([, key = '', value = '']) => [
      key,
      plain(value),
    ]);
    const element = {
      name,
      attributes: Object.fromEntries(pairs),
      children: [],
      text: plain(text),
    };
    open.at(-1)?.children.push(element);
    open.push(element);
  }
  const [whole] = root.children;
  if (open.length !== 1 || whole === undefined) throw new Error('not closed');
  return whole;
}
const all = (of: Element, path: string): Element[] =>
  path
    .split('/')
    .reduce(
      (found, name) =>
        found.flatMap(({ children }) =>
          children.filter((child) => child.name.endsWith(`:${name}`)),
        ),
      [of],
    );
const text = (of: Element, path: string) => all(of, path)[0]?.text;
const amount = (of: Element, path: string) => cents(text(of, path) ?? '');
const sumOf = (of: Element, path: string) =>
  all(of, path).reduce((sum, each) => sum + cents(each.text), 0n);

/** The codes of tax are this format's own. */
const ublBooks = (over: Partial<Books> = {}) => {
  const of = shared(over);
  return over.codes ? of : { ...of, codes: { ...of.codes, taxCodes: {} } };
};
const files = (rows: ExportRow[] = month(), of: Books = ublBooks()) =>
  writeExport('ubl', of, sortRows('ubl', of, rows));
const documentsOf = (rows?: ExportRow[], of?: Books) =>
  files(rows, of).map(({ text }) => readXml(text));
const linesOf = (document: Element) =>
  document.children.filter(({ name }) => /:(Invoice|CreditNote)Line$/.test(name));

/** The rules of the standard, by their names. */
function expectRules(document: Element) {
  const kind = document.name;
  const lines = linesOf(document);
  // BR-01 to BR-06, BR-16, PEPPOL-EN16931-R001, R003
  for (const name of [
    'CustomizationID',
    'ProfileID',
    'ID',
    'IssueDate',
    `${kind}TypeCode`,
    'DocumentCurrencyCode',
    'BuyerReference',
  ]) {
    expect([name, text(document, name)]).toEqual([name, expect.stringMatching(/\S/)]);
  }
  expect(lines.length).toBeGreaterThan(0);
  // BR-07, BR-09, BR-11, BR-CO-26, PEPPOL-EN16931-R010, R020
  for (const side of ['AccountingSupplierParty', 'AccountingCustomerParty']) {
    expect(text(document, `${side}/Party/PartyLegalEntity/RegistrationName`)).toMatch(/\S/);
    expect(text(document, `${side}/Party/PostalAddress/Country/IdentificationCode`)).toMatch(
      /^[A-Z]{2}$/,
    );
    expect(all(document, `${side}/Party/EndpointID`)[0]?.attributes.schemeID).toMatch(
      /^[0-9A-Z]{2,4}$/,
    );
  }
  // BR-CO-09
  expect(text(document, 'AccountingSupplierParty/Party/PartyTaxScheme/CompanyID')).toMatch(
    /^[A-Z]{2}\w+$/,
  );
  const total = 'LegalMonetaryTotal';
  // BR-CO-10, BR-CO-13
  expect(amount(document, `${total}/LineExtensionAmount`)).toBe(
    lines.reduce((sum, each) => sum + amount(each, 'LineExtensionAmount'), 0n),
  );
  expect(amount(document, `${total}/TaxExclusiveAmount`)).toBe(
    amount(document, `${total}/LineExtensionAmount`),
  );
  // BR-CO-14, BR-CO-15, BR-CO-16
  expect(amount(document, 'TaxTotal/TaxAmount')).toBe(
    sumOf(document, 'TaxTotal/TaxSubtotal/TaxAmount'),
  );
  expect(amount(document, `${total}/TaxInclusiveAmount`)).toBe(
    amount(document, `${total}/TaxExclusiveAmount`) + amount(document, 'TaxTotal/TaxAmount'),
  );
  expect(amount(document, `${total}/PayableAmount`)).toBe(
    amount(document, `${total}/TaxInclusiveAmount`),
  );
  // BR-CO-25
  expect(text(document, 'DueDate') ?? text(document, 'PaymentTerms/Note')).toMatch(/\S/);
  for (const subtotal of all(document, 'TaxTotal/TaxSubtotal')) {
    const [percent, category] = ['Percent', 'ID'].map((name) =>
      text(subtotal, `TaxCategory/${name}`),
    );
    // BR-S-08: each category's lines add up to what is taxed
    const same = lines.filter(
      (each) =>
        text(each, 'Item/ClassifiedTaxCategory/Percent') === percent &&
        text(each, 'Item/ClassifiedTaxCategory/ID') === category,
    );
    expect(amount(subtotal, 'TaxableAmount')).toBe(
      same.reduce((sum, each) => sum + amount(each, 'LineExtensionAmount'), 0n),
    );
    // BR-CO-17, but for a rounding of one
    const exact = (amount(subtotal, 'TaxableAmount') * scaled(percent ?? '', 2)) / 10_000n;
    const off = exact - amount(subtotal, 'TaxAmount');
    expect(off < 100n && off > -100n).toBe(true);
    // BR-S-05, BR-Z-05, BR-E-10
    expect(category === 'S').toBe(percent !== '0');
    if (category === 'E' || category === 'AE' || category === 'G') {
      expect(text(subtotal, 'TaxCategory/TaxExemptionReason')).toMatch(/\S/);
    }
  }
  for (const each of lines) {
    // BR-21 to BR-27, PEPPOL-EN16931-R120
    const quantity = text(each, kind === 'Invoice' ? 'InvoicedQuantity' : 'CreditedQuantity') ?? '';
    const price = text(each, 'Price/PriceAmount') ?? '';
    expect([text(each, 'Item/Name'), price.startsWith('-')]).toEqual([
      expect.stringMatching(/\S/),
      false,
    ]);
    const made = (scaled(quantity, 4) * scaled(price, 4)) / 1_000_000n;
    const off = made - amount(each, 'LineExtensionAmount');
    expect(off <= 2n && off >= -2n).toBe(true);
  }
}

test('an invoice', () => {
  const [file] = files();
  expect([file?.name, file?.type]).toEqual(['INV-1.xml', 'application/xml']);
  expect(file?.text.replaceAll('><', '>\n<')).toMatchSnapshot();
});

test('a credit note is a document of its own kind, with figures above nothing', () => {
  const [, note] = documentsOf();
  if (note === undefined) throw new Error('no credit note');
  expect([note.name, text(note, 'CreditNoteTypeCode')]).toEqual(['CreditNote', '381']);
  expect(text(note, 'LegalMonetaryTotal/PayableAmount')).toBe('123.00');
  expect(text(note, 'BillingReference/InvoiceDocumentReference/ID')).toBe('INV-1');
});

describe('every document keeps the rules', () => {
  const mixed = [
    line({ total: '600.00' }),
    line({ total: '-100.00', description: 'Rebate', taxRate: '23.00' }),
  ];
  test.each([
    ['of a month', month()],
    ['that takes away in a line', [invoice({ lines: mixed })]],
    ['that is below nothing', [invoice({ net: '-500.00', tax: '-115.00', total: '-615.00' })]],
    ['without a due day', [invoice({ dueOn: null, poNumber: null })]],
    [
      'whose tax was rounded line by line',
      [invoice({ net: '1234.56', tax: '283.93', total: '1518.49' })],
    ],
  ])('%s', (_, rows) => {
    const documents = documentsOf(rows);
    expect(documents).toHaveLength(rows.length);
    for (const document of documents) expectRules(document);
  });

  test.each(['E', 'AE', 'G'])('that is taxed as %s', (category) => {
    const of = ublBooks();
    const rows = [invoice({ tax: '0.00', total: '500.00' })];
    const [document] = documentsOf(rows, {
      ...of,
      codes: { ...of.codes, taxCodes: { '0': category } },
    });
    if (document === undefined) throw new Error('no document');
    expectRules(document);
    expect(text(document, 'TaxTotal/TaxSubtotal/TaxCategory/ID')).toBe(category);
  });
});

test('the figures are those of the invoices', () => {
  const read = documentsOf().map((document) => [
    text(document, 'ID'),
    text(document, 'LegalMonetaryTotal/PayableAmount'),
    all(document, 'LegalMonetaryTotal/PayableAmount')[0]?.attributes.currencyID,
  ]);
  expect(read).toEqual([
    ['INV-1', '589.20', 'EUR'],
    ['CN-1', '123.00', 'EUR'],
    ['+INV-0', '0.00', 'EUR'],
    ['INV-MOST', '99999999.99', 'PLN'],
  ]);
  expect(ofCents(cents('589.20'))).toBe('589.20');
});

describe('what cannot be said is left out', () => {
  const reasons = (row: Partial<ExportRow>, codes: Books['codes'] = ublBooks().codes) =>
    sortRows('ubl', ublBooks({ codes }), [invoice(row)]).leftOut.map(({ reason }) => reason);
  const { customer } = invoice();

  test('a buyer of whom too little is known', () => {
    expect(reasons({ customer: { ...customer, country: null } })).toEqual(['buyer']);
    expect(reasons({ customer: { ...customer, email: null } })).toEqual(['buyer']);
    const known = { ...ublBooks().codes, buyerCountry: 'DE', buyerEndpoint: '9930:DE123' };
    expect(reasons({ customer: { ...customer, country: null, email: null } }, known)).toEqual([]);
    const reverse = { ...ublBooks().codes, taxCodes: { '0': 'AE' } };
    const untaxed = { tax: '0.00', total: '500.00' };
    expect(reasons({ ...untaxed, customer: { ...customer, taxId: null } }, reverse)).toEqual([
      'buyer',
    ]);
  });

  test('rates that cannot be told apart', () => {
    expect(reasons({ net: '0.00', tax: '1.00', total: '1.00' })).toEqual(['rates']);
  });

  test('a rate with decimals that nobody says: it may be two rates in one', () => {
    // 10.00 at 23 % and 10.00 at 8 %, as is 15.5 % of all of it.
    const two = { net: '20.00', tax: '3.10', total: '23.10' };
    const codes = (taxCodes: Record<string, string>) => ({ ...ublBooks().codes, taxCodes });
    expect(reasons(two)).toEqual(['rates']);
    expect(sortRows('ubl', ublBooks(), [invoice(two)]).unsaid).toEqual(['15.5']);
    expect(reasons(two, codes({ '15.5': 'S' }))).toEqual([]);
    expect(reasons({ ...two, lines: [line({ total: '20.00', taxRate: null })] })).toEqual([
      'rates',
    ]);
    const published = invoice({ ...two, lines: [line({ total: '20.00', taxRate: '15.50' })] });
    const sorted = sortRows('ubl', ublBooks(), [published, invoice(two)]);
    expect(sorted.leftOut).toEqual([]);
  });

  test('and a seller of whom too little is said is asked for, and never written', () => {
    const { codes } = ublBooks();
    const { sellerCountry: _, ...nowhere } = codes;
    const supplier = { ...ublBooks().supplier, email: null };
    for (const [over, missing] of [
      [{ codes: { ...codes, sellerTaxId: '-' } }, ['sellerTaxId']],
      [{ codes: { ...codes, sellerCountry: 'Poland' } }, ['sellerCountry']],
      [{ codes: nowhere }, ['sellerCountry']],
      [{ supplier }, ['sellerEndpoint']],
      [{ supplier, codes: {} }, ['sellerTaxId', 'sellerCountry', 'sellerEndpoint']],
      // Intra-community supply says where and when it was delivered: Z would be another claim.
      [{ codes: { ...codes, taxCodes: { '0': 'K' } } }, ['taxCodes.0']],
    ] as const) {
      const of = { ...ublBooks(), ...over };
      const sorted = sortRows('ubl', of, month());
      expect(sorted.unmapped).toEqual(missing);
      expect(() => writeExport('ubl', of, sorted)).toThrow(RangeError);
    }
    const known = { ...ublBooks(), supplier, codes: { ...codes, sellerEndpoint: '9930:DE123' } };
    expect(sortRows('ubl', known, month()).unmapped).toEqual([]);
    expect(writeExport('ubl', known, sortRows('ubl', known, month()))).toHaveLength(4);
    expect(
      sellerOf(ublBooks({ codes: { sellerTaxId: 'PL 526-025-02-74', sellerCountry: 'PL' } })),
    ).toMatchObject({
      taxId: 'PL5260250274',
      endpoint: { scheme: 'EM', id: 'ar@acme.example' },
    });
  });
});

test('text is text, whatever it holds', () => {
  expect(tag('a', 'x < y & "z" \u0000\u0008\ufffe\ud800 ok', { b: '"<' }).xml).toBe(
    '<a b="&quot;&lt;">x &lt; y &amp; &quot;z&quot;  ok</a>',
  );
});
