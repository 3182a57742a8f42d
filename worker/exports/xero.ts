/** Xero's import of bills and of sales invoices. https://central.xero.com, "Import invoices and bills". */
import { figure } from '../csv.ts';
import { taxCode } from './codes.ts';
import { writeDay } from './days.ts';
import { priced } from './entries.ts';
import { amount, contactOf, DUE_DAY, lineWords, oneLine, type Sheet } from './sheet.ts';

const MOST = 500;
const WHO = [
  '*ContactName',
  'EmailAddress',
  'POAddressLine1',
  'POAddressLine2',
  'POAddressLine3',
  'POAddressLine4',
  'POCity',
  'PORegion',
  'POPostalCode',
  'POCountry',
] as const;
const TRACKING = ['TrackingName1', 'TrackingOption1', 'TrackingName2', 'TrackingOption2'] as const;
const NO_TRACKING = TRACKING.map(() => null);

const address = (country: string | null) => [...WHO.slice(2, -1).map(() => null), country];

/** A customer's bills: our invoice is their bill. A credit note is a bill of negative amounts. */
export const xeroBills: Sheet = {
  header: [
    ...WHO,
    '*InvoiceNumber',
    '*InvoiceDate',
    DUE_DAY,
    'Total',
    'InventoryItemCode',
    'Description',
    '*Quantity',
    '*UnitAmount',
    '*AccountCode',
    '*TaxType',
    'TaxAmount',
    ...TRACKING,
    'Currency',
  ],
  hasHeader: true,
  hasCurrency: true,
  most: MOST,
  name: 'xero-bills',
  rows: (entry, books) =>
    entry.lines.map((line) => {
      const { quantity, unitPrice } = priced(line, entry.sign);
      return [
        contactOf(entry, books),
        books.supplier.email,
        ...address(null),
        entry.number,
        writeDay(entry.issuedOn, books.dates),
        writeDay(entry.dueOn ?? entry.issuedOn, books.dates),
        amount(entry.total),
        null,
        lineWords(line),
        figure(quantity),
        figure(unitPrice),
        books.codes.account ?? null,
        taxCode(books.codes, line.rate),
        amount(line.tax),
        ...NO_TRACKING,
        entry.currency,
      ];
    }),
};

/** The supplier's own invoices. */
export const xeroInvoices: Sheet = {
  ...xeroBills,
  header: [
    ...WHO,
    '*InvoiceNumber',
    'Reference',
    '*InvoiceDate',
    DUE_DAY,
    'Total',
    'InventoryItemCode',
    '*Description',
    '*Quantity',
    '*UnitAmount',
    'Discount',
    '*AccountCode',
    '*TaxType',
    'TaxAmount',
    ...TRACKING,
    'Currency',
    'BrandingTheme',
  ],
  name: 'xero-invoices',
  rows: (entry, books) =>
    entry.lines.map((line) => {
      const { quantity, unitPrice } = priced(line, entry.sign);
      return [
        contactOf(entry, books),
        entry.customer.email,
        ...address(entry.customer.country),
        entry.number,
        oneLine(entry.poNumber ?? entry.orderNumber ?? ''),
        writeDay(entry.issuedOn, books.dates),
        writeDay(entry.dueOn ?? entry.issuedOn, books.dates),
        amount(entry.total),
        null,
        lineWords(line),
        figure(quantity),
        figure(unitPrice),
        null,
        books.codes.account ?? null,
        taxCode(books.codes, line.rate),
        amount(line.tax),
        ...NO_TRACKING,
        entry.currency,
        null,
      ];
    }),
};
