/** The order page says what is there, what is not there yet, and what stands before and behind it. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type OrderPage, readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
const pageOf = async (customer: Customer, number: string): Promise<OrderPage> => {
  const page = await readOrder(customer, number);
  if (page === null) {
    throw new Error(`no order ${number}`);
  }
  return page;
};
/** One paper of an order, and the file that it names. */
const paper = (
  customer: string,
  order: string,
  kind: string,
  number: string,
): [rows: Record<string, string>[], files: Record<string, Uint8Array<ArrayBuffer>>] => [
  [
    {
      customer_code: customer,
      order_number: order,
      document_kind: kind,
      document_number: number,
      document_date: day(-1),
      file_name: `${number}.pdf`,
    },
  ],
  { [`${number}.pdf`]: pdfOf(`${number} Customer ${customer}`) },
];
const moveTo = (customer: string, order: string, status: string) =>
  publish(org, [{ customer_code: customer, order_number: order, order_status: status }]);

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

describe('a paper that is expected and not there', () => {
  const missing = async (customer: Customer) => (await pageOf(customer, 'SO-M1')).missing;

  test('is named from the day it could be there, until it is; and again when it is withdrawn', async () => {
    const [order] = orderRows('MISS', 'M1');
    await publish(org, [customerRow('MISS', org), { ...order, order_status: 'processing' }]);
    const customer = await signIn(stack, org, 'MISS');
    expect(await missing(customer)).toEqual([]);
    await moveTo('MISS', 'SO-M1', 'shipped');
    expect(await missing(customer)).toEqual(['packing_slip']);
    const slip = await publish(org, ...paper('MISS', 'SO-M1', 'packing_slip', 'PS-M1'));
    expect(await missing(customer)).toEqual([]);
    await moveTo('MISS', 'SO-M1', 'delivered');
    expect(await missing(customer)).toEqual(['proof_of_delivery', 'invoice']);
    await publish(org, ...paper('MISS', 'SO-M1', 'proof_of_delivery', 'POD-M1'));
    expect(await missing(customer)).toEqual(['invoice']);
    await org.approver.post(`publishes/${slip}/withdrawal`, { reason: 'The wrong slip' });
    expect(await missing(customer)).toEqual(['packing_slip', 'invoice']);
  });

  test('with amounts is not missed through a link without them', async () => {
    const plain = await signIn(stack, org, 'MISS', 'no_financials');
    expect(await missing(plain)).toEqual(['packing_slip']);
  });

  test('of a kind that the customer is not shown is not missed', async () => {
    const customer = await signIn(stack, org, 'MISS');
    const kinds = ['proof_of_delivery', 'invoice'];
    await org.owner.put('exposures', { customerKey: 'MISS', kinds, fields: null });
    expect(await missing(customer)).toEqual(['invoice']);
    await org.owner.put('exposures', { customerKey: 'MISS', kinds: [], fields: null });
    // Its proof of delivery is hidden with the rest, and not asked for either.
    expect(await missing(customer)).toEqual([]);
    // What is wanted again is shown with the next approval, and missed from then on.
    await org.owner.put('exposures', { customerKey: 'MISS', kinds: null, fields: null });
    expect(await missing(customer)).toEqual([]);
  });
});

describe('the orders before and behind', () => {
  const walk = async (customer: Customer, from: string, way: 'previous' | 'next') => {
    const numbers: string[] = [];
    let id: string | null = from;
    while (id !== null && numbers.length < 50) {
      const { body }: { body: OrderPage } = await customer.me<OrderPage>(`orders/${id}`);
      numbers.push(String(body.order.number));
      id = body[way]?.id ?? null;
    }
    return numbers;
  };

  test('are every visible order once, in the list’s order, and never a hidden one', async () => {
    const order = (customer: string, at: number) => ({
      customer_code: customer,
      order_number: `SO-${customer}-${at}`,
      // Many on one day: then the id decides.
      order_date: day(-Math.floor(at / 4) - 1),
      order_status: at === 5 ? 'cancelled' : 'processing',
      ...(at === 5 && { cancelled_on: day(-1) }),
    });
    const orders = ['WALK', 'NEAR'].flatMap((code) =>
      Array.from({ length: 13 }, (_, at) => order(code, at)),
    );
    await publish(org, [customerRow('WALK', org), customerRow('NEAR', org), ...orders]);
    // Behind its window, one is hidden; so is what is a customer's of the same days.
    await stack.sql(
      "update portal.orders set cancelled_on = current_date - 400 where org_id = $1 and number = 'SO-WALK-5'",
      [org.id],
    );
    const customer = await signIn(stack, org, 'WALK');
    const { body } = await customer.me<{ orders: { id: string; number: string }[] }>('orders');
    const listed = body.orders.map(({ number }) => number);
    expect(listed).toHaveLength(12);
    expect(await walk(customer, body.orders[0]?.id ?? '', 'next')).toEqual(listed);
    expect(await walk(customer, body.orders.at(-1)?.id ?? '', 'previous')).toEqual(
      listed.toReversed(),
    );
  });

  test('of the only order are none', async () => {
    await publish(org, [customerRow('ONLY', org), ...orderRows('ONLY', 'O1')], orderFiles('O1'));
    expect(await pageOf(await signIn(stack, org, 'ONLY'), 'SO-O1')).toMatchObject({
      previous: null,
      next: null,
    });
  });
});

