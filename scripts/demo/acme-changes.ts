import type { AcmeBook } from './acme.ts';
import { addDays, type Day, workdayBefore } from './calendar.ts';
import { type Chance, chance } from './chance.ts';
import { CALDER, IBANEZ, KESTREL, LODZKIE, NORTHGATE } from './customers.ts';
import type { Customer, Order, OrderStatus, Paper } from './model.ts';
import { deliver, makeOrder, ship, withLines } from './orders.ts';
import { billed, numberOf, paper } from './papers.ts';
import { contactRow, orderRows, paperRow, type Row } from './rows.ts';
import { ACME } from './suppliers.ts';

/** Rows of the second import and the papers they name. */
interface Staged {
  rows: Row[];
  papers: Paper[];
}

function newest<T>(list: readonly T[], what: string): T {
  const found = list.at(-1);
  if (found === undefined) throw new Error(`the book has no ${what}`);
  return found;
}

function find(book: AcmeBook, customer: Customer, status: OrderStatus): Order {
  const fitting = book.orders.filter((o) => o.customer === customer && o.status === status);
  return newest(fitting, `${status} order of ${customer.code}`);
}

/** Orders that moved on since the first import, and what was printed for them. */
function progress(book: AcmeBook, today: Day, random: Chance): Staged {
  const yesterday = workdayBefore(addDays(today, -1));
  const started = [CALDER, IBANEZ].map((customer): Order => {
    return { ...find(book, customer, 'pending'), status: 'processing' };
  });
  const sent = [CALDER, IBANEZ].map((customer) =>
    ship(find(book, customer, 'processing'), yesterday, random, today),
  );
  const arrived = [LODZKIE, IBANEZ].map((customer) =>
    deliver(find(book, customer, 'shipped'), yesterday),
  );
  const before = find(book, NORTHGATE, 'processing');
  const enlarged = withLines(
    before,
    before.lines.map((line, place) => {
      if (place > 0) return line;
      const quantity = line.quantity * 2;
      return { ...line, quantity, total: quantity * line.unitPrice };
    }),
  );
  return {
    rows: [...started, ...sent, ...arrived, enlarged].flatMap(orderRows),
    papers: [
      ...started.map((o) => paper('order_confirmation', `OC-${numberOf(o)}`, yesterday, o)),
      ...sent.flatMap((o, place) => {
        const date = o.shipment?.shipped ?? yesterday;
        const invoice = billed(o, date, 0);
        return [
          paper('packing_slip', `PS-${numberOf(o)}`, date, o),
          paper('invoice', `INV-${24501 + place}`, date, o, { invoice }),
        ];
      }),
      ...arrived.map((o) => {
        const date = o.shipment?.delivered ?? yesterday;
        return paper('proof_of_delivery', `POD-${numberOf(o)}`, date, o);
      }),
    ],
  };
}

/** New orders: four in order, one with an impossible date, one with a status nobody knows. */
function newcomers(today: Day, random: Chance): Staged {
  const make = (customer: Customer, status: OrderStatus, number: number, lines = 3): Order => {
    const purchaseOrder = customer.purchaseOrder(40 + (number % 10), addDays(today, -1));
    const numbers = { order: `SO-${number}`, purchaseOrder };
    const wish = { customer, age: 1, status, lines };
    return makeOrder(wish, numbers, ACME.items, today, random);
  };
  const confirmed = [
    make(NORTHGATE, 'processing', 10801),
    make(LODZKIE, 'processing', 10804, 5),
    make(KESTREL, 'processing', 10806, 4),
  ];
  const waiting = [make(CALDER, 'pending', 10803, 2), make(NORTHGATE, 'pending', 10809, 1)];
  const undated = orderRows(make(IBANEZ, 'pending', 10811, 2)).map((row) => ({
    ...row,
    order_date: `${today.slice(0, 4)}-02-30`,
  }));
  const puzzling = orderRows(make(CALDER, 'pending', 10812, 2)).map((row) => ({
    ...row,
    order_status: 'on hold',
  }));
  const disputed = orderRows(make(LODZKIE, 'pending', 10815, 2));
  const contradicting = disputed.map((row, place) => ({
    ...row,
    ...(place === 1 ? { order_total: '9999.99', po_number: `${row.po_number}/B` } : {}),
  }));
  return {
    rows: [
      ...[...confirmed, ...waiting].flatMap(orderRows),
      ...undated,
      ...puzzling,
      ...contradicting,
    ],
    papers: confirmed.map((o) => paper('order_confirmation', `OC-${numberOf(o)}`, o.placed, o)),
  };
}

