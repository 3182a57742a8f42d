/** Invoices as an export reads them. */
import type { Books, ExportLine, ExportRow } from '../exports/export-row.ts';

export const line = (over: Partial<ExportLine> = {}): ExportLine => ({
  itemCode: 'BOLT-8',
  description: 'Hex bolt M8',
  quantity: null,
  unit: 'pcs',
  unitPrice: null,
  taxRate: '23',
  total: '500.00',
  ...over,
});

export const invoice = (over: Partial<ExportRow> = {}): ExportRow => ({
  kind: 'invoice',
  number: 'INV-1',
  issuedOn: '2026-10-31',
  dueOn: '2026-11-30',
  currency: 'EUR',
  net: '500.00',
  tax: '115.00',
  total: '615.00',
  paid: null,
  orderNumber: 'SO-1',
  poNumber: 'PO-1',
  credits: null,
  customer: {
    code: 'LODZ-007',
    name: 'Łódzkie Zakłady, S.A.',
    taxId: 'PL7251801126',
    country: 'PL',
    email: 'ap@lzt.example',
  },
  lines: null,
  leftOut: null,
  ...over,
});

/** A month: an order's two lines at two rates, a credit note, nothing owed, and a name that would be a formula. */
export const month = (): ExportRow[] => [
  invoice({
    net: '490.00',
    tax: '99.20',
    total: '589.20',
    lines: [
      line({ quantity: '10', unitPrice: '40.00', total: '400.00' }),
      line({
        itemCode: null,
        description: '=HYPERLINK("https://x.example"),\nwashers & nuts',
        quantity: '3',
        unitPrice: '30.003',
        taxRate: '8',
        total: '90.00',
      }),
    ],
  }),
  invoice({
    kind: 'credit_note',
    number: 'CN-1',
    dueOn: null,
    net: '100.00',
    tax: '23.00',
    total: '123.00',
    orderNumber: null,
    poNumber: null,
    credits: 'INV-1',
  }),
  invoice({ number: '+INV-0', net: '0.00', tax: '0.00', total: '0.00', orderNumber: null }),
  invoice({
    number: 'INV-MOST',
    currency: 'PLN',
    net: '99999999.99',
    tax: '0.00',
    total: '99999999.99',
  }),
];

export const books = (over: Partial<Books> = {}): Books => ({
  side: 'purchases',
  supplier: { name: 'Acme "Bolts", Ltd', email: 'ar@acme.example', address: '1 High St\nHull' },
  codes: {
    contact: 'ACME01',
    account: '429',
    taxAccount: '820',
    taxCodes: { '23': 'T1', '8': 'T5', '0': 'T0' },
    sellerTaxId: 'GB 123 4567 89',
    sellerCountry: 'GB',
  },
  dates: 'dmy',
  ...over,
});
