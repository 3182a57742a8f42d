import { addDays, type Day, daysBetween, workdayAfter } from './calendar.ts';
import type { Credit, Invoice, Line, Order, Paper, PaperKind } from './model.ts';
import { type Cents, taxOn } from './money.ts';

const PREFIX: Record<PaperKind, string> = {
  order_confirmation: 'OC',
  invoice: 'INV',
  packing_slip: 'PS',
  proof_of_delivery: 'POD',
  credit_note: 'CN',
};

/** How far back, in days, each kind was kept as a file. */
const KEPT_DAYS: Record<PaperKind, number> = {
  order_confirmation: 130,
  packing_slip: 270,
  proof_of_delivery: 400,
  invoice: 500,
  credit_note: 500,
};

/** A paper of this order; its file is named after its number. */
export function paper(
  kind: PaperKind,
  number: string,
  date: Day,
  order: Order,
  more: Partial<Pick<Paper, 'invoice' | 'credit' | 'note' | 'fileName'>> = {},
): Paper {
  return {
    kind,
    number,
    date,
    order,
    fileName: more.fileName ?? `${number}.pdf`,
    invoice: more.invoice ?? null,
    credit: more.credit ?? null,
    note: more.note ?? null,
  };
}

/** The digits of an order's number, which its other papers share. */
export function numberOf(order: Order): string {
  return order.number.replace(/\D/g, '');
}

/** What the supplier bills for an order on the day it ships. */
export function billed(order: Order, date: Day, paid: Cents): Invoice {
  return {
    due: addDays(date, order.customer.termsDays),
    net: order.subtotal + order.shipping,
    tax: order.tax,
    total: order.total,
    paid,
  };
}

/** The confirmation, packing slip and proof of delivery this order has by now, recent enough to keep. */
export function orderPapers(order: Order, today: Day): Paper[] {
  const digits = numberOf(order);
  const age = daysBetween(order.placed, today);
  const papers: Paper[] = [];
  const add = (kind: PaperKind, date: Day) => {
    if (age <= KEPT_DAYS[kind]) {
      papers.push(paper(kind, `${PREFIX[kind]}-${digits}`, date, order));
    }
  };
  if (order.status !== 'draft' && order.status !== 'pending') {
    add('order_confirmation', order.placed);
  }
  if (order.shipment) add('packing_slip', order.shipment.shipped);
  if (order.shipment?.delivered) add('proof_of_delivery', order.shipment.delivered);
  return papers;
}

/**
 * An invoice for every shipped order, numbered by date. Those past due are paid, but for each
 * customer's newest, and one of each big customer's that is half paid.
 */
export function invoicePapers(orders: readonly Order[], from: number, today: Day): Paper[] {
  const shipped = orders
    .flatMap((order) => (order.shipment ? [{ order, date: order.shipment.shipped }] : []))
    .sort((a, b) => a.date.localeCompare(b.date) || a.order.number.localeCompare(b.order.number));
  const pastDue = new Map<string, string[]>();
  for (const { order, date } of shipped) {
    if (addDays(date, order.customer.termsDays) >= today) continue;
    const { code } = order.customer;
    pastDue.set(code, [order.number, ...(pastDue.get(code) ?? [])]);
  }
  return shipped.map(({ order, date }, place) => {
    const late = pastDue.get(order.customer.code) ?? [];
    const position = late.indexOf(order.number);
    let paid = position > 0 ? order.total : 0;
    if (position === 3 && late.length > 10) paid = Math.floor(order.total / 2);
    const invoice = billed(order, date, paid);
    return paper('invoice', `INV-${from + place}`, date, order, { invoice });
  });
}

/** A credit note for `quantity` of the invoice's first line, some ten days after it. */
export function creditPaper(
  invoice: Paper,
  number: string,
  quantity: number,
  reason: string,
): Paper {
  const [first] = invoice.order.lines;
  if (!first) throw new Error(`${invoice.number} has no lines`);
  const line: Line = { ...first, number: 1, quantity, total: quantity * first.unitPrice };
  const tax = taxOn(line.total, invoice.order.customer.tax.rate);
  const date = workdayAfter(addDays(invoice.date, 10));
  const credit: Credit = { invoice: invoice.number, reason, line };
  const totals = { due: date, net: line.total, tax, total: line.total + tax, paid: 0 };
  return paper('credit_note', number, date, invoice.order, { invoice: totals, credit });
}
