/** The first screen answers before anybody asks: what is new, what is under way, what is owed. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  day,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  signIn,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { openPreview } from '../previews.ts';
import { type Stack, useStack } from '../stack.ts';

type Home = {
  link: { newSince: string | null };
  counts: Record<string, number>;
  underWay: number;
  shipments: { orderNumber: string; status: string }[];
  news: { documents: number; orders: { number: string; status: string }[] };
  latestInvoice: { number: string } | null;
  balances: { currency: string; outstanding: string; overdue: string; credit: string }[];
};

let stack: Stack;
let org: Org;
const homeOf = async (customer: Customer) => (await customer.me<Home>('home')).body;
/** A look at the home in a visit of its own. */
const visit = async (code: string, scope: 'all' | 'no_financials' = 'all') =>
  homeOf(await signIn(stack, org, code, scope));

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

describe('what is new', () => {
  beforeAll(() =>
    publish(org, [customerRow('NEWS', org), ...orderRows('NEWS', 'N1')], orderFiles('N1')),
  );

  test('is nothing the first time, and since the last visit from then on', async () => {
    const { url } = await makeLink(stack, org, 'NEWS');
    const first = await homeOf(await openLink(stack, url));
    expect(first.link.newSince).toBeNull();
    expect(first.news).toEqual({ documents: 0, orders: [] });
    await publish(
      org,
      [
        ...orderRows('NEWS', 'N2'),
        { customer_code: 'NEWS', order_number: 'SO-N1', order_status: 'delivered' },
      ],
      orderFiles('N2'),
    );
    const second = await openLink(stack, url);
    const seen = await homeOf(second);
    expect(Date.parse(seen.link.newSince ?? '')).toBeLessThan(Date.now());
    // Its papers are new, the order with them; the other one moved on.
    expect(seen.news.documents).toBe(2);
    expect(seen.news.orders).toMatchObject([{ number: 'SO-N1', status: 'delivered' }]);
    // It stays so for the whole of the visit, and is old at the next.
    expect((await homeOf(second)).news).toEqual(seen.news);
    expect((await homeOf(await openLink(stack, url))).news).toEqual({ documents: 0, orders: [] });
  });

  test('an order that is approved again as it was is no news', async () => {
    await visit('NEWS');
    await publish(org, [
      { customer_code: 'NEWS', order_number: 'SO-N1', order_status: 'delivered', po_number: 'X' },
    ]);
    expect((await visit('NEWS')).news.orders).toEqual([]);
  });

  test('a member who looks as them is no visit of theirs', async () => {
    const { contactId } = await contactOf(stack, org, 'NEWS');
    const before = await visit('NEWS');
    const { customer } = await openPreview(stack, org.clerk, contactId);
    const looked = await homeOf(customer);
    expect(looked.link.newSince).toBeNull();
    const after = await visit('NEWS');
    expect(Date.parse(after.link.newSince ?? '')).toBeGreaterThan(
      Date.parse(before.link.newSince ?? ''),
    );
    const [contact] = await stack.sql<{ visits: number }>(
      `select count(*)::int as visits from staff.sessions s join staff.access_links l on l.id = s.link_id
        where l.contact_id = $1 and s.new_since is not null and l.purpose = 'preview'`,
      [contactId],
    );
    expect(contact?.visits).toBe(0);
  });
});

test('counts what is under way, and leads to the latest invoice', async () => {
  await publish(
    org,
    [
      customerRow('BUSY', org),
      ...orderRows('BUSY', 'U1'),
      ...orderRows('BUSY', 'U2').map((row) => ({ ...row, order_status: 'delivered' })),
      ...orderRows('BUSY', 'U3').map((row) => ({ ...row, order_status: 'processing' })),
    ],
    { ...orderFiles('U1'), ...orderFiles('U2'), ...orderFiles('U3') },
  );
  const home = await visit('BUSY');
  expect(home.counts).toMatchObject({ all: 3, active: 2, shipped: 1, delivered: 1 });
  expect(home.underWay).toBe(1);
  expect(home.shipments).toMatchObject([{ orderNumber: 'SO-U1' }]);
  expect(home.latestInvoice?.number).toMatch(/^INV-U[123]$/);
});

describe('what is owed', () => {
  const invoice = (number: string, more: Record<string, string>) => ({
    customer_code: 'DUE',
    document_kind: 'invoice',
    document_number: number,
    invoice_number: number,
    document_date: day(-40),
    due_date: day(-10),
    currency: 'EUR',
    ...more,
  });

  beforeAll(async () => {
    // Without files they are refused as documents; the invoices' rows alone are what is owed.
    const rows = [
      invoice('D-1', { total: '100.10' }),
      invoice('D-2', { total: '50.20', paid: '20.10', due_date: day(10) }),
      invoice('D-3', { total: '10.00', currency: 'USD' }),
      invoice('D-4', { document_kind: 'credit_note', total: '-30.05', credited_invoice: 'D-1' }),
    ].map(({ document_kind, document_number: _, document_date, ...row }) => ({
      ...row,
      invoice_date: document_date,
      ...(document_kind === 'credit_note' && {
        document_kind,
        file_name: `${row.invoice_number}.pdf`,
      }),
    }));
    await publish(org, [customerRow('DUE', org), ...rows], {
      'D-4.pdf': pdfOf('D-4 Customer DUE'),
    });
  });

  test('is what was billed less what was credited and paid, to the cent, for each currency', async () => {
    expect((await visit('DUE')).balances).toEqual([
      { currency: 'EUR', outstanding: '100.15', overdue: '70.05', credit: '0.00' },
      { currency: 'USD', outstanding: '10.00', overdue: '10.00', credit: '0.00' },
    ]);
  });

  test('counts a payment once, whatever it names', async () => {
    const { customerId } = await contactOf(stack, org, 'DUE');
    const [payment] = await stack.sql<{ id: string }>(
      `insert into portal.payments (org_id, customer_id, number, number_key, paid_on, currency, amount)
       values ($1, $2, 'P', 'P', current_date, 'EUR', 60) returning id`,
      [org.id, customerId],
    );
    await stack.sql(
      `insert into portal.payment_allocations (org_id, customer_id, payment_id, invoice_number, invoice_key, amount)
       values ($1, $2, $3, 'D-2', 'D-2', 25.20)`,
      [org.id, customerId, payment?.id],
    );
    // D-2: 25.20 instead of the 20.10 of its row; 34.80 of the payment name no invoice.
    expect((await visit('DUE')).balances).toMatchObject([
      { currency: 'EUR', outstanding: '60.25', overdue: '70.05', credit: '34.80' },
      { currency: 'USD' },
    ]);
  });

  test('is not said through a link without financials, nor to a customer who owes nothing', async () => {
    const plain = await visit('DUE', 'no_financials');
    expect(plain).toMatchObject({ balances: [], latestInvoice: null });
    expect((await visit('NEWS')).balances).toMatchObject([{ currency: 'EUR' }]);
  });

  test('is not said at all where a total is kept from the customer', async () => {
    await stack.sql(
      "update portal.invoices set total = null where org_id = $1 and number = 'D-3'",
      [org.id],
    );
    expect((await visit('DUE')).balances.map(({ currency }) => currency)).toEqual(['EUR']);
  });
});
