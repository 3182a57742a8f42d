/** Each format's file as it is, and read back: the figures are those of the invoices. */
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { books, invoice, line, month } from '../test/export-rows.ts';
import type { ExportFormat } from '../vocabulary.ts';
import { cents, ofCents, scaled } from './amounts.ts';
import { ratesOf, wrongCodes } from './codes.ts';
import type { Books, ExportRow } from './export-row.ts';
import { previewOf, sortRows, writeExport } from './write-export.ts';

const written = (format: ExportFormat, rows: ExportRow[] = month(), of: Books = books()) =>
  writeExport(format, of, sortRows(format, of, rows));
const textOf = (format: ExportFormat, rows?: ExportRow[], of?: Books) => {
  const [file, another] = written(format, rows, of);
  expect(another).toBeUndefined();
  return file?.text ?? '';
};
const cellsOf = (text: string): Record<string, string>[] =>
  parse(text, { columns: true, bom: true });
const sum = (rows: Record<string, string>[], cell: (row: Record<string, string>) => bigint) =>
  ofCents(rows.reduce((all, row) => all + cell(row), 0n));

/** What each invoice of the month comes to. */
const TOTALS: Record<string, string> = {
  'INV-1': '589.20',
  'CN-1': '-123.00',
  "'+INV-0": '0.00',
  'INV-MOST': '99999999.99',
};
function expectTotals(
  rows: Record<string, string>[],
  number: string,
  cell: (row: Record<string, string>) => bigint,
  leftOut: string[] = [],
) {
  const expected = Object.entries(TOTALS).filter(([name]) => !leftOut.includes(name));
  expect([...new Set(rows.map((row) => row[number]))].sort()).toEqual(
    expected.map(([name]) => name).sort(),
  );
  for (const [name, total] of expected) {
    expect([
      name,
      sum(
        rows.filter((row) => row[number] === name),
        cell,
      ),
    ]).toEqual([name, total]);
  }
}
/** Quantity times price, to the cent. */
const made = (quantity = '', price = '') =>
  cents(ofCents((scaled(quantity, 4) * scaled(price, 4)) / 10n ** 6n));

describe('Xero', () => {
  test('bills', () => {
    const text = textOf('xero');
    expect(text).toMatchInlineSnapshot(`
      "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency
      ACME01,ar@acme.example,,,,,,,,,INV-1,31/10/2026,30/11/2026,589.20,,BOLT-8 Hex bolt M8,10,40.00,429,T1,92.00,,,,,EUR
      ACME01,ar@acme.example,,,,,,,,,INV-1,31/10/2026,30/11/2026,589.20,,"'=HYPERLINK(""https://x.example""), washers & nuts",1,90.00,429,T5,7.20,,,,,EUR
      ACME01,ar@acme.example,,,,,,,,,CN-1,31/10/2026,31/10/2026,-123.00,,"CN-1, INV-1",1,-100.00,429,T1,-23.00,,,,,EUR
      ACME01,ar@acme.example,,,,,,,,,'+INV-0,31/10/2026,30/11/2026,0.00,,"'+INV-0, PO-1",1,0.00,429,T0,0.00,,,,,EUR
      ACME01,ar@acme.example,,,,,,,,,INV-MOST,31/10/2026,30/11/2026,99999999.99,,"INV-MOST, SO-1, PO-1",1,99999999.99,429,T0,0.00,,,,,PLN
      "
    `);
    const rows = cellsOf(text);
    expectTotals(
      rows,
      '*InvoiceNumber',
      (row) => made(row['*Quantity'], row['*UnitAmount']) + cents(row.TaxAmount ?? ''),
    );
    for (const row of rows) expect(row.Total).toBe(TOTALS[row['*InvoiceNumber'] ?? '']);
  });

  test('sales invoices', () => {
    const text = textOf('xero', month(), books({ side: 'sales', dates: 'mdy' }));
    expect(text).toMatchInlineSnapshot(`
      "*ContactName,EmailAddress,POAddressLine1,POAddressLine2,POAddressLine3,POAddressLine4,POCity,PORegion,POPostalCode,POCountry,*InvoiceNumber,Reference,*InvoiceDate,*DueDate,Total,InventoryItemCode,*Description,*Quantity,*UnitAmount,Discount,*AccountCode,*TaxType,TaxAmount,TrackingName1,TrackingOption1,TrackingName2,TrackingOption2,Currency,BrandingTheme
      "Łódzkie Zakłady, S.A.",ap@lzt.example,,,,,,,,PL,INV-1,PO-1,10/31/2026,11/30/2026,589.20,,BOLT-8 Hex bolt M8,10,40.00,,429,T1,92.00,,,,,EUR,
      "Łódzkie Zakłady, S.A.",ap@lzt.example,,,,,,,,PL,INV-1,PO-1,10/31/2026,11/30/2026,589.20,,"'=HYPERLINK(""https://x.example""), washers & nuts",1,90.00,,429,T5,7.20,,,,,EUR,
      "Łódzkie Zakłady, S.A.",ap@lzt.example,,,,,,,,PL,CN-1,,10/31/2026,10/31/2026,-123.00,,"CN-1, INV-1",1,-100.00,,429,T1,-23.00,,,,,EUR,
      "Łódzkie Zakłady, S.A.",ap@lzt.example,,,,,,,,PL,'+INV-0,PO-1,10/31/2026,11/30/2026,0.00,,"'+INV-0, PO-1",1,0.00,,429,T0,0.00,,,,,EUR,
      "Łódzkie Zakłady, S.A.",ap@lzt.example,,,,,,,,PL,INV-MOST,PO-1,10/31/2026,11/30/2026,99999999.99,,"INV-MOST, SO-1, PO-1",1,99999999.99,,429,T0,0.00,,,,,PLN,
      "
    `);
    expectTotals(
      cellsOf(text),
      '*InvoiceNumber',
      (row) => made(row['*Quantity'], row['*UnitAmount']) + cents(row.TaxAmount ?? ''),
    );
  });

  test('takes 500 in a file: the rest is in another', () => {
    const rows = Array.from({ length: 1001 }, (_, at) => invoice({ number: `INV-${at}` }));
    const files = written('xero', rows);
    expect(files.map(({ name, text }) => [name, cellsOf(text).length])).toEqual([
      ['xero-bills-1.csv', 500],
      ['xero-bills-2.csv', 500],
      ['xero-bills-3.csv', 1],
    ]);
    expect(written('xero', rows.slice(0, 500)).map(({ name }) => name)).toEqual(['xero-bills.csv']);
  });
});

