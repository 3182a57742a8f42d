import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CanonicalField, DOCUMENT_KINDS, ORDER_STATUSES } from '../vocabulary.ts';
import type { Conventions } from './convention.ts';
import { readCell } from './values.ts';

const PLAIN: Conventions = { dateOrder: 'ymd', decimal: '.' };
const read = (field: CanonicalField, cell: string) => readCell(field, cell, PLAIN);

test.each([
  ['2026-02-28', '2026-02-28'],
  ['2028-02-29', '2028-02-29'],
  ['2026-05-01T09:30:00Z', '2026-05-01'],
  ['2026-05-01 09:30', '2026-05-01'],
  ['2026-05-01T09:30:00.123+02:00', '2026-05-01'],
  ['2026-1-2', '2026-01-02'],
  ['2026/1/2', '2026-01-02'],
  ['2026.01.02', '2026-01-02'],
  ['46023', '2026-01-01'],
  ['46023.75', '2026-01-01'],
  ['32874', '1990-01-01'],
  ['73415', '2100-12-31'],
])('the date %s is %s', (cell, value) => {
  expect(read('order_date', cell)).toEqual({ value });
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
  '2026-1/2',
  '20260102',
  '32873',
  '73416',
  '2026-05-01 and more',
  'May 1',
])('the date %s is refused', (cell) => {
  expect(read('order_date', cell)).toEqual({ problem: 'bad_date' });
});

test.each([
  ['2026-05-12T14:30:00Z', '2026-05-12T14:30:00Z'],
  ['2026-05-12T14:30:15.900+02:00', '2026-05-12T12:30:15Z'],
  ['2026-12-31 23:30 -0500', '2027-01-01T04:30:00Z'],
  ['2026-05-12 9:05', '2026-05-12T09:05:00'],
  ['2026-05-12 12:05 AM', '2026-05-12T00:05:00'],
  ['2026-05-12 12:05 p.m.', '2026-05-12T12:05:00'],
  ['46023.75', '2026-01-01T18:00:00'],
])('the moment %s is %s', (cell, value) => {
  expect(read('event_time', cell)).toEqual({ value });
});

test('a moment’s day is read in the file’s order', () => {
  const conventions: Conventions = { dateOrder: 'mdy', decimal: '.' };
  expect(readCell('event_time', '5/12/2026 2:30 PM', conventions)).toEqual({
    value: '2026-05-12T14:30:00',
  });
  expect(readCell('event_time', '5/12/2026 2:30 PM', PLAIN)).toEqual({ problem: 'bad_time' });
});

test.each([
  '2026-05-12',
  '46023',
  '2026-05-12 24:00',
  '2026-05-12 10:60',
  '2026-05-12 13:00 PM',
  '2026-05-12 10:00 +15:00',
  '2026-02-30 10:00',
  '10:00',
])('the moment %s is refused', (cell) => {
  expect(read('event_time', cell)).toEqual({ problem: 'bad_time' });
});

test('every moment to the second is one', () => {
  const moments = fc.date({
    min: new Date('1990-01-02T00:00:00Z'),
    max: new Date('2100-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moments, (moment) => {
      const value = `${moment.toISOString().slice(0, 19)}Z`;
      expect(read('event_time', value)).toEqual({ value });
      expect(read('event_time', value.slice(0, -1))).toEqual({ value: value.slice(0, -1) });
    }),
  );
});

test.each([
  ['Out for delivery', 'out_for_delivery'],
  ['EN REPARTO', 'out_for_delivery'],
  ['w doręczeniu', 'out_for_delivery'],
  ['dostarczona', 'delivered'],
  ['Devuelto al remitente', 'returned'],
])('the shipment status %s is %s', (cell, value) => {
  expect(read('event_status', cell)).toEqual({ value });
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
      expect(read('due_date', value)).toEqual({ value });
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
  ['1,234.50', '1234.50'],
  ['1,234', '1234.00'],
  ['1 234', '1234.00'],
  ['1\u00a0234\u00a0567.8', '1234567.80'],
  ["1'234.50", '1234.50'],
  ['12-', '-12.00'],
  ['\u221212', '-12.00'],
  ['(1,234.56)', '-1234.56'],
  ['€5', '5.00'],
  ['-€5', '-5.00'],
  ['€ -5', '-5.00'],
  ['(5.00 zł)', '-5.00'],
  ['999999999999.99', '999999999999.99'],
])('the amount %s is %s', (cell, value) => {
  expect(read('total', cell)).toEqual({ value });
});

test.each([
  '1234,50',
  '1.234',
  '1 23',
  '1,23,456.00',
  '1 234,567.00',
  '1234.',
  '(-12)',
  '-12-',
  '€5€',
  '1e3',
  '1000000000000',
  '.',
  '-',
  '0x1',
  '１２',
])('the amount %s is refused, not guessed', (cell) => {
  expect(read('total', cell)).toEqual({ problem: 'bad_amount' });
});

test.each([
  ['1234,5', '1234.50'],
  ['1.234,50', '1234.50'],
  ['1.234', '1234.00'],
  ['1\u202f234,50', '1234.50'],
  ['1 234,50 zł', '1234.50'],
  ['(1.234,56)', '-1234.56'],
  ['1.234,56-', '-1234.56'],
])('where the comma is the decimal sign, the amount %s is %s', (cell, value) => {
  expect(readCell('total', cell, { ...PLAIN, decimal: ',' })).toEqual({ value });
});

test.each(['1234.50', '1,234.50', '1.23', '1,234', '0.5'])(
  'where the comma is the decimal sign, the amount %s is refused',
  (cell) => {
    expect(readCell('total', cell, { ...PLAIN, decimal: ',' })).toEqual({ problem: 'bad_amount' });
  },
);

