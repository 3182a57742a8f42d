/**
 * QuickBooks Online's import of bills and of invoices. Neither has a column for tax: it is a line of its
 * own, on an account or an item for it, so that the lines add up to what is owed.
 */
import { type Cell, figure } from '../csv.ts';
import type { LeftOutReason } from '../vocabulary.ts';
import { ofCents } from './amounts.ts';
import { writeDay } from './days.ts';
import { type Entry, isCredit, priced, turned } from './entries.ts';
import type { Books } from './export-row.ts';
import { amount, contactOf, DUE_DAY, lineWords, oneLine, type Sheet } from './sheet.ts';

/** The cells up to the lines' own. */
const head = (entry: Entry, books: Books) =>
  [
    entry.number,
    contactOf(entry, books),
    writeDay(entry.issuedOn, books.dates),
    writeDay(entry.dueOn ?? entry.issuedOn, books.dates),
    null,
    null,
    oneLine([entry.orderNumber, entry.poNumber].filter(Boolean).join(', ')),
  ] as const;

/** Bills that are below nothing are credits of a supplier, which no import of the program's own takes. */
export const quickbooksRefusal = (entry: Entry, { side }: Books): LeftOutReason | null =>
  side === 'purchases' && isCredit(entry) ? 'credit' : null;

/** What the line of tax is called: the program shows it as it stands. */
const TAX = 'Tax';

export const quickbooksBills: Sheet = {
  header: [
    '*BillNo',
    '*Supplier',
    '*BillDate',
    DUE_DAY,
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

/** Rows of what is sold, after the cells that say whose they are. */
function soldRows(entry: Entry, { codes }: Books, head: readonly Cell[]): Cell[][] {
  const line = (
    item: string | undefined,
    words: string,
    { quantity, unitPrice }: { quantity: string; unitPrice: string },
    net: bigint,
  ) => [...head, item ?? null, words, figure(quantity), figure(unitPrice), amount(net), null];
  const once = { quantity: '1', unitPrice: ofCents(entry.tax) };
  return [
    ...entry.lines.map((each) =>
      line(codes.account, lineWords(each), priced(each, entry.sign), each.net),
    ),
    ...(entry.tax === 0n ? [] : [line(codes.taxAccount, TAX, once, entry.tax)]),
  ];
}
const SOLD = [
  'Item(Product/Service)',
  'ItemDescription',
  'ItemQuantity',
  'ItemRate',
  '*ItemAmount',
  'Service Date',
] as const;

/**
 * What is credited: the program takes no invoice below nothing, and has an import of its own for these, with
 * amounts above nothing, whose columns are matched by hand.
 * https://quickbooks.intuit.com/learn-support/en-us/help-articles/how-to-import-credit-notes/00/332855
 */
const quickbooksCreditNotes: Sheet = {
  header: ['*CreditNoteNo', '*Customer', '*CreditNoteDate', 'Location', 'Memo', ...SOLD],
  hasHeader: true,
  hasCurrency: false,
  most: null,
  name: 'quickbooks-credit-notes',
  rows: (entry, books) => {
    const [number, customer, issued, , , location, memo] = head(entry, books);
    return soldRows(turned(entry), books, [number, customer, issued, location, memo]);
  },
};

export const quickbooksInvoices: Sheet = {
  header: [
    '*InvoiceNo',
    '*Customer',
    '*InvoiceDate',
    DUE_DAY,
    'Terms',
    'Location',
    'Memo',
    ...SOLD,
  ],
  hasHeader: true,
  hasCurrency: false,
  most: null,
  name: 'quickbooks-invoices',
  rows: (entry, books) => soldRows(entry, books, head(entry, books)),
  credits: quickbooksCreditNotes,
};