describe('QuickBooks', () => {
  test('bills', () => {
    const text = textOf('quickbooks');
    expect(text).toMatchInlineSnapshot(`
      "*BillNo,*Supplier,*BillDate,*DueDate,Terms,Location,Memo,*Account,LineDescription,*LineAmount,Currency
      INV-1,ACME01,31/10/2026,30/11/2026,,,"SO-1, PO-1",429,BOLT-8 Hex bolt M8,400.00,EUR
      INV-1,ACME01,31/10/2026,30/11/2026,,,"SO-1, PO-1",429,"'=HYPERLINK(""https://x.example""), washers & nuts",90.00,EUR
      INV-1,ACME01,31/10/2026,30/11/2026,,,"SO-1, PO-1",820,Tax,99.20,EUR
      '+INV-0,ACME01,31/10/2026,30/11/2026,,,PO-1,429,"'+INV-0, PO-1",0.00,EUR
      INV-MOST,ACME01,31/10/2026,30/11/2026,,,"SO-1, PO-1",429,"INV-MOST, SO-1, PO-1",99999999.99,PLN
      "
    `);
    expectTotals(cellsOf(text), '*BillNo', (row) => cents(row['*LineAmount'] ?? ''), ['CN-1']);
  });

  const credits = () => [
    invoice({ kind: 'credit_note', number: 'CN-1', net: '100.00', tax: '23.00', total: '123.00' }),
    invoice({ kind: 'credit_note', number: 'CN-0', net: '0.00', tax: '0.00', total: '0.00' }),
    invoice({ number: 'INV-NEG', net: '-10.00', tax: '-2.30', total: '-12.30' }),
  ];

  test('takes no credit in a file of bills: each is left out, with why', () => {
    const { rows, leftOut } = sortRows('quickbooks', books(), [invoice(), ...credits()]);
    expect(rows.map(({ number }) => number)).toEqual(['INV-1']);
    expect(leftOut).toEqual([
      { number: 'CN-1', kind: 'credit_note', reason: 'credit' },
      { number: 'CN-0', kind: 'credit_note', reason: 'credit' },
      { number: 'INV-NEG', kind: 'invoice', reason: 'credit' },
    ]);
  });

  test('has what is credited in a file of its own, above nothing', () => {
    const sales = books({ side: 'sales' });
    const lines = [
      line({ quantity: '10', unitPrice: '12.00', total: '120.00' }),
      line({ total: '-20.00', description: 'Rebate' }),
    ];
    const [first, ...others] = credits();
    const all = [...(first ? [{ ...first, lines }] : []), ...others];
    expect(sortRows('quickbooks', sales, all).leftOut).toEqual([]);
    const [file, another] = written('quickbooks', all, sales);
    expect([file?.name, another]).toEqual(['quickbooks-credit-notes.csv', undefined]);
    expect(file?.text).toMatchInlineSnapshot(`
      "*CreditNoteNo,*Customer,*CreditNoteDate,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,*ItemAmount,Service Date
      CN-1,"Łódzkie Zakłady, S.A.",31/10/2026,,"SO-1, PO-1",429,BOLT-8 Hex bolt M8,10,12.00,120.00,
      CN-1,"Łódzkie Zakłady, S.A.",31/10/2026,,"SO-1, PO-1",429,BOLT-8 Rebate,1,-20.00,-20.00,
      CN-1,"Łódzkie Zakłady, S.A.",31/10/2026,,"SO-1, PO-1",820,Tax,1,23.00,23.00,
      CN-0,"Łódzkie Zakłady, S.A.",31/10/2026,,"SO-1, PO-1",429,"CN-0, SO-1, PO-1",1,0.00,0.00,
      INV-NEG,"Łódzkie Zakłady, S.A.",31/10/2026,,"SO-1, PO-1",429,"INV-NEG, SO-1, PO-1",1,10.00,10.00,
      INV-NEG,"Łódzkie Zakłady, S.A.",31/10/2026,,"SO-1, PO-1",820,Tax,1,2.30,2.30,
      "
    `);
    const preview = previewOf('quickbooks', sales, sortRows('quickbooks', sales, all), 9);
    expect([preview.header[0], preview.rows.length, preview.creditsApart]).toEqual([
      'CreditNoteNo',
      6,
      3,
    ]);
  });

  test('shows the rows of its invoices first, and says how many credits stand apart', () => {
    const sales = books({ side: 'sales' });
    const sorted = sortRows('quickbooks', sales, [...credits(), invoice()]);
    const preview = previewOf('quickbooks', sales, sorted, 9);
    expect([preview.header[0], preview.creditsApart]).toEqual(['InvoiceNo', 3]);
    expect(preview.rows.map(([number]) => number)).toEqual(['INV-1', 'INV-1']);
    expect(previewOf('xero', sales, sorted, 9).creditsApart).toBe(0);
  });

  test('says of whom the own day stands for a due day: of no credit, whose file has no such column', () => {
    const undated = [...credits(), invoice({ number: 'INV-2' })].map((row) => ({
      ...row,
      dueOn: null,
    }));
    const counted = (format: ExportFormat, rows: ExportRow[], side: Books['side'] = 'sales') => {
      const of = books({ side });
      return previewOf(format, of, sortRows(format, of, rows), 9).withoutDueDate;
    };
    expect(counted('quickbooks', undated)).toBe(1);
    expect(counted('quickbooks', undated.slice(0, 3))).toBe(0);
    expect(counted('quickbooks', undated, 'purchases')).toBe(1);
    expect(counted('xero', undated)).toBe(4);
    expect(counted('xero', [invoice()])).toBe(0);
    for (const format of ['sage50', 'csv', 'ubl'] as const) {
      expect(counted(format, undated)).toBe(0);
    }
  });

  test('invoices: a file a currency, since there is no column for it', () => {
    const files = written('quickbooks', month(), books({ side: 'sales' }));
    expect(files.map(({ name }) => name)).toEqual([
      'quickbooks-invoices-EUR.csv',
      'quickbooks-credit-notes-EUR.csv',
      'quickbooks-invoices-PLN.csv',
    ]);
    expect(files[0]?.text).toMatchInlineSnapshot(`
      "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Location,Memo,Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,*ItemAmount,Service Date
      INV-1,"Łódzkie Zakłady, S.A.",31/10/2026,30/11/2026,,,"SO-1, PO-1",429,BOLT-8 Hex bolt M8,10,40.00,400.00,
      INV-1,"Łódzkie Zakłady, S.A.",31/10/2026,30/11/2026,,,"SO-1, PO-1",429,"'=HYPERLINK(""https://x.example""), washers & nuts",1,90.00,90.00,
      INV-1,"Łódzkie Zakłady, S.A.",31/10/2026,30/11/2026,,,"SO-1, PO-1",820,Tax,1,99.20,99.20,
      '+INV-0,"Łódzkie Zakłady, S.A.",31/10/2026,30/11/2026,,,PO-1,429,"'+INV-0, PO-1",1,0.00,0.00,
      "
    `);
    const rows = files.flatMap(({ text }) => cellsOf(text));
    const numbered = rows.map((row) => ({
      ...row,
      number: row['*InvoiceNo'] ?? row['*CreditNoteNo'] ?? '',
    }));
    expectTotals(numbered, 'number', (row) => {
      const amount = cents(row['*ItemAmount'] ?? '');
      return '*CreditNoteNo' in row ? -amount : amount;
    });
    for (const row of rows) {
      expect(ofCents(made(row.ItemQuantity, row.ItemRate))).toBe(row['*ItemAmount']);
    }
  });
});