test('a parcel tells what happened to it, the latest first, and nobody else’s', async () => {
  const customer = await signIn(stack, org, 'ONLY');
  await publish(org, [customerRow('OTHER', org), ...orderRows('OTHER', 'T2')], orderFiles('T2'));
  await stack.sql(
    `insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, city, source)
     select s.org_id, s.customer_id, s.order_id, s.id, e.status, e.at::timestamptz, e.status, s.tracking_number, 'carrier'
       from portal.shipments s,
            (values ('picked_up', '2026-03-01T08:00:00Z'), ('delivered', '2026-03-03T10:30:00Z'),
                    ('in_transit', '2026-03-02T23:59:59Z')) e(status, at)
      where s.org_id = $1 and s.tracking_number in ('TRK-O1', 'TRK-T2')`,
    [org.id],
  );
  const { shipments } = await pageOf(customer, 'SO-O1');
  expect(shipments).toMatchObject([
    {
      trackingNumber: 'TRK-O1',
      events: [
        { at: '2026-03-03T10:30:00.000000Z', status: 'delivered', city: 'TRK-O1' },
        { at: '2026-03-02T23:59:59.000000Z', status: 'in_transit' },
        { at: '2026-03-01T08:00:00.000000Z', status: 'picked_up' },
      ],
    },
  ]);
});

describe('what was credited of an order', () => {
  const note = (number: string, more: Record<string, string>) => ({
    customer_code: 'CRED',
    document_kind: 'credit_note',
    document_number: number,
    invoice_number: number,
    document_date: day(-3),
    invoice_date: day(-3),
    total: '-12.50',
    currency: 'EUR',
    file_name: `${number}.pdf`,
    ...more,
  });

  beforeAll(() =>
    publish(
      org,
      [
        customerRow('CRED', org),
        ...orderRows('CRED', 'C1').map((row) =>
          row.document_kind === 'invoice' ? { ...row, invoice_number: 'INV-C1' } : row,
        ),
        ...orderRows('CRED', 'C2'),
        note('CN-ORDER', { order_number: 'SO-C1' }),
        // A supplier writes what it credits with a minus or without.
        note('CN-INVOICE', { credited_invoice: 'INV-C1', total: '12.50' }),
        note('CN-OTHER', { order_number: 'SO-C2' }),
      ],
      {
        ...orderFiles('C1'),
        ...orderFiles('C2'),
        ...Object.fromEntries(
          ['CN-ORDER', 'CN-INVOICE', 'CN-OTHER'].map((number) => [
            `${number}.pdf`,
            pdfOf(`${number} Customer CRED`),
          ]),
        ),
      },
    ),
  );

  test('is every note that names it or one of its invoices, with its paper', async () => {
    const customer = await signIn(stack, org, 'CRED');
    const { creditNotes } = await pageOf(customer, 'SO-C1');
    expect(creditNotes.map(({ number }) => number).sort()).toEqual(['CN-INVOICE', 'CN-ORDER']);
    for (const { total, currency, issuedOn, documentId } of creditNotes) {
      expect([total, currency, issuedOn]).toEqual(['-12.50', 'EUR', day(-3)]);
      expect((await customer.bytes(`documents/${documentId}`)).status).toBe(200);
    }
  });

  test('is not said through a link without financials', async () => {
    const plain = await signIn(stack, org, 'CRED', 'no_financials');
    expect((await pageOf(plain, 'SO-C1')).creditNotes).toEqual([]);
  });
});

test('nothing of it is told about another’s order', async () => {
  const { customerId } = await contactOf(stack, org, 'CRED');
  const [foreign] = await stack.sql<{ id: string }>(
    'select id from portal.orders where customer_id = $1 limit 1',
    [customerId],
  );
  const customer = await signIn(stack, org, 'ONLY');
  const { status, body } = await customer.me<object>(`orders/${foreign?.id}`);
  expect([status, Object.keys(body)]).toEqual([404, ['error']]);
});
