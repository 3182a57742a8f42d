/**
 * What is live is what approved publishes say, through the exposure in force: no field that was not
 * agreed to, no row that was taken back, nothing lost that an earlier publish still says.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { EXPOSABLE_FIELDS } from '../../vocabulary.ts';
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
import { type Stack, useStack } from '../stack.ts';

const KINDS = ['order_confirmation', 'invoice', 'packing_slip'];

type Document = { id: string; kind: string; number: string };
type OrderPage = {
  order: Record<string, unknown> & { status: string | null; amounts: unknown };
  lines: Record<string, unknown>[];
  shipments: Record<string, unknown>[];
  documents: Document[];
};

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  const reused = ['REUSED-0', 'REUSED-1'].flatMap((tag) => [`FIRST-${tag}`, `NEXT-${tag}`]);
  const codes = ['BARE', 'NARROW', 'KINDS', 'MERGE', 'BYTES', 'GONE', 'HELD', 'SCOPE', ...reused];
  await publish(
    org,
    [...codes, ...FIELD_CODES].map((code) => customerRow(code, org)),
  );
});

/** A customer of their own for each promise, all of one publish, and one for each field. */
const FIELD_CODES = EXPOSABLE_FIELDS.map((_, at) => `FIELD${at}`);
const enter = (code: string): Promise<Customer> => signIn(stack, org, code);

/** The order page as the customer gets it, or null when there is none. */
async function readOrder(customer: Customer, number: string): Promise<OrderPage | null> {
  const home = await customer.me<{ orders: { id: string; number: string }[] }>('orders');
  const order = home.body.orders.find((one) => one.number === number);
  if (order === undefined) {
    return null;
  }
  return (await customer.me<OrderPage>(`orders/${order.id}`)).body;
}
const kindsOf = (page: OrderPage | null) => page?.documents.map(({ kind }) => kind).sort() ?? null;

async function expose(customerKey: string, kinds: string[] | null, fields: string[] | null) {
  const answer = await org.owner.put('exposures', { customerKey, kinds, fields });
  expect(answer.status).toBe(200);
}
const without = (...fields: (string | undefined)[]) =>
  EXPOSABLE_FIELDS.filter((field) => !fields.includes(field));
const withdraw = async (publishId: string) =>
  expect((await org.approver.post(`publishes/${publishId}/withdrawal`)).status).toBe(200);

/** A row with every field that an org may keep back. */
const everything = (code: string, tag: string) => ({
  ...orderRows(code, tag)[0],
  order_shipping: '4.00',
  expected_ship: day(1),
  expected_delivery: day(3),
  delivery_address: 'Calle Mayor 1',
  line_tax_rate: '21',
  shipped_at: day(-1),
  estimated_delivery: day(3),
});
const invoiceRow = (code: string, tag: string) => ({ ...orderRows(code, tag)[1], paid: '1.00' });