describe('Sage 50', () => {
  const COLUMNS = [
    'type',
    'account',
    'nominal',
    'dept',
    'date',
    'number',
    'details',
    'net',
    'code',
    'tax',
  ];

  test.each(['purchases', 'sales'] as const)('%s', (side) => {
    const files = written('sage50', month(), books({ side }));
    expect(files.map(({ text }) => text).join('')).toMatchSnapshot();
    const rows = files.flatMap(({ text }): Record<string, string>[] =>
      parse(text, { columns: COLUMNS }),
    );
    expectTotals(rows, 'number', (row) => {
      const amount = cents(row.net ?? '') + cents(row.tax ?? '');
      return row.type?.endsWith('C') ? -amount : amount;
    });
    expect(rows.every((row) => !row.net?.startsWith('-') && !row.tax?.startsWith('-'))).toBe(true);
  });

  test('books lines of both signs as one, and leaves out what no sign can say', () => {
    const lines = [line({ total: '600.00' }), line({ total: '-100.00', description: 'Rebate' })];
    expect(textOf('sage50', [invoice({ lines })]).split('\r\n')).toHaveLength(2);
    const rows = [invoice({ net: '100.00', tax: '-1.00', total: '99.00' })];
    expect(sortRows('sage50', books(), rows).leftOut).toEqual([
      { number: 'INV-1', kind: 'invoice', reason: 'signs' },
    ]);
  });

  test('gives lines of both signs the code of their rate, and asks for one where they have several', () => {
    const discounted = (taxRate: string, tax: string, total: string) =>
      invoice({
        net: '90.00',
        tax,
        total,
        lines: [
          line({ total: '100.00', taxRate: '23' }),
          line({ total: '-10.00', taxRate, description: 'Discount' }),
        ],
      });
    const one = [discounted('23', '20.70', '110.70')];
    expect(sortRows('sage50', books(), one).unmapped).toEqual([]);
    expect(textOf('sage50', one).split(',').slice(-3)).toEqual(['90.00', 'T1', '20.70\r\n']);
    const several = [discounted('8', '22.20', '112.20')];
    expect(sortRows('sage50', books(), several).unmapped).toEqual(['taxCodes.mixed']);
    const codes = { ...books().codes, taxCodes: { '23': 'T1', mixed: 'T9' } };
    const mapped = textOf('sage50', several, books({ codes }));
    expect(mapped.split(',').slice(-3)).toEqual(['90.00', 'T9', '22.20\r\n']);
  });

  test('leaves out what its fields are too small for, with why', () => {
    const of = (over: Partial<ExportRow>, code = 'LODZ-007') =>
      invoice({ ...over, customer: { ...invoice().customer, code } });
    const rows = [
      of({ number: 'OK' }, 'CUST-001'),
      of({ number: 'LONG' }, 'CUST-000123'),
      of({ number: 'SPACED' }, 'LODZ 007'),
      of({ number: 'N'.repeat(30) }),
      of({ number: 'N'.repeat(31) }),
    ];
    const reasons = (side: Books['side']) =>
      sortRows('sage50', books({ side }), rows).leftOut.map(({ number, reason }) => [
        number,
        reason,
      ]);
    const tooLong = ['N'.repeat(31), 'number'];
    expect(reasons('sales')).toEqual([['LONG', 'code'], ['SPACED', 'code'], tooLong]);
    // A customer's own books do not say what the supplier calls them.
    expect(reasons('purchases')).toEqual([tooLong]);
  });

  test('refuses codes that its fields are too small for', () => {
    expect(
      wrongCodes('sage50', { contact: 'ACME 01', account: '123456789', department: '1000' }),
    ).toEqual({
      contact: 'at most 8 characters, without spaces',
      account: 'at most 8 characters, without spaces',
      department: 'a number from 0 to 999',
    });
    const good = {
      contact: 'ACME0001',
      account: '5000',
      department: '12',
      taxCodes: { '23': 'T1' },
    };
    expect(wrongCodes('sage50', good)).toEqual({});
    expect(wrongCodes('xero', { contact: 'Acme Bolts, Ltd', account: '123456789' })).toEqual({});
  });

  test('keeps details on one line, and within their field', () => {
    const [row] = parse(
      textOf('sage50', [invoice({ lines: [line({ description: 'Ü'.repeat(99) })] })]),
    );
    expect([...(row?.[6] ?? '')]).toHaveLength(60);
  });
});

