import type { Day } from './calendar.ts';
import { chance } from './chance.ts';
import { CALDER_AT_BOREALIS, STRATHMORE } from './customers.ts';
import type { Paper } from './model.ts';
import { orderBook } from './orders.ts';
import { invoicePapers, orderPapers } from './papers.ts';
import { paymentsFor } from './payments.ts';
import { contactRow, orderRows, paperRow, paymentRows, type Row } from './rows.ts';
import { BOREALIS } from './suppliers.ts';

/** Borealis' one import: two customers, four orders and their paper. */
export function borealisBook(today: Day): { rows: Row[]; files: Paper[] } {
  const orders = orderBook(
    [
      { customer: CALDER_AT_BOREALIS, age: 205, status: 'delivered', lines: 3 },
      { customer: STRATHMORE, age: 64, status: 'delivered', lines: 2 },
      { customer: CALDER_AT_BOREALIS, age: 8, status: 'shipped', eventAge: 1, lines: 4 },
      { customer: STRATHMORE, age: 3, status: 'pending', lines: 1 },
    ],
    { items: BOREALIS.items, prefix: 'B-', from: 5120 },
    today,
    chance('borealis/orders'),
  );
  const files = [
    ...orders
      .flatMap((order) => orderPapers(order, today))
      .filter((paper) => paper.kind !== 'order_confirmation'),
    ...invoicePapers(orders, 70081, today),
  ];
  const people = [CALDER_AT_BOREALIS, STRATHMORE].flatMap((customer) =>
    customer.contacts.map((contact) => contactRow(customer, contact)),
  );
  const booking = { prefix: 'R', from: 3301 };
  const payments = paymentsFor(files, booking, today, chance('borealis/payments'));
  return {
    rows: [
      ...people,
      ...orders.flatMap(orderRows),
      ...files.map(paperRow),
      ...payments.flatMap(paymentRows),
    ],
    files,
  };
}
