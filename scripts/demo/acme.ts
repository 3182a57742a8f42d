import type { Day } from './calendar.ts';
import { chance } from './chance.ts';
import { CALDER, HARROW, IBANEZ, LODZKIE, NORTHGATE } from './customers.ts';
import type { Customer, Order, Paper, Payment } from './model.ts';
import { orderBook, type Wish } from './orders.ts';
import { creditPaper, invoicePapers, orderPapers } from './papers.ts';
import { parcelEvents } from './parcel-events.ts';
import { paymentsFor } from './payments.ts';
import { contactRow, eventRow, orderRows, paperRow, paymentRows, type Row } from './rows.ts';
import { ACME } from './suppliers.ts';

/** All that Acme's approved import holds; the second import changes some of it. */
export interface AcmeBook {
  orders: readonly Order[];
  papers: readonly Paper[];
  payments: readonly Payment[];
}

const CUSTOMERS: readonly Customer[] = [NORTHGATE, CALDER, LODZKIE, IBANEZ, HARROW];
/** Where each customer's parcels are handed over. */
const CITIES = new Map<Customer, string>([
  [NORTHGATE, 'Superior'],
  [CALDER, 'Sheffield'],
  [LODZKIE, 'Łódź'],
  [IBANEZ, 'Zaragoza'],
]);
const DELIVERED = 42;
const OLDEST_DAYS = 425;
const NEWEST_DELIVERED_DAYS = 24;

/** Delivered orders, spread over the months; the big customers order more often. */
function delivered(): Wish[] {
  const random = chance('acme/delivered');
  const turns = [NORTHGATE, CALDER, LODZKIE, NORTHGATE, IBANEZ, CALDER, NORTHGATE];
  const step = (OLDEST_DAYS - NEWEST_DELIVERED_DAYS - 3) / (DELIVERED - 1);
  return Array.from({ length: DELIVERED }, (_, place) => ({
    customer: turns[place % turns.length] ?? NORTHGATE,
    age: Math.round(OLDEST_DAYS - place * step) - random.between(0, 3),
    status: 'delivered' as const,
    // Two yearly stock orders that run over a page.
    ...(place === 9 || place === 34 ? { lines: place === 9 ? 24 : 31 } : {}),
  }));
}

/** What is on its way, in hand, or came to nothing. */
const RECENT: readonly Wish[] = [
  { customer: CALDER, age: 52, status: 'cancelled', eventAge: 20 },
  { customer: NORTHGATE, age: 33, status: 'cancelled', eventAge: 27 },
  { customer: LODZKIE, age: 19, status: 'shipped', eventAge: 7 },
  { customer: NORTHGATE, age: 17, status: 'shipped', eventAge: 2 },
  { customer: IBANEZ, age: 15, status: 'shipped', eventAge: 6 },
  { customer: NORTHGATE, age: 13, status: 'shipped', eventAge: 1, lines: 4 },
  { customer: CALDER, age: 11, status: 'shipped', eventAge: 2 },
  { customer: NORTHGATE, age: 9, status: 'shipped', eventAge: 1 },
  { customer: IBANEZ, age: 12, status: 'processing' },
  { customer: NORTHGATE, age: 10, status: 'processing', lines: 3 },
  { customer: LODZKIE, age: 8, status: 'processing' },
  { customer: CALDER, age: 7, status: 'processing' },
  { customer: NORTHGATE, age: 5, status: 'processing' },
  { customer: IBANEZ, age: 6, status: 'pending' },
  { customer: NORTHGATE, age: 4, status: 'pending' },
  { customer: CALDER, age: 3, status: 'pending' },
  { customer: LODZKIE, age: 2, status: 'pending' },
  { customer: NORTHGATE, age: 1, status: 'draft', lines: 2 },
];

/** Two credit notes against paid invoices, whose payments are smaller by as much. */
function withCredits(invoices: readonly Paper[]): Paper[] {
  const credits: Paper[] = [];
  const settle = (customer: Customer, back: number, reason: string) => {
    const candidates = invoices.filter(
      ({ order, invoice }) =>
        order.customer === customer &&
        invoice?.paid === invoice?.total &&
        (order.lines[0]?.quantity ?? 0) > 3,
    );
    const invoice = candidates.at(-back);
    if (!invoice) throw new Error(`${customer.code} has no paid invoice to credit`);
    const quantity = Math.ceil((invoice.order.lines[0]?.quantity ?? 0) / 4);
    credits.push(creditPaper(invoice, `CN-${3017 + credits.length * 2}`, quantity, reason));
  };
  settle(NORTHGATE, 2, 'Goods returned unused under return authorisation RA-1187.');
  settle(LODZKIE, 1, 'Damaged in transit; the carrier accepted the claim.');
  const settled = invoices.map((paper) => {
    const credit = credits.find((one) => one.credit?.invoice === paper.number);
    if (!credit?.invoice || !paper.invoice) return paper;
    return {
      ...paper,
      invoice: { ...paper.invoice, paid: paper.invoice.total - credit.invoice.total },
    };
  });
  return [...settled, ...credits];
}

/** About 60 orders of the last 14 months with their paperwork, oldest first. */
export function acmeBook(today: Day): AcmeBook {
  const catalogue = { items: ACME.items, prefix: 'SO-', from: 10402 };
  const wishes = [...delivered(), ...RECENT];
  const orders = orderBook(wishes, catalogue, today, chance('acme/orders'));
  const invoices = invoicePapers(orders, 24310, today);
  const billed = withCredits(invoices);
  const onAccount = { customer: CALDER, amount: 150_000 };
  const booking = { prefix: 'PAY-', from: 8811, onAccount };
  return {
    orders,
    papers: [...orders.flatMap((order) => orderPapers(order, today)), ...billed],
    payments: paymentsFor(billed, booking, today, chance('acme/payments')),
  };
}

/** What has happened to parcels, order by order. */
function eventRows(orders: readonly Order[], today: Day): Row[] {
  const random = chance('acme/events');
  return orders.flatMap((order) => {
    const to = CITIES.get(order.customer) ?? 'Milwaukee';
    const cities = { from: 'Milwaukee', hub: 'Chicago', to };
    return parcelEvents(order, cities, today, random).map((event) => eventRow(order, event));
  });
}

/** The first import's rows: people, then orders and their parcels, then paper, then money. */
export function acmeRows(book: AcmeBook, today: Day): Row[] {
  const people = CUSTOMERS.flatMap((customer) =>
    customer.contacts.map((contact) => contactRow(customer, contact)),
  );
  return [
    ...people,
    ...book.orders.flatMap(orderRows),
    ...eventRows(book.orders, today),
    ...book.papers.map(paperRow),
    ...book.payments.flatMap(paymentRows),
  ];
}