describe('generic CSV', () => {
  test('has every figure', () => {
    const text = textOf('csv');
    expect(text).toMatchInlineSnapshot(`
      "﻿kind,invoice_number,invoice_date,due_date,order_number,order_date,po_number,credited_invoice,customer_code,customer_name,customer_tax_id,customer_country,currency,net,tax,total,paid,line_of,line_number,item_code,description,quantity,unit,unit_price,line_net,line_tax_rate,line_tax,account_code,tax_code
      invoice,INV-1,2026-10-31,2026-11-30,SO-1,,PO-1,,LODZ-007,"Łódzkie Zakłady, S.A.",PL7251801126,PL,EUR,490.00,99.20,589.20,,document,,BOLT-8,Hex bolt M8,10,pcs,40.00,400.00,23,92.00,429,T1
      invoice,INV-1,2026-10-31,2026-11-30,SO-1,,PO-1,,LODZ-007,"Łódzkie Zakłady, S.A.",PL7251801126,PL,EUR,490.00,99.20,589.20,,document,,,"'=HYPERLINK(""https://x.example""),
      washers & nuts",3,pcs,30.003,90.00,8,7.20,429,T5
      credit_note,CN-1,2026-10-31,,,,,INV-1,LODZ-007,"Łódzkie Zakłady, S.A.",PL7251801126,PL,EUR,-100.00,-23.00,-123.00,,document,,,"CN-1, INV-1",,,,-100.00,23,-23.00,429,T1
      invoice,'+INV-0,2026-10-31,2026-11-30,,,PO-1,,LODZ-007,"Łódzkie Zakłady, S.A.",PL7251801126,PL,EUR,0.00,0.00,0.00,,document,,,"'+INV-0, PO-1",,,,0.00,0,0.00,429,T0
      invoice,INV-MOST,2026-10-31,2026-11-30,SO-1,,PO-1,,LODZ-007,"Łódzkie Zakłady, S.A.",PL7251801126,PL,PLN,99999999.99,0.00,99999999.99,,document,,,"INV-MOST, SO-1, PO-1",,,,99999999.99,0,0.00,429,T0
      "
    `);
    expectTotals(
      cellsOf(text),
      'invoice_number',
      (row) => cents(row.line_net ?? '') + cents(row.line_tax ?? ''),
    );
  });

  test('has what was paid back on a credit note below nothing, as its total is', () => {
    const rows = (['123.00', '-123.00'] as const).flatMap((total) =>
      ['100.00', '-100.00', '0.00'].map((paid) =>
        invoice({ kind: 'credit_note', net: total, tax: '0.00', total, paid }),
      ),
    );
    const cells = cellsOf(textOf('csv', rows));
    expect(cells.map(({ total, paid }) => [total, paid])).toEqual(
      [0, 1].flatMap(() => ['-100.00', '-100.00', '0.00'].map((paid) => ['-123.00', paid])),
    );
    expect(cellsOf(textOf('csv', [invoice({ paid: '10.00' })]))[0]?.paid).toBe('10.00');
  });

  test('has the prices of a credit note below nothing, so that they make its lines', () => {
    const lines = [
      line({ quantity: '10', unitPrice: '40.00', total: '400.00' }),
      line({ quantity: '3', unitPrice: '0.3333', total: '1.00' }),
      line({ quantity: '2', unitPrice: '-0.50', total: '-1.00' }),
      line({ quantity: '5', unitPrice: '0.00', total: '0.00' }),
      line({ total: '100.00' }),
    ];
    const prices = (kind: ExportRow['kind'], total: string) => {
      const of = invoice({ kind, net: total, tax: '0.00', total, lines });
      const bare = { ...of, lines: lines.map((each) => ({ ...each, taxRate: null })) };
      return cellsOf(textOf('csv', [bare])).map((row) => row.unit_price);
    };
    const turned = ['-40.00', '-0.3333', '0.50', '0.00', ''];
    expect(prices('credit_note', '500.00')).toEqual(turned);
    expect(prices('credit_note', '-500.00')).toEqual(turned);
    expect(prices('invoice', '500.00')).toEqual(['40.00', '0.3333', '-0.50', '0.00', '']);
  });

  test('has what is not whole, too: what is not shown is empty', () => {
    const rows = [invoice({ net: null, tax: null, dueOn: null, leftOut: 'net' })];
    expect(cellsOf(textOf('csv', rows))).toMatchObject([
      { invoice_number: 'INV-1', net: '', tax: '', total: '615.00', due_date: '', line_net: '' },
    ]);
    expect(sortRows('csv', books(), [invoice({ leftOut: 'held' })])).toMatchObject({
      rows: [],
      leftOut: [{ reason: 'held' }],
    });
  });
});

