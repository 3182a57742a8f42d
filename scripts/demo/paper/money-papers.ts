import { printDay } from '../calendar.ts';
import type { Credit, Invoice, Line, Order, Paper, Supplier } from '../model.ts';
import { type Cents, printCount, printMoney, printRate } from '../money.ts';
import { block, closeLetter, openLetter } from './letterhead.ts';
import { GREY, type Sheet, WHITE } from './sheet.ts';
import { type Column, table } from './table.ts';

function priced(sheet: Sheet, taxLabel: string, rate: number): Column<Line>[] {
  const width = sheet.right - sheet.left;
  return [
    { heading: '#', at: 0, cell: (line) => String(line.number) },
    { heading: 'Item', at: 20, cell: (line) => line.item.code },
    {
      heading: 'Description',
      at: 108,
      cell: (line) => line.item.description,
      detail: (line) => line.item.detail,
    },
    {
      heading: 'Quantity',
      at: width - 202,
      figures: true,
      cell: (line) => printCount(line.quantity),
    },
    { heading: 'Unit', at: width - 194, cell: (line) => line.item.unit },
    {
      heading: 'Unit price',
      at: width - 118,
      figures: true,
      cell: (line) => printMoney(line.unitPrice),
    },
    {
      heading: taxLabel === 'Sales tax' ? 'Tax' : taxLabel,
      at: width - 78,
      figures: true,
      cell: () => `${printRate(rate)}%`,
    },
    { heading: 'Amount', at: width - 10, figures: true, cell: (line) => printMoney(line.total) },
  ];
}

/** The sums at the right, the last one on a band of the brand's colour; gives the y after them. */
function totals(
  sheet: Sheet,
  sums: readonly (readonly [string, Cents])[],
  last: readonly [string, string],
): number {
  const from = sheet.right - 214;
  const inner = sheet.right - 10;
  let { y } = sheet;
  for (const [name, cents] of sums) {
    sheet.text(name, from + 10, y + 4, { size: 8.6, colour: GREY });
    sheet.text(printMoney(cents), inner, y + 4, { align: 'right' });
    y += 15;
  }
  sheet.panel(from, y - 2, 214, 25, sheet.brand);
  sheet.text(last[0], from + 10, y + 14, { bold: true, colour: WHITE });
  sheet.text(last[1], inner, y + 14, { bold: true, colour: WHITE, size: 11.5, align: 'right' });
  return y + 36;
}

function taxLine(order: Order, tax: Cents): readonly [string, Cents] {
  const { label, rate } = order.customer.tax;
  return [`${label} ${printRate(rate)}%`, tax];
}

function orderSums(order: Order): (readonly [string, Cents])[] {
  return [
    ['Subtotal', order.subtotal],
    ['Freight and packing', order.shipping],
    taxLine(order, order.tax),
  ];
}

function linesOf(sheet: Sheet, order: Order, lines: readonly Line[]): void {
  table(sheet, priced(sheet, order.customer.tax.label, order.customer.tax.rate), lines);
}

/** What stands below a table of lines, kept together on one page. */
const SUMS_POINTS = 118;

/** The supplier's promise: what was ordered, at what price, and when it is expected. */
export async function drawConfirmation(supplier: Supplier, paper: Paper): Promise<Uint8Array> {
  const { order } = paper;
  const { customer } = order;
  const sheet = await openLetter(supplier, paper, [
    ['Ordered', printDay(order.placed)],
    ['Expected delivery', printDay(order.expected)],
  ]);
  linesOf(sheet, order, order.lines);
  sheet.need(SUMS_POINTS);
  const top = sheet.y;
  totals(sheet, orderSums(order), [
    'Order total',
    `${customer.currency} ${printMoney(order.total)}`,
  ]);
  const terms = block(
    sheet,
    'Terms',
    [
      `Payment within ${customer.termsDays} days of invoice`,
      'Delivered at place (DAP, Incoterms 2020)',
    ],
    sheet.left,
    top + 6,
  );
  const change = ['Write to us within one working day, quoting', `order ${order.number}.`];
  block(sheet, 'Something not right?', change, sheet.left, terms + 10);
  return closeLetter(sheet, supplier, customer.tax.sellerNumber);
}

/** A demand for payment, with where to send it. */
export async function drawInvoice(
  supplier: Supplier,
  paper: Paper,
  invoice: Invoice,
): Promise<Uint8Array> {
  const { order } = paper;
  const { customer } = order;
  const sheet = await openLetter(supplier, paper, [
    ['Delivery', order.shipment ? printDay(order.shipment.shipped) : printDay(paper.date)],
    ['Terms', `${customer.termsDays} days net`],
    ['Due date', printDay(invoice.due)],
  ]);
  linesOf(sheet, order, order.lines);
  sheet.need(SUMS_POINTS);
  const top = sheet.y;
  totals(sheet, orderSums(order), [
    'Total due',
    `${customer.currency} ${printMoney(invoice.total)}`,
  ]);
  const bank = supplier.bank[customer.currency] ?? [];
  const pay = block(
    sheet,
    'Payment',
    [...bank, `In favour of ${supplier.legalName}`, `Reference ${paper.number} / ${customer.code}`],
    sheet.left,
    top + 6,
  );
  sheet.text(`Please pay by ${printDay(invoice.due)}.`, sheet.left, pay + 8, { bold: true });
  sheet.text(
    `Net ${printMoney(invoice.net)} + ${customer.tax.label} ${printMoney(invoice.tax)} = ${customer.currency} ${printMoney(invoice.total)}`,
    sheet.left,
    pay + 21,
    { size: 7.4, colour: GREY },
  );
  return closeLetter(sheet, supplier, customer.tax.sellerNumber);
}

/** What is taken back of an earlier invoice. */
export async function drawCreditNote(
  supplier: Supplier,
  paper: Paper,
  invoice: Invoice,
  credit: Credit,
): Promise<Uint8Array> {
  const { order } = paper;
  const { customer } = order;
  const sheet = await openLetter(supplier, paper, [['Credits invoice', credit.invoice]]);
  linesOf(sheet, order, [credit.line]);
  sheet.need(SUMS_POINTS);
  const top = sheet.y;
  totals(
    sheet,
    [['Net credit', invoice.net], taxLine(order, invoice.tax)],
    ['Total credit', `${customer.currency} ${printMoney(invoice.total)}`],
  );
  const reason = block(
    sheet,
    'Reason',
    sheet.wrap(credit.reason, 250, { size: 8.2 }),
    sheet.left,
    top + 6,
  );
  const settled = [`Set off against invoice ${credit.invoice}.`, 'No payment is needed.'];
  block(sheet, 'Settlement', settled, sheet.left, reason + 10);
  return closeLetter(sheet, supplier, customer.tax.sellerNumber);
}