test.each([
  ['01/02/2026', '2026-02-01', '2026-01-02'],
  ['1.2.2026', '2026-02-01', '2026-01-02'],
  ['1-2-26', '2026-02-01', '2026-01-02'],
  ['1/2/2026 9:30:00 PM', '2026-02-01', '2026-01-02'],
  ['31/12/2026', '2026-12-31', undefined],
  ['12/31/2026', undefined, '2026-12-31'],
  ['2026-02-01', '2026-02-01', '2026-02-01'],
  ['46023', '2026-01-01', '2026-01-01'],
  ['1/2.2026', undefined, undefined],
])('the date %s is %s day first and %s month first', (cell, dayFirst, monthFirst) => {
  const [dmy, mdy] = (['dmy', 'mdy'] as const).map((dateOrder) =>
    readCell('order_date', cell, { ...PLAIN, dateOrder }),
  );
  expect(dmy).toEqual(dayFirst ? { value: dayFirst } : { problem: 'bad_date' });
  expect(mdy).toEqual(monthFirst ? { value: monthFirst } : { problem: 'bad_date' });
});

test('amounts keep every digit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 99999999999999n }), fc.boolean(), (cents, negative) => {
      const digits = cents.toString().padStart(3, '0');
      const plain = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
      const value = negative && cents > 0n ? `-${plain}` : plain;
      expect(read('total', value)).toEqual({ value });
    }),
  );
});

test('quantities, prices and rates are plain decimals with a bound', () => {
  expect(read('line_quantity', '02.500')).toEqual({ value: '2.5' });
  expect(read('line_quantity', '1,5')).toEqual({ problem: 'bad_number' });
  expect(read('line_unit_price', '0.123456')).toEqual({ value: '0.123456' });
  expect(read('line_unit_price', '0.1234567')).toEqual({ problem: 'bad_amount' });
  expect(read('line_tax_rate', '21 %')).toEqual({ value: '21' });
  expect(read('line_tax_rate', '5.12345')).toEqual({ problem: 'bad_number' });
  expect(read('items_count', '012')).toEqual({ value: '12' });
  expect(read('items_count', '1.5')).toEqual({ problem: 'bad_number' });
});

test('what a spreadsheet did to an identifier is named, not repaired', () => {
  for (const cell of ['1.23E+11', '1,23E+11', '7e+12', '#N/A', '#REF!', '#####']) {
    expect(read('order_number', cell)).toEqual({ problem: 'excel_damage' });
  }
  for (const field of ['order_date', 'total', 'items_count'] as const) {
    expect(read(field, '########')).toEqual({ problem: 'excel_damage' });
  }
  expect(read('order_number', '00E12')).toEqual({ value: '00E12' });
  expect(read('customer_name', '1.23E+11')).toEqual({ value: '1.23E+11' });
});

test('identifiers and texts have a longest length', () => {
  expect(read('po_number', 'x'.repeat(100))).toEqual({ value: 'x'.repeat(100) });
  expect(read('po_number', 'x'.repeat(101))).toEqual({ problem: 'cell_too_long' });
  expect(read('line_description', 'x'.repeat(2001))).toEqual({ problem: 'cell_too_long' });
});

test('only addresses and descriptions run over several lines', () => {
  expect(read('delivery_address', 'Main St 1\nTown')).toEqual({ value: 'Main St 1\nTown' });
  expect(read('customer_name', 'Acme\nBcc: x')).toEqual({ value: 'Acme Bcc: x' });
});

test('an e-mail address is one plain address, in lower case', () => {
  expect(read('contact_email', "Ana.O'Hara+ap@Acme.Example")).toEqual({
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
    expect([cell, read('contact_email', cell)]).toEqual([cell, { problem: 'bad_email' }]);
  }
});

test('a file name loses its path, of either slant', () => {
  expect(read('file_name', 'C:\\out\\INV 1.pdf')).toEqual({ value: 'INV 1.pdf' });
  expect(read('file_name', '../may/INV-1.pdf')).toEqual({ value: 'INV-1.pdf' });
});

test('currencies are ISO 4217 codes', () => {
  expect(read('currency', 'eur')).toEqual({ value: 'EUR' });
  for (const cell of ['€', 'EURO', 'EUX', 'zł']) {
    expect(read('currency', cell)).toEqual({ problem: 'bad_currency' });
  }
});

test('the vocabulary is recognised, as are plain words for it in three languages', () => {
  for (const kind of DOCUMENT_KINDS) expect(read('document_kind', kind)).toEqual({ value: kind });
  for (const status of ORDER_STATUSES) {
    expect(read('order_status', status)).toEqual({ value: status });
  }
  expect(read('document_kind', 'POD')).toEqual({ value: 'proof_of_delivery' });
  expect(read('document_kind', 'Packing List')).toEqual({ value: 'packing_slip' });
  expect(read('document_kind', 'Nota de crédito')).toEqual({ value: 'credit_note' });
  expect(read('document_kind', 'Faktura')).toEqual({ value: 'invoice' });
  expect(read('order_status', 'Canceled')).toEqual({ value: 'cancelled' });
  expect(read('order_status', 'WYSŁANE')).toEqual({ value: 'shipped' });
  expect(read('order_status', 'Open')).toEqual({ problem: 'unknown_status' });
  expect(read('document_kind', 'Note')).toEqual({ problem: 'unknown_document_kind' });
  expect(read('contact_language', 'es-MX')).toEqual({ value: 'es' });
  expect(read('contact_language', 'Polski')).toEqual({ value: 'pl' });
  expect(read('contact_language', 'de')).toEqual({ problem: 'bad_language' });
});