describe('the lines of a generic CSV are those that are published', () => {
  const two = [
    line({ quantity: '10', unitPrice: '40.00', total: '400.00' }),
    line({ itemCode: null, description: null, taxRate: '8.00', total: '100.00' }),
  ];
  const order = {
    placedOn: '2026-10-01',
    lineNumbers: [10, 20],
    lines: two.map((each, at) => ({ ...each, lineNumber: 10 * (at + 1) })),
  };
  const told = (over: Partial<ExportRow>) =>
    cellsOf(textOf('csv', [invoice({ order, ...over })])).map((row) => [
      row.line_of,
      row.line_number,
      row.description,
      row.unit_price,
      row.line_net,
      row.line_tax_rate,
      row.line_tax,
      row.tax_code,
    ]);
  const untaxed = [
    ['document', '10', 'Hex bolt M8', '40.00', '400.00', '23', '', 'T1'],
    ['document', '20', '', '', '100.00', '8', '', 'T5'],
  ];

  test('with their numbers and the order’s day, and their share of the tax where it is theirs', () => {
    expect(told({ lines: two, tax: '100.00', total: '600.00' })).toEqual(
      ['92.00', '8.00'].map((tax, at) => untaxed[at]?.with(6, tax)),
    );
    expect(cellsOf(textOf('csv', [invoice({ order, lines: two })]))[0]?.order_date).toBe(
      '2026-10-01',
    );
  });

  test('whatever is withheld of their document, or does not add up in it', () => {
    for (const over of [
      { tax: null, leftOut: 'tax' as const },
      { total: null, leftOut: 'total' as const },
      { issuedOn: null, leftOut: 'date' as const },
      { total: '615.01', leftOut: 'sums' as const },
      // Another tax than the rates make.
      { tax: '77.00', total: '577.00' },
    ]) {
      expect(told({ lines: two, ...over })).toEqual(untaxed);
    }
    expect(told({ kind: 'credit_note', lines: two, tax: null, leftOut: 'tax' })).toEqual([
      untaxed[0]?.with(3, '-40.00').with(4, '-400.00'),
      untaxed[1]?.with(4, '-100.00'),
    ]);
  });

  test('of an invoice that they do not make, or whose net is withheld, as its order’s', () => {
    const ordered = untaxed.map((row) => row.with(0, 'order').with(7, ''));
    expect(told({ net: null, leftOut: 'net' })).toEqual(ordered);
    expect(told({ net: '300.00', tax: '69.00', total: '369.00' })).toEqual(ordered);
    const bare = order.lines.map((each) => ({
      ...each,
      unitPrice: null,
      taxRate: null,
      total: null,
    }));
    expect(told({ order: { ...order, lines: bare } })).toEqual([
      ['order', '10', 'Hex bolt M8', '', '', '', '', ''],
      ['order', '20', '', '', '', '', '', ''],
    ]);
  });

  test('of a credit note none that it does not take back whole: it stays one line', () => {
    const part = { kind: 'credit_note', net: '50.00', tax: '11.50', total: '61.50' } as const;
    expect(told(part)).toEqual([
      ['document', '', 'INV-1, SO-1, PO-1', '', '-50.00', '23', '-11.50', 'T1'],
    ]);
  });

  test('and no other format holds an order’s', () => {
    expect(textOf('xero', [invoice({ order })])).toBe(textOf('xero', [invoice()]));
  });
});

