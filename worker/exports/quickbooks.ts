/**
 * QuickBooks Online's import of bills and of invoices. Neither has a column for tax: it is a line of its
 * own, on an account or an item for it, so that the lines add up to what is owed.
 */
import { figure } from '../csv.ts';
import { ofCents } from './amounts.ts';
import { writeDay } from './days.ts';
import { type Entry, priced } from './entries.ts';
import type { Books } from './export-row.ts';
import { amount, contactOf, lineWords, oneLine, type Sheet } from './sheet.ts';

/** The cells up to the lines' own. */
const head = (entry: Entry, books: Books) => [
  entry.number,
  contactOf(entry, books),
  writeDay(entry.issuedOn, books.dates),
  writeDay(entry.dueOn ?? entry.issuedOn, books.dates),
  null,
  null,
  oneLine([entry.orderNumber, entry.poNumber].filter(Boolean).join(', ')),
];

/** What the line of tax is called: the program shows it as it stands. */
const TAX = 'Tax';

export const quickbooksBills: Sheet = {
  header: [
    '*BillNo',
    '*Supplier',
    '*BillDate',
    '*DueDate',
    'Terms',
    'Location',
    'Memo',
    '*Account',
    'LineDescription',
    '*LineAmount',
    'Currency',
  ],
  hasHeader: true,
  hasCurrency: true,
  most: null,
  name: 'quickbooks-bills',
  rows: (entry, books) => {
    const { account, taxAccount } = books.codes;
    const line = (booked: string | undefined, words: string, net: bigint) => [
      ...head(entry, books),
      booked ?? null,
      words,
      amount(net),
      entry.currency,
    ];
    return [
      ...entry.lines.map((each) => line(account, lineWords(each), each.net)),
      ...(entry.tax === 0n ? [] : [line(taxAccount, TAX, entry.tax)]),
    ];
  },
};

export const quickbooksInvoices: Sheet = {
  header: [
    '*InvoiceNo',
    '*Customer',
    '*InvoiceDate',
    '*DueDate',
    'Terms',
    'Location',
    'Memo',
    'Item(Product/Service)',
    'ItemDescription',
    'ItemQuantity',
    'ItemRate',
    '*ItemAmount',
    'Service Date',
  ],
  hasHeader: true,
  hasCurrency: false,
  most: null,
  name: 'quickbooks-invoices',
  rows: (entry, books) => {
    const { account, taxAccount } = books.codes;
    const line = (
      item: string | undefined,
      words: string,
      { quantity, unitPrice }: { quantity: string; unitPrice: string },
      net: bigint,
    ) => [
      ...head(entry, books),
      item ?? null,
      words,
      figure(quantity),
      figure(unitPrice),
      amount(net),
      null,
    ];
    return [
      ...entry.lines.map((each) =>
        line(account, lineWords(each), priced(each, entry.sign), each.net),
      ),
      ...(entry.tax === 0n
        ? []
        : [line(taxAccount, TAX, { quantity: '1', unitPrice: ofCents(entry.tax) }, entry.tax)]),
    ];
  },
};
