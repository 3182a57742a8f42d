import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DOCUMENT_KINDS, ORDER_STATUSES } from '../vocabulary.ts';
import { readCell } from './values.ts';

test.each([
  ['2026-02-28', '2026-02-28'],
  ['2028-02-29', '2028-02-29'],
  ['2026-05-01T09:30:00Z', '2026-05-01'],
  ['2026-05-01 09:30', '2026-05-01'],
  ['2026-05-01T09:30:00.123+02:00', '2026-05-01'],
])('the date %s is %s', (cell, value) => {
  expect(readCell('order_date', cell)).toEqual({ value });
});

test.each([
  '2026-02-30',
  '2026-13-01',
  '2026-00-10',
  '2026-01-00',
  '2100-02-29',
  '1989-12-31',
  '2101-01-01',
  '01/02/2026',
  '1.2.2026',
  '2026-1-2',
  '20260102',
  '46023',
  '2026-05-01 and more',
  'May 1',
])('the date %s is refused', (cell) => {
  expect(readCell('order_date', cell)).toEqual({ problem: 'bad_date' });
});

test('every real day from 1990 to 2100 is a date', () => {
  const days = fc.date({
    min: new Date('1990-01-01T00:00:00Z'),
    max: new Date('2100-12-31T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(days, (day) => {
      const value = day.toISOString().slice(0, 10);
      expect(readCell('due_date', value)).toEqual({ value });
    }),
  );
});

test.each([
  ['1234.5', '1234.50'],
  ['0', '0.00'],
  ['-0.00', '0.00'],
  ['+7', '7.00'],
  ['-12.34', '-12.34'],
  ['000012.30', '12.30'],
  ['.5', '0.50'],
  ['999999999999.99', '999999999999.99'],
])('the amount %s is %s', (cell, value) => {
  expect(readCell('total', cell)).toEqual({ value });
});

test.each([
  '1,234.50',
  '1234,50',
  '1.234',
  '1 234',
  '1234.',
  '12-',
  '(12)',
  '€5',
  '1e3',
  '1000000000000',
  '.',
  '-',
  '0x1',
  '１２',
])('the amount %s is refused, not guessed', (cell) => {
  expect(readCell('total', cell)).toEqual({ problem: 'bad_amount' });
});

test('amounts keep every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 99999999999999n }), fc.boolean(), (cents, negative) => {
      const digits = cents.toString().padStart(3, '0');
      const plain = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
      const value = negative && cents > 0n ? `-${plain}` : plain;
      expect(readCell('total', value)).toEqual({ value });
    }),
  );
});

test('quantities, prices and rates are plain decimals with a bound', () => {
  expect(readCell('line_quantity', '02.500')).toEqual({ value: '2.5' });
  expect(readCell('line_quantity', '1,5')).toEqual({ problem: 'bad_number' });
  expect(readCell('line_unit_price', '0.123456')).toEqual({ value: '0.123456' });
  expect(readCell('line_unit_price', '0.1234567')).toEqual({ problem: 'bad_amount' });
  expect(readCell('line_tax_rate', '21 %')).toEqual({ value: '21' });
  expect(readCell('line_tax_rate', '5.12345')).toEqual({ problem: 'bad_number' });
  expect(readCell('items_count', '012')).toEqual({ value: '12' });
  expect(readCell('items_count', '1.5')).toEqual({ problem: 'bad_number' });
});

test('what a spreadsheet did to an identifier is named, not repaired', () => {
  for (const cell of ['1.23E+11', '1,23E+11', '7e+12', '#N/A', '#REF!', '#####']) {
    expect(readCell('order_number', cell)).toEqual({ problem: 'excel_damage' });
  }
  expect(readCell('order_number', '00E12')).toEqual({ value: '00E12' });
  expect(readCell('customer_name', '1.23E+11')).toEqual({ value: '1.23E+11' });
});

test('identifiers and texts have a longest length', () => {
  expect(readCell('po_number', 'x'.repeat(100))).toEqual({ value: 'x'.repeat(100) });
  expect(readCell('po_number', 'x'.repeat(101))).toEqual({ problem: 'cell_too_long' });
  expect(readCell('line_description', 'x'.repeat(2001))).toEqual({ problem: 'cell_too_long' });
});

test('only addresses and descriptions run over several lines', () => {
  expect(readCell('delivery_address', 'Main St 1\nTown')).toEqual({ value: 'Main St 1\nTown' });
  expect(readCell('customer_name', 'Acme\nBcc: x')).toEqual({ value: 'Acme Bcc: x' });
});

test('an e-mail address is one plain address, in lower case', () => {
  expect(readCell('contact_email', "Ana.O'Hara+ap@Acme.Example")).toEqual({
    value: "ana.o'hara+ap@acme.example",
  });
  for (const cell of [
    'ana',
    'ana@acme',
    'a@b@c.example',
    'a b@c.example',
    'Ana <a@c.example>',
    'a@c.example,b@c.example',
    'a..b@c.example',
    '.a@c.example',
    'a@-c.example',
    'a@c..example',
    'a@аcme.example',
    `${'a'.repeat(65)}@c.example`,
    `a@${'b.'.repeat(130)}example`,
    'a@c.example\nbcc:x@y.example',
  ]) {
    expect([cell, readCell('contact_email', cell)]).toEqual([cell, { problem: 'bad_email' }]);
  }
});

test('a file name loses its path, of either slant', () => {
  expect(readCell('file_name', 'C:\\out\\INV 1.pdf')).toEqual({ value: 'INV 1.pdf' });
  expect(readCell('file_name', '../may/INV-1.pdf')).toEqual({ value: 'INV-1.pdf' });
});

test('currencies are ISO 4217 codes', () => {
  expect(readCell('currency', 'eur')).toEqual({ value: 'EUR' });
  for (const cell of ['€', 'EURO', 'EUX', 'zł']) {
    expect(readCell('currency', cell)).toEqual({ problem: 'bad_currency' });
  }
});

test('the vocabulary is recognised, as are plain words for it in three languages', () => {
  for (const kind of DOCUMENT_KINDS)
    expect(readCell('document_kind', kind)).toEqual({ value: kind });
  for (const status of ORDER_STATUSES) {
    expect(readCell('order_status', status)).toEqual({ value: status });
  }
  expect(readCell('document_kind', 'POD')).toEqual({ value: 'proof_of_delivery' });
  expect(readCell('document_kind', 'Packing List')).toEqual({ value: 'packing_slip' });
  expect(readCell('document_kind', 'Nota de crédito')).toEqual({ value: 'credit_note' });
  expect(readCell('document_kind', 'Faktura')).toEqual({ value: 'invoice' });
  expect(readCell('order_status', 'Canceled')).toEqual({ value: 'cancelled' });
  expect(readCell('order_status', 'WYSŁANE')).toEqual({ value: 'shipped' });
  expect(readCell('order_status', 'Open')).toEqual({ problem: 'unknown_status' });
  expect(readCell('document_kind', 'Note')).toEqual({ problem: 'unknown_document_kind' });
  expect(readCell('contact_language', 'es-MX')).toEqual({ value: 'es' });
  expect(readCell('contact_language', 'Polski')).toEqual({ value: 'pl' });
  expect(readCell('contact_language', 'de')).toEqual({ problem: 'bad_language' });
});