describe('what nobody mapped', () => {
  const unmapped = (format: ExportFormat, side: Books['side'] = 'purchases') =>
    sortRows(format, books({ side, codes: {} }), month()).unmapped;

  test('is named', () => {
    expect(unmapped('xero')).toEqual(['account', 'taxCodes.0', 'taxCodes.8', 'taxCodes.23']);
    expect(unmapped('quickbooks')).toEqual(['account', 'taxAccount']);
    expect(unmapped('sage50')[0]).toBe('contact');
    expect(unmapped('sage50', 'sales')[0]).toBe('account');
    expect(unmapped('ubl')).toEqual(['sellerTaxId', 'sellerCountry']);
    expect(unmapped('csv')).toEqual([]);
    expect(sortRows('xero', books({ codes: {} }), []).unmapped).toEqual([]);
  });

  test('is also what was kept before and Sage has no place for: such a code is not written', () => {
    const codes = {
      contact: 'ACMEBOLTS-01',
      account: '5000 00',
      department: '1000',
      taxCodes: { '23': 'VAT', '8': 'T5', '0': 'T0' },
    };
    const first = (side: Books['side']) =>
      textOf('sage50', [invoice()], books({ side, codes })).split(',');
    expect(first('purchases').slice(0, 4)).toEqual(['PI', '', '', '']);
    expect(first('purchases').join()).not.toContain('VAT');
    expect(first('sales').slice(0, 4)).toEqual(['SI', 'LODZ-007', '', '']);
    const named = (side: Books['side']) =>
      sortRows('sage50', books({ side, codes }), [invoice()]).unmapped;
    expect(named('purchases')).toEqual(['contact', 'account', 'department', 'taxCodes.23']);
    expect(named('sales')).toEqual(['account', 'department', 'taxCodes.23']);
  });

  test('is every format’s own: several rates that cannot be told apart have a name', () => {
    const odd = [invoice({ net: '0.00', tax: '1.00', total: '1.00' })];
    expect(sortRows('xero', books(), odd).unmapped).toEqual(['taxCodes.mixed']);
  });
});