describe('a field that is not exposed', () => {
  const MONEY_ROWS = `
    select (select count(*)::int from portal.order_amounts where customer_id = $1) as orders,
           (select count(*)::int from portal.order_line_amounts where customer_id = $1) as lines`;

  test('is null in the live tables, and money that is not exposed makes no row', async () => {
    await expose('BARE', KINDS, []);
    await publish(org, [everything('BARE', 'BARE'), invoiceRow('BARE', 'BARE')], {
      ...orderFiles('BARE'),
    });
    const { customerId } = await contactOf(stack, org, 'BARE');
    expect(await stack.sql(MONEY_ROWS, [customerId])).toEqual([{ orders: 0, lines: 0 }]);
    const live = async (columns: string, table: string) =>
      stack.sql(`select ${columns} from portal.${table} where customer_id = $1`, [customerId]);
    const blank = (row: Record<string, unknown> = {}) =>
      Object.values(row).every((value) => value === null);
    for (const [table, columns] of [
      ['orders', 'expected_ship, expected_delivery, items_count, po_number, delivery_address'],
      ['order_lines', 'item_code, description, quantity, unit'],
      ['shipments', 'carrier, tracking_number, shipped_on, estimated_delivery'],
      ['invoices', 'due_on, net, tax, total, paid'],
    ] as const) {
      const rows = await live(columns, table);
      expect(rows, table).toHaveLength(1);
      expect(blank(rows[0]), table).toBe(true);
    }
  });

  test('is the only one kept back: each field hangs on its own exposure', async () => {
    const codes = FIELD_CODES;
    await Promise.all(codes.map((code, at) => expose(code, KINDS, without(EXPOSABLE_FIELDS[at]))));
    await publish(
      org,
      codes.flatMap((code) => [everything(code, code), invoiceRow(code, code)]),
    );
    const rows = await stack.sql<{ code: string; shown: Record<string, unknown> }>(
      `select code, to_jsonb(x) - 'code' as shown from (
         select c.code,
                o.expected_ship, o.expected_delivery, o.items_count, o.po_number, o.delivery_address,
                a.subtotal as order_subtotal, a.tax as order_tax, a.shipping as order_shipping, a.total as order_total,
                l.item_code as line_item_code, l.description as line_description, l.quantity as line_quantity,
                m.unit_price as line_unit_price, m.tax_rate as line_tax_rate, m.total as line_total,
                v.net, v.tax, v.total, v.paid, v.due_on as due_date,
                s.tracking_number, s.shipped_on as shipped_at, s.estimated_delivery
           from portal.customers c
           join portal.orders o on o.customer_id = c.id
           left join portal.order_amounts a on a.order_id = o.id
           left join portal.order_lines l on l.order_id = o.id
           left join portal.order_line_amounts m on m.line_id = l.id
           left join portal.invoices v on v.order_id = o.id
           left join portal.shipments s on s.order_id = o.id
          where c.org_id = $1 and c.code like 'FIELD%') x`,
      [org.id],
    );
    const keptBack = rows.map(({ code, shown }) => [
      code,
      EXPOSABLE_FIELDS.filter((field) => (shown[field] ?? null) === null),
    ]);
    expect(Object.fromEntries(keptBack)).toEqual(
      Object.fromEntries(codes.map((code, at) => [code, [EXPOSABLE_FIELDS[at]]])),
    );
  });
});

describe('an exposure', () => {
  test('made narrower holds from the next request; made wider, from the next approval', async () => {
    const customer = await enter('NARROW');
    await publish(org, orderRows('NARROW', 'NARROW'), orderFiles('NARROW'));
    const before = await readOrder(customer, 'SO-NARROW');
    expect(before).toMatchObject({
      order: { poNumber: 'PO-NARROW', amounts: { total: '121.00' } },
    });
    expect(kindsOf(before)).toEqual(['invoice', 'packing_slip']);
    const invoice = before?.documents.find(({ kind }) => kind === 'invoice')?.id;

    await expose(
      'NARROW',
      ['packing_slip'],
      without('po_number', 'order_total', 'line_unit_price'),
    );
    const narrowed = await readOrder(customer, 'SO-NARROW');
    expect(narrowed?.order).toMatchObject({ poNumber: null, total: null });
    expect(narrowed?.lines).toMatchObject([{ unitPrice: null, total: '100.00' }]);
    expect(kindsOf(narrowed)).toEqual(['packing_slip']);
    expect((await customer.bytes(`documents/${invoice}`)).status).toBe(404);

    await expose('NARROW', null, null);
    expect(await readOrder(customer, 'SO-NARROW')).toEqual(narrowed);
    await publish(org, orderRows('NARROW', 'NARROW'), orderFiles('NARROW'));
    const widened = await readOrder(customer, 'SO-NARROW');
    expect(widened).toMatchObject({ order: { poNumber: 'PO-NARROW', total: '121.00' } });
    expect(kindsOf(widened)).toEqual(['invoice', 'packing_slip']);
  });

  test('of the org narrows every customer without one of their own, and no other', async () => {
    const supplier = org;
    org = await makeOrg(stack);
    try {
      await publish(org, [customerRow('FOLLOWS', org), customerRow('CHOOSES', org)]);
      await expose('CHOOSES', KINDS, [...EXPOSABLE_FIELDS]);
      await publish(org, [...orderRows('FOLLOWS', 'FOLLOWS'), ...orderRows('CHOOSES', 'CHOOSES')], {
        ...orderFiles('FOLLOWS'),
        ...orderFiles('CHOOSES'),
      });
      const [follower, chooser] = [await enter('FOLLOWS'), await enter('CHOOSES')];
      const body = { customerKey: null, kinds: ['packing_slip'], fields: [] };
      expect((await org.owner.put('exposures', body)).status).toBe(200);
      expect(await readOrder(follower, 'SO-FOLLOWS')).toMatchObject({
        order: { poNumber: null, amounts: null },
        documents: [{ kind: 'packing_slip' }],
      });
      expect(await readOrder(chooser, 'SO-CHOOSES')).toMatchObject({
        order: { poNumber: 'PO-CHOOSES', amounts: { total: '121.00' } },
        documents: [{ kind: 'invoice' }, { kind: 'packing_slip' }],
      });
    } finally {
      org = supplier;
    }
  });

  test('without a kind makes no document of it', async () => {
    const customer = await enter('KINDS');
    await expose('KINDS', ['invoice'], [...EXPOSABLE_FIELDS]);
    await publish(org, orderRows('KINDS', 'KINDS'), orderFiles('KINDS'));
    const { customerId } = await contactOf(stack, org, 'KINDS');
    const rows = await stack.sql('select kind from portal.documents where customer_id = $1', [
      customerId,
    ]);
    expect(rows).toEqual([{ kind: 'invoice' }]);
    expect(kindsOf(await readOrder(customer, 'SO-KINDS'))).toEqual(['invoice']);
  });
});

