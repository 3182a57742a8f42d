/**
 * What an old accounts program exports: the demo's messy CSV, for a person to try the import with, and
 * the PDFs it names. Windows letters, semicolons, decimal commas, days before months, a title above the
 * header, Polish names of columns, a row of totals.
 */
import { addDays, type Day, dayOf, workdayBefore } from './calendar.ts';
import { chance } from './chance.ts';
import { CALDER, NORTHGATE } from './customers.ts';
import type { Order, Paper } from './model.ts';
import { type Cents, decimal } from './money.ts';
import { makeOrder, ship } from './orders.ts';
import { drawPaper } from './paper/draw.ts';
import { billed, paper } from './papers.ts';
import { ACME } from './suppliers.ts';

export type MessyExport = {
  csv: { name: string; bytes: Uint8Array };
  files: { name: string; draw(): Promise<Uint8Array> }[];
};

const COLUMNS = [
  'Kod klienta',
  'Nazwa klienta',
  'Numer zamówienia',
  'Data zamówienia',
  'Rodzaj dokumentu',
  'Numer dokumentu',
  'Data dokumentu',
  'Termin',
  'Netto',
  'VAT',
  'Brutto',
  'Waluta',
  'Plik',
];
const INVOICES = 8;

/** `2026-11-21` → `21.11.2026`. */
const printDay = (day: Day) => day.split('-').toReversed().join('.');
/** `123456` → `1.234,56`. */
const printCents = (cents: Cents) =>
  decimal(cents)
    .replace('.', ',')
    .replace(/\B(?=(\d{3})+,)/g, '.');

/** The export as of `today` (its UTC day): the same day gives the same rows and the same bytes. */
export function messyExport(today: Date): MessyExport {
  const day = dayOf(today);
  const random = chance('messy');
  const papers = Array.from({ length: INVOICES }, (_, place): Paper => {
    const customer = place % 2 === 0 ? NORTHGATE : CALDER;
    const numbers = {
      order: `SO-${10900 + place}`,
      purchaseOrder: customer.purchaseOrder(60 + place, addDays(day, -12)),
    };
    const wish = { customer, age: 12 - place, status: 'processing', lines: 3 } as const;
    const open: Order = makeOrder(wish, numbers, ACME.items, day, random);
    const order = ship(open, workdayBefore(addDays(day, -2)), random, day);
    const date = order.shipment?.shipped ?? day;
    return paper('invoice', `INV-${24900 + place}`, date, order, {
      invoice: billed(order, date, 0),
    });
  });
  const rows = papers.map(({ order, number, date, invoice, fileName }) => [
    order.customer.code,
    order.customer.name,
    order.number,
    printDay(order.placed),
    'faktura',
    number,
    printDay(date),
    printDay(invoice?.due ?? date),
    printCents(invoice?.net ?? 0),
    printCents(invoice?.tax ?? 0),
    printCents(invoice?.total ?? 0),
    order.customer.currency,
    fileName,
  ]);
  const sum = papers.reduce((cents, { invoice }) => cents + (invoice?.total ?? 0), 0);
  const lines = [
    ['Zestawienie faktur'],
    [`Stan na ${printDay(day)}`],
    COLUMNS,
    ...rows,
    ['Razem', ...Array.from({ length: 9 }, () => ''), printCents(sum), '', ''],
  ];
  const text = lines.map((cells) => `${cells.join(';')}\r\n`).join('');
  return {
    // Each of its letters is one byte, the same in windows-1252 and windows-1250.
    csv: { name: 'zestawienie.csv', bytes: Buffer.from(text, 'latin1') },
    files: papers.map((one) => ({ name: one.fileName, draw: () => drawPaper(ACME, one) })),
  };
}