test('a name that would break a row or run is one text in every format, on one line where lines are rows', () => {
  const name = '=cmd|"/c calc", S.A.\n+2 & <Sons>';
  const rows = [invoice({ customer: { ...invoice().customer, name } })];
  const sales = books({ side: 'sales' });
  const [xero] = cellsOf(textOf('xero', rows, sales));
  expect(xero?.['*ContactName']).toBe(`'${name.replace('\n', ' ')}`);
  const [quickbooks] = cellsOf(textOf('quickbooks', rows, sales));
  expect(quickbooks?.['*Customer']).toBe(`'${name.replace('\n', ' ')}`);
  const [generic] = cellsOf(textOf('csv', rows, sales));
  expect(generic?.customer_name).toBe(`'${name.replace('+', "'+")}`);
  expect(textOf('ubl', rows, sales)).toContain(
    '<cbc:Name>=cmd|&quot;/c calc&quot;, S.A. +2 &amp; &lt;Sons&gt;</cbc:Name>',
  );
});

test('a preview is the first rows of the file, without its stars and guards', () => {
  const sorted = sortRows('xero', books(), month());
  const { header, rows } = previewOf('xero', books(), sorted, 3);
  expect([header[10], rows.length]).toEqual(['InvoiceNumber', 3]);
  expect(rows.map((row) => row[10])).toEqual(['INV-1', 'INV-1', 'CN-1']);
  expect(previewOf('ubl', books(), sortRows('ubl', books(), month()), 9).header[0]).toBe('kind');
});

test('nothing is no file', () => {
  for (const format of ['xero', 'quickbooks', 'sage50', 'csv', 'ubl'] as const) {
    expect(written(format, [])).toEqual([]);
  }
});

test('rates are told from the lowest to the highest, mixed ones last', () => {
  const rates = ['21', null, '5.5', '20', '5.5'].map((rate) => ({ rate }));
  expect(ratesOf(rates)).toEqual(['5.5', '20', '21', 'mixed']);
});