describe('withdrawing a publish', () => {
  test('brings back what the earlier one said; a blank never cleared what another filled', async () => {
    const customer = await enter('MERGE');
    const order = { customer_code: 'MERGE', order_number: 'SO-MERGE', order_date: day(-9) };
    await publish(org, [
      { ...order, po_number: 'PO-1', items_count: '1', order_status: 'processing' },
    ]);
    const second = await publish(org, [{ ...order, po_number: 'PO-2', order_status: 'shipped' }]);
    await publish(org, [{ ...order, delivery_address: 'Calle Mayor 1' }]);
    expect(await readOrder(customer, 'SO-MERGE')).toMatchObject({
      order: {
        poNumber: 'PO-2',
        itemsCount: 1,
        status: 'shipped',
        deliveryAddress: 'Calle Mayor 1',
      },
    });
    await withdraw(second);
    expect(await readOrder(customer, 'SO-MERGE')).toMatchObject({
      order: {
        poNumber: 'PO-1',
        itemsCount: 1,
        status: 'processing',
        deliveryAddress: 'Calle Mayor 1',
      },
    });
  });

  test('brings back the file that an earlier publish showed, byte for byte', async () => {
    const customer = await enter('BYTES');
    const rows = orderRows('BYTES', 'BYTES');
    await publish(org, rows, orderFiles('BYTES'));
    const revised = await publish(org, rows, { 'INV-BYTES.pdf': pdfOf('the revised one') });
    const bytesOf = async () => {
      const page = await readOrder(customer, 'SO-BYTES');
      const id = page?.documents.find(({ kind }) => kind === 'invoice')?.id;
      const taken = await customer.bytes(`documents/${id}`);
      return new Uint8Array(await taken.arrayBuffer());
    };
    expect(await bytesOf()).toEqual(pdfOf('the revised one'));
    await withdraw(revised);
    expect(await bytesOf()).toEqual(pdfOf('INV-BYTES'));
  });

  test('takes an order with its lines and shipments; papers of later publishes stay', async () => {
    const customer = await enter('GONE');
    const [order = {}, invoice = {}, slip = {}] = orderRows('GONE', 'GONE');
    const first = await publish(org, [order, slip], { 'PS-GONE.pdf': pdfOf('PS-GONE') });
    await publish(org, [invoice], { 'INV-GONE.pdf': pdfOf('INV-GONE') });
    expect(kindsOf(await readOrder(customer, 'SO-GONE'))).toEqual(['invoice', 'packing_slip']);
    await withdraw(first);
    expect(await readOrder(customer, 'SO-GONE')).toBeNull();
    const { customerId } = await contactOf(stack, org, 'GONE');
    for (const table of [
      'orders',
      'order_lines',
      'order_amounts',
      'order_line_amounts',
      'shipments',
    ]) {
      const left = await stack.sql(`select 1 from portal.${table} where customer_id = $1`, [
        customerId,
      ]);
      expect(left, table).toEqual([]);
    }
    const home = await customer.me<{ documents: Document[] }>('home');
    expect(home.body.documents).toMatchObject([
      { kind: 'invoice', number: 'INV-GONE', orderId: null, orderNumber: null },
    ]);
    expect((await customer.bytes(`documents/${home.body.documents[0]?.id}`)).status).toBe(200);
    // The order comes back in a later publish, and its invoice hangs on it again.
    await publish(org, [order]);
    expect(kindsOf(await readOrder(customer, 'SO-GONE'))).toEqual(['invoice']);
  });

  test('of a customer’s name keeps the customer, who is still named by other publishes', async () => {
    const named = await publish(org, [customerRow('NAMED', org)]);
    await publish(org, orderRows('NAMED', 'NAMED'), orderFiles('NAMED'));
    await withdraw(named);
    const customer = await signIn(stack, org, 'NAMED');
    const home = await customer.me<{ customer: { name: string } }>('home');
    expect(home.body).toMatchObject({
      customer: { name: 'Customer NAMED' },
      orders: [{ number: 'SO-NAMED' }],
    });
  });

  test.each([
    ['names it', {}],
    ['names it in a row whose order is blocked', { order_date: '31/31/2026' }],
  ])(
    'leaves nothing of an order for another customer’s of its number, though a later publish %s',
    async (_, inTheRow) => {
      const tag = `REUSED-${Object.keys(inTheRow).length}`;
      const next = await enter(`NEXT-${tag}`);
      const of = (who: string) => ({ customer_code: `${who}-${tag}`, order_number: `SO-${tag}` });
      const order = (who: string) => ({ ...of(who), order_date: day(-5) });
      const [, , slip = {}] = orderRows(`FIRST-${tag}`, tag);
      const hanging = {
        po_number: 'PO-OF-FIRST',
        line_number: '7',
        line_description: 'A part of the first customer’s',
        carrier: 'FedEx',
        tracking_number: 'TRK-OF-FIRST',
      };
      const first = await publish(org, [order('FIRST')]);
      const naming: Record<string, string> = { ...of('FIRST'), ...hanging, ...inTheRow };
      const second = await publish(org, [naming, slip], { [`PS-${tag}.pdf`]: pdfOf(`PS-${tag}`) });
      await withdraw(first);
      // What FIRST's papers still name is FIRST's: the number is refused, or comes without them.
      // The name goes along, so that there is something to approve when the order is refused.
      await publish(org, [customerRow(`NEXT-${tag}`, org), order('NEXT')]);
      const page = await readOrder(next, `SO-${tag}`);
      if (page !== null) {
        expect(page).toMatchObject({ order: { poNumber: null }, lines: [], shipments: [] });
        expect(page.documents).toEqual([]);
      }
      await withdraw(second);
      await publish(org, [order('NEXT')]);
      expect(await readOrder(next, `SO-${tag}`)).toMatchObject({
        order: { poNumber: null },
        lines: [],
        shipments: [],
        documents: [],
      });
    },
  );
});