/** People: one honest newcomer, one address that another customer already uses, one first customer. */
function people(): Row[] {
  const shared = NORTHGATE.contacts[1];
  if (!shared) throw new Error('Northgate has no second contact');
  return [
    contactRow(CALDER, {
      name: 'Priya Raman',
      email: 'priya.raman@calderfinch.example',
      language: 'en',
    }),
    contactRow(IBANEZ, { ...shared, name: 'Cuentas a pagar', language: 'es' }),
    ...KESTREL.contacts.map((contact) => contactRow(KESTREL, contact)),
  ];
}

/** Paper that a reviewer must look at twice. `files` are uploaded, `rows` name them (or don't). */
function trouble(book: AcmeBook, today: Day): { rows: Row[]; files: Paper[] } {
  const invoices = book.papers.filter(
    ({ kind, invoice }) => kind === 'invoice' && invoice?.paid === 0,
  );
  const ofCustomer = (customer: Customer) =>
    newest(
      invoices.filter(({ order }) => order.customer === customer),
      `open invoice of ${customer.code}`,
    );
  const published = ofCustomer(CALDER);
  const revised: Paper = {
    ...published,
    note: 'Issued again at the customer’s request, amounts unchanged. This copy replaces the one sent before.',
  };
  // The number of one order's invoice, put on another order of the same customer.
  const taken = ofCustomer(NORTHGATE);
  const other = newest(
    book.orders.filter(
      (o) => o.customer === NORTHGATE && o.status === 'shipped' && o !== taken.order,
    ),
    'other shipped order of Northgate',
  );
  const conflicting = paper('invoice', taken.number, taken.date, other, {
    invoice: billed(other, taken.date, 0),
    fileName: `${taken.number} second copy.pdf`,
  });
  const delivered = book.orders.filter((o) => o.status === 'delivered');
  const oldest = delivered[0];
  const scanned = delivered.findLast((o) => o.customer === NORTHGATE);
  if (!oldest || !scanned?.shipment) throw new Error('nothing was delivered');
  const absent = paper('packing_slip', `PS-${numberOf(oldest)}`, oldest.placed, oldest);
  const stray = paper('proof_of_delivery', `POD-${numberOf(scanned)}-A`, today, scanned, {
    fileName: `scan ${today} 0931.pdf`,
  });
  // A row for one customer that names a file drawn for another: the worst mistake a clerk can make.
  const mine = find(book, LODZKIE, 'shipped');
  const theirs = find(book, IBANEZ, 'shipped');
  const swapped = 'delivery note 4471.pdf';
  const said = paper('packing_slip', `PS-${numberOf(mine)}-2`, addDays(today, -1), mine, {
    fileName: swapped,
  });
  const shown = paper('packing_slip', `PS-${numberOf(theirs)}-2`, addDays(today, -1), theirs, {
    fileName: swapped,
  });
  return {
    rows: [revised, conflicting, absent, said].map(paperRow),
    files: [revised, conflicting, stray, shown],
  };
}

/**
 * The second import, a day's work with a day's mistakes: orders that moved on, a changed total, new
 * orders and a first-time customer; a revision and a conflict; a row without its file, a file
 * without its row, a file of the wrong customer; a bad date, an unknown status, two rows that
 * disagree; a new recipient and one whose address another customer uses.
 */
export function acmeChanges(book: AcmeBook, today: Day): { rows: Row[]; files: Paper[] } {
  const random = chance('acme/changes');
  const moved = progress(book, today, random);
  const arriving = newcomers(today, random);
  const doubtful = trouble(book, today);
  return {
    rows: [
      ...people(),
      ...moved.rows,
      ...arriving.rows,
      ...[...moved.papers, ...arriving.papers].map(paperRow),
      ...doubtful.rows,
    ],
    files: [...moved.papers, ...arriving.papers, ...doubtful.files],
  };
}
