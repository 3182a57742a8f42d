import { PDFDocument } from '@cantoo/pdf-lib';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { carrierOf } from '../../worker/carriers/tracking-page.ts';
import { detect } from '../../worker/import/reading.ts';
import { openStaging } from '../../worker/import/stage.ts';
import { look } from '../local/carrier-parcels.ts';
import { addDays } from './calendar.ts';
import { chance } from './chance.ts';
import { type DemoImport, type DemoOrg, demo } from './index.ts';
import { messyExport } from './messy.ts';
import { printMoney } from './money.ts';
import { trackingDigits, trackingNumber } from './tracking.ts';

type Cells = Record<string, string>;

const TODAY = new Date('2026-11-21T09:00:00Z');
const orgs = await demo(TODAY);

function rowsOf(one: DemoImport): Cells[] {
  return parse(one.csv, { columns: true });
}

function importOf(slug: string, place: number, from: DemoOrg[] = orgs): DemoImport {
  const found = from.find((org) => org.slug === slug)?.imports[place];
  if (!found) throw new Error(`${slug} has no import ${place}`);
  return found;
}

/** A decimal of two places as cents; anything else is a failed test. */
function cents(cell: string | undefined): number {
  expect(cell).toMatch(/^\d+\.\d\d$/);
  return Number(cell?.replace('.', ''));
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const approved = orgs.flatMap((org) => org.imports.filter((one) => one.approve));

test.each(approved.map((one) => [one]))('every order ties out to the cent', (one) => {
  const orders = Map.groupBy(
    rowsOf(one).filter((row) => row.line_number),
    (row) => row.order_number,
  );
  expect(orders.size).toBeGreaterThan(0);
  for (const lines of orders.values()) {
    const [order] = lines;
    for (const line of lines) {
      expect(cents(line.line_total)).toBe(Number(line.line_quantity) * cents(line.line_unit_price));
    }
    const subtotal = sum(lines.map((line) => cents(line.line_total)));
    expect(cents(order?.order_subtotal)).toBe(subtotal);
    const taxed = subtotal + cents(order?.order_shipping);
    const tax = cents(order?.order_tax);
    expect(Math.abs(tax - (taxed * Number(order?.line_tax_rate)) / 100)).toBeLessThanOrEqual(0.5);
    expect(cents(order?.order_total)).toBe(taxed + tax);
    expect(order?.items_count).toBe(String(lines.length));
  }
});

test.each(approved.map((one) => [one]))('every invoice bills its order, no more is paid', (one) => {
  const rows = rowsOf(one);
  const invoices = rows.filter((row) => row.document_kind === 'invoice');
  for (const invoice of invoices) {
    const order = rows.find((row) => row.line_number && row.order_number === invoice.order_number);
    expect(cents(invoice.net) + cents(invoice.tax)).toBe(cents(invoice.total));
    expect(invoice.total).toBe(order?.order_total);
    expect(invoice.tax).toBe(order?.order_tax);
    expect(invoice.currency).toBe(order?.currency);
    const credited = rows
      .filter((row) => row.credited_invoice === invoice.invoice_number)
      .map((row) => cents(row.total));
    expect(cents(invoice.paid) + sum(credited)).toBeLessThanOrEqual(cents(invoice.total));
    expect(Date.parse(invoice.due_date ?? '')).toBeGreaterThan(
      Date.parse(invoice.invoice_date ?? ''),
    );
  }
});

test('Acme has paid, open, overdue and partly paid invoices, and credit notes', () => {
  const rows = rowsOf(importOf('acme', 0));
  const invoices = rows.filter((row) => row.document_kind === 'invoice');
  const day = TODAY.toISOString().slice(0, 10);
  const unpaid = invoices.filter((row) => row.paid === '0.00');
  expect(invoices.filter((row) => row.paid === row.total).length).toBeGreaterThan(20);
  expect(unpaid.filter((row) => (row.due_date ?? '') < day).length).toBeGreaterThan(2);
  expect(unpaid.filter((row) => (row.due_date ?? '') >= day).length).toBeGreaterThan(5);
  const credits = rows.filter((row) => row.document_kind === 'credit_note');
  expect(credits).toHaveLength(2);
  for (const credit of credits) {
    expect(cents(credit.net) + cents(credit.tax)).toBe(cents(credit.total));
    expect(invoices.map((row) => row.invoice_number)).toContain(credit.credited_invoice);
  }
});

test.each(approved.map((one) => [one]))('payments come to what the invoices say is paid', (one) => {
  const rows = rowsOf(one);
  const parts = rows.filter((row) => row.payment_number);
  const paidFor = Map.groupBy(parts, (row) => row.invoice_number);
  for (const invoice of rows.filter((row) => row.document_kind === 'invoice')) {
    const known = paidFor.get(invoice.invoice_number) ?? [];
    expect(sum(known.map((row) => cents(row.payment_allocated)))).toBe(cents(invoice.paid));
    for (const row of known) {
      expect([row.customer_code, row.currency]).toEqual([invoice.customer_code, invoice.currency]);
      expect((row.payment_date ?? '') >= (invoice.invoice_date ?? '')).toBe(true);
    }
  }
  for (const rowsOfOne of Map.groupBy(parts, (row) => row.payment_number).values()) {
    const allocated = rowsOfOne.filter((row) => row.invoice_number);
    const amounts = new Set(rowsOfOne.map((row) => row.payment_amount));
    expect(amounts.size).toBe(1);
    if (allocated.length === 0) continue;
    const [amount] = amounts;
    expect(sum(allocated.map((row) => cents(row.payment_allocated)))).toBe(cents(amount));
  }
});

test('Acme has a payment for two invoices, one for none, and an invoice paid in parts', () => {
  const rows = rowsOf(importOf('acme', 0)).filter((row) => row.payment_number);
  const payments = [...Map.groupBy(rows, (row) => row.payment_number).values()];
  const counts = payments.map((of) => of.filter((row) => row.invoice_number).length);
  expect(counts.filter((count) => count === 2)).toHaveLength(1);
  expect(counts.filter((count) => count === 0)).toHaveLength(1);
  const invoices = rows.map((row) => row.invoice_number).filter((number) => number);
  expect(invoices.length - new Set(invoices).size).toBe(1);
});

test('what happened to Acme’s parcels happened in order, and only to what was sent', () => {
  const rows = rowsOf(importOf('acme', 0));
  const sent = new Map(rows.filter((row) => row.carrier).map((row) => [row.order_number, row]));
  const events = Map.groupBy(
    rows.filter((row) => row.event_time),
    (row) => row.order_number,
  );
  expect(events.size).toBeGreaterThan(4);
  const statuses = new Set<string | undefined>();
  for (const [order, told] of events) {
    const parcel = sent.get(order);
    const times = told.map((row) => row.event_time ?? '');
    expect(times).toEqual(times.toSorted());
    expect(times[0]?.slice(0, 10)).toBe(parcel?.shipped_at);
    for (const row of told) {
      expect(row.tracking_number).toBe(parcel?.tracking_number);
      statuses.add(row.event_status);
    }
    expect(told.at(-1)?.event_status === 'delivered').toBe(parcel?.order_status === 'delivered');
  }
  expect([...statuses].sort()).toEqual(
    ['delivered', 'exception', 'in_transit', 'out_for_delivery', 'picked_up'].sort(),
  );
});

test('Acme sells in four currencies, in every status, and one customer has nothing', () => {
  const rows = rowsOf(importOf('acme', 0));
  const orders = rows.filter((row) => row.order_number && row.line_number);
  expect(new Set(rows.map((row) => row.customer_code)).size).toBe(5);
  expect(new Set(orders.map((row) => row.customer_code)).size).toBe(4);
  expect(new Set(orders.map((row) => row.currency))).toEqual(new Set(['USD', 'EUR', 'GBP', 'PLN']));
  expect(new Set(orders.map((row) => row.order_number)).size).toBe(60);
  expect([...new Set(orders.map((row) => row.order_status))].sort()).toEqual(
    ['cancelled', 'delivered', 'draft', 'pending', 'processing', 'shipped'].sort(),
  );
});

// Months apart and across a leap day: the numbers must hold on whatever day the demo starts.
test.each(['2026-11-21', '2027-01-01', '2028-02-29', '2028-07-16'])(
  'on %s all numbers are unique, every date has passed, and rows and files match',
  async (day) => {
    const then = await demo(new Date(`${day}T12:00:00Z`));
    for (const one of then.flatMap((org) => org.imports.filter((each) => each.approve))) {
      const rows = rowsOf(one);
      const papers = rows.filter((row) => row.document_number);
      const numbers = papers.map((row) => row.document_number);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(papers.map((row) => row.file_name).sort()).toEqual(
        one.files.map((file) => file.name).sort(),
      );
      const parcels = rows.filter((row) => row.carrier);
      const tracking = parcels.map((row) => row.tracking_number).filter((number) => number);
      expect(new Set(tracking).size).toBe(tracking.length);
      const emails = rows.map((row) => row.contact_email).filter((email) => email);
      expect(new Set(emails).size).toBe(emails.length);
      for (const row of rows) {
        for (const past of [
          row.order_date,
          row.cancelled_on,
          row.document_date,
          row.shipped_at,
          row.payment_date,
          row.event_time,
        ]) {
          if (past) expect(past < day && past > addDays(day, -440)).toBe(true);
        }
        if (row.shipped_at) expect(row.shipped_at >= (row.order_date ?? '')).toBe(true);
      }
    }
    const known = new Set(rowsOf(importOf('acme', 0, then)).map((row) => row.order_number));
    const added = rowsOf(importOf('acme', 1, then)).filter((row) => !known.has(row.order_number));
    expect(new Set(added.map((row) => row.order_number)).size).toBe(8);
  },
);

test('the second import holds each kind of trouble once', () => {
  const live = rowsOf(importOf('acme', 0));
  const { csv, files } = importOf('acme', 1);
  const rows: Cells[] = parse(csv, { columns: true });
  const names = new Set(files.map((file) => file.name));
  const named = rows.map((row) => row.file_name).filter((name) => name !== '');
  expect(named.filter((name) => !names.has(name ?? ''))).toHaveLength(1);
  expect([...names].filter((name) => !named.includes(name))).toHaveLength(1);
  const known = new Map(
    live.filter((row) => row.document_number).map((row) => [row.invoice_number, row.order_number]),
  );
  const again = rows.filter((row) => row.invoice_number && known.has(row.invoice_number));
  const sameOrder = again.filter((row) => known.get(row.invoice_number) === row.order_number);
  expect([again.length, sameOrder.length]).toEqual([2, 1]);
  const dates = rows.map((row) => row.order_date).filter((date) => date);
  expect(new Set(dates.filter((date) => date?.endsWith('-02-30'))).size).toBe(1);
  expect(rows.some((row) => row.order_status === 'on hold')).toBe(true);
  const lines = rows.filter((row) => row.line_number);
  const disputed = [...Map.groupBy(lines, (row) => row.order_number).values()].filter(
    (order) => new Set(order.map((row) => row.order_total)).size > 1,
  );
  expect(disputed).toHaveLength(1);
  const emails = new Map(live.map((row) => [row.contact_email, row.customer_code]));
  const people = rows.filter((row) => row.contact_email);
  const taken = people.filter((row) => emails.has(row.contact_email));
  expect([people.length, taken.length]).toEqual([3, 1]);
  expect(emails.get(taken[0]?.contact_email)).not.toBe(taken[0]?.customer_code);
});

test('one company buys from both suppliers, under two codes', () => {
  const buyers = orgs.map((org) => {
    const rows = org.imports.slice(0, 1).flatMap(rowsOf);
    return new Map(rows.map((row) => [row.customer_name, row.customer_code]));
  });
  const [ofAcme, ofBorealis] = buyers;
  const shared = [...(ofBorealis?.keys() ?? [])].filter((name) => ofAcme?.has(name));
  expect(shared).toHaveLength(1);
  expect(ofAcme?.get(shared[0])).not.toBe(ofBorealis?.get(shared[0]));
});

test('the same day gives the same rows and the same bytes', async () => {
  const again = await demo(new Date('2026-11-21T22:00:00Z'));
  for (const place of [0, 1]) {
    expect(importOf('acme', place, again).csv).toBe(importOf('acme', place).csv);
  }
  for (const kind of ['OC-', 'INV-', 'PS-', 'POD-', 'CN-']) {
    const first = importOf('acme', 0).files.find((file) => file.name.startsWith(kind));
    const second = importOf('acme', 0, again).files.find((file) => file.name === first?.name);
    const [bytes, twice] = await Promise.all([first?.draw(), second?.draw()]);
    expect(bytes?.length).toBeGreaterThan(5_000);
    expect(bytes && twice && Buffer.compare(bytes, twice)).toBe(0);
  }
});

test('a revision is the same invoice in new bytes', async () => {
  const live = importOf('acme', 0).files;
  const again = importOf('acme', 1).files.find((file) => live.some((f) => f.name === file.name));
  const before = live.find((file) => file.name === again?.name);
  const [bytes, others] = await Promise.all([before?.draw(), again?.draw()]);
  expect(bytes && others && Buffer.compare(bytes, others)).not.toBe(0);
});

test('a PDF has a page, or more when its lines need them, and says what it is', async () => {
  const one = importOf('acme', 0);
  const lines = Map.groupBy(rowsOf(one), (row) => row.order_number);
  const invoices = rowsOf(one).filter((row) => row.document_kind === 'invoice');
  const count = (row: Cells) =>
    (lines.get(row.order_number) ?? []).filter((l) => l.line_number).length;
  const long = invoices.filter((row) => count(row) > 20);
  const short = invoices.find((row) => count(row) === 6);
  expect(long).toHaveLength(2);
  for (const row of [...long, ...(short ? [short] : [])]) {
    const file = one.files.find((each) => each.name === row.file_name);
    const doc = await PDFDocument.load((await file?.draw()) ?? '', { updateMetadata: false });
    expect(doc.getPageCount()).toBe(row === short ? 1 : 2);
    expect(doc.getTitle()).toBe(`Invoice ${row.document_number}`);
    expect(doc.getSubject()).toBe(`${row.customer_name}, order ${row.order_number}`);
  }
});

test('money is printed with thousands and two places', () => {
  expect([5, 120, 99999, 123456789].map(printMoney)).toEqual([
    '0.05',
    '1.20',
    '999.99',
    '1,234,567.89',
  ]);
});

test('tracking numbers have the shape of their carrier', () => {
  const random = chance('shapes');
  const to = { delivery: ['88 Penistone Road', 'Sheffield S6 3AE'] };
  const journey = { shipped: '2026-11-16', takes: 3, to };
  const number = (carrier: 'UPS' | 'FedEx' | 'USPS') =>
    trackingNumber(carrier, trackingDigits(carrier, random), journey);
  expect(number('UPS')).toMatch(/^1Z[0-9A-Z]{16}$/);
  expect(number('FedEx')).toMatch(/^\d{12}$/);
  expect(number('USPS')).toMatch(/^9405511\d{15}$/);
});

test('the local carriers know what is under way, and have not delivered it', () => {
  const rows = rowsOf(importOf('acme', 0)).filter((row) => row.carrier);
  const now = TODAY.getTime();
  const underWay = rows.filter((row) => row.order_status === 'shipped');
  expect(underWay.length).toBeGreaterThan(4);
  for (const row of underWay) {
    const code = carrierOf(row.carrier ?? '') ?? 'usps';
    const number = row.tracking_number ?? '';
    const looked = look(code, number, now);
    expect(looked).toMatchObject({ found: true, parcels: [{ shippedOn: row.shipped_at }] });
    const kinds = looked.found ? looked.parcels.flatMap(({ scans }) => scans) : [];
    expect(kinds.map(({ kind }) => kind)).not.toContain('delivered');
  }
});

test('an org has a code for its links and a logo', () => {
  for (const org of orgs) {
    expect(org.code).toMatch(/^[0-9A-Za-z]{6}$/);
    expect(org.brand.colour).toMatch(/^#[0-9a-f]{6}$/);
    expect([...org.brand.logo.bytes.slice(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  }
});

test('the messy export is asked about its letters and columns, and then every row is whole', async () => {
  const { csv, files } = messyExport(TODAY);
  const found = detect(csv.bytes);
  if ('error' in found) throw new Error(found.error);
  expect(found).toMatchObject({ delimiter: ';', dateOrder: 'dmy', decimal: ',', preamble: 2 });
  expect(found.questions).toEqual(['encoding', 'columns']);
  expect(found.fields).not.toContain(null);
  const staging = openStaging(found);
  const parts = [staging.push(csv.bytes), staging.end()];
  const staged = parts.flatMap((part) => ('error' in part ? [] : [part]));
  expect(staged).toHaveLength(2);
  expect(staged.reduce((rows, part) => rows + part.rows, 0)).toBe(files.length);
  const problems = staged.flatMap((part) => [
    ...part.problems,
    ...part.items.flatMap((item) => item.problems),
  ]);
  expect(problems.map(({ code }) => code)).toEqual(['totals_row']);
});