describe('an invoice of an order', () => {
  test('that is pending is held, and shows when the order ships; held again when it goes back', async () => {
    const customer = await enter('HELD');
    const rows = orderRows('HELD', 'HELD');
    const inStatus = (order_status: string) => ({ ...rows[0], order_status });
    await publish(org, [inStatus('pending'), ...rows.slice(1)], orderFiles('HELD'));
    expect(kindsOf(await readOrder(customer, 'SO-HELD'))).toEqual(['packing_slip']);
    await publish(org, [inStatus('shipped')]);
    const shown = await readOrder(customer, 'SO-HELD');
    expect(kindsOf(shown)).toEqual(['invoice', 'packing_slip']);
    const invoice = shown?.documents.find(({ kind }) => kind === 'invoice')?.id;
    expect((await customer.bytes(`documents/${invoice}`)).status).toBe(200);
    await publish(org, [inStatus('draft')]);
    expect((await customer.bytes(`documents/${invoice}`)).status).toBe(404);
  });
});

test('a link without financials shows the order, and not an amount of it', async () => {
  const rows = orderRows('SCOPE', 'SCOPE').slice(1);
  await publish(org, [everything('SCOPE', 'SCOPE'), ...rows], orderFiles('SCOPE'));
  const customer = await signIn(stack, org, 'SCOPE', 'no_financials');
  const page = await readOrder(customer, 'SO-SCOPE');
  expect(page).toMatchObject({
    order: { number: 'SO-SCOPE', total: null, currency: null, amounts: null },
    lines: [{ itemCode: 'BOLT-8', unitPrice: null, taxRate: null, total: null }],
    documents: [{ kind: 'packing_slip' }],
  });
  const home = await customer.me<{ documents: Document[] }>('home');
  expect(home.body.documents.map(({ kind }) => kind)).toEqual(['packing_slip']);
});
