import { expect, test } from 'vitest';
import { CANONICAL_FIELDS, type CanonicalField } from '../vocabulary.ts';
import {
  columnsLeft,
  fieldOf,
  fieldsOf,
  hasAmbiguous,
  headerScore,
  suggestedFields,
} from './map.ts';
import { SYNONYMS } from './synonyms.ts';

const FIELDS = Object.keys(CANONICAL_FIELDS) as CanonicalField[];

test('every canonical name is recognised, however it is written', () => {
  for (const field of FIELDS) {
    const words = field.split('_');
    const camel = words.map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`).join('');
    for (const name of [field, field.toUpperCase(), words.join(' '), words.join('-'), camel]) {
      expect([name, fieldOf(name)]).toEqual([name, field]);
    }
  }
});

test('every synonym names the one field it is listed for', () => {
  for (const field of FIELDS) {
    for (const name of SYNONYMS[field]) expect([name, fieldOf(name)]).toEqual([name, field]);
  }
});

test.each([
  ['Order #', 'order_number'],
  ['Order No.', 'order_number'],
  ['ORDERNO', 'order_number'],
  ['Nº de pedido', 'order_number'],
  ['Núm. Pedido', 'order_number'],
  ['nr zamówienia', 'order_number'],
  ['PO Number', 'po_number'],
  ['PONumber', 'po_number'],
  ['Número de la factura', 'invoice_number'],
  ['Nr_Faktury', 'invoice_number'],
  ['E-mail', 'contact_email'],
  ['Código del cliente', 'customer_code'],
  ['Termin płatności', 'due_date'],
  ['ILOŚĆ', 'line_quantity'],
])('%s is %s', (name, field) => {
  expect(fieldOf(name)).toBe(field);
});

test.each([
  'Date',
  'Status',
  'Customer',
  'Country',
  'Amount',
  'Ship date',
  'Delivery date',
  'Type',
  'Number',
  'No',
  '',
  '#',
])('a header that could be two fields is not guessed: %s', (name) => {
  expect(fieldOf(name)).toBeUndefined();
});

test('unknown columns are named, and so is the second column of one field', () => {
  const names = ['Order no', 'Colour', 'Order ID', '', 'customer_code'];
  const fields = fieldsOf(names);
  expect(fields).toEqual(['order_number', null, null, null, 'customer_code']);
  expect(columnsLeft(names, fields)).toEqual({ unknown: ['Colour'], duplicates: ['Order ID'] });
});

test('a canonical name wins over a synonym that stands before it', () => {
  const names = ['Description', 'line_description'];
  const fields = fieldsOf(names);
  expect(fields).toEqual([null, 'line_description']);
  expect(columnsLeft(names, fields).duplicates).toEqual(['Description']);
});

test('a column that a person gave a field is not left', () => {
  const names = ['Order no', 'Colour', 'Order ID'];
  expect(columnsLeft(names, ['order_number', 'line_description', null])).toEqual({
    unknown: [],
    duplicates: ['Order ID'],
  });
});

test('a header that could be two fields, or two headers of one, are for a person to say', () => {
  expect(hasAmbiguous(['order_number', 'Date'])).toBe(true);
  expect(hasAmbiguous(['Order no', 'Order ID'])).toBe(true);
  expect(hasAmbiguous(['order_number', 'Order ID', 'Colour', ''])).toBe(false);
});

test('a row can be a header only if it names a key', () => {
  expect(headerScore(['order_date', 'currency'])).toBe(0);
  expect(headerScore(['E-mail', 'currency', 'x'])).toBe(2);
});

test('what a name most likely is, beside its companions, is suggested', () => {
  const invoices = ['Numer dokumentu', 'Data', 'Netto', 'VAT', 'Brutto', 'Status'];
  expect(suggestedFields(invoices, fieldsOf(invoices))).toEqual([
    'document_number',
    'document_date',
    'net',
    'tax',
    'total',
    null,
  ]);
  const orders = ['Numer zamówienia', 'Data', 'Netto', 'VAT', 'Brutto', 'Status'];
  expect(suggestedFields(orders, fieldsOf(orders))).toEqual([
    'order_number',
    'order_date',
    'order_subtotal',
    'order_tax',
    'order_total',
    'order_status',
  ]);
});

test('beside a payment’s number a date and an amount are the payment’s', () => {
  const payments = ['Numer wpłaty', 'Numer faktury', 'Data', 'Kwota', 'Tytuł przelewu'];
  expect(suggestedFields(payments, fieldsOf(payments))).toEqual([
    'payment_number',
    'invoice_number',
    'payment_date',
    'payment_amount',
    'payment_reference',
  ]);
  const invoices = ['Invoice no', 'Date', 'Amount'];
  expect(suggestedFields(invoices, fieldsOf(invoices))).toEqual([
    'invoice_number',
    'invoice_date',
    'total',
  ]);
});

test('a suggestion never takes a field that a column names outright', () => {
  const names = ['Numer dokumentu', 'Razem netto', 'Netto'];
  expect(suggestedFields(names, fieldsOf(names))).toEqual(['document_number', 'net', null]);
});
