/**
 * What is live is what approved publishes say, through the exposure in force: no field and no kind
 * of document that was not agreed to.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { EXPOSABLE_FIELDS, type ExposableField } from '../../vocabulary.ts';
import {
  contactOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Document, kindsOf, readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

const KINDS = ['order_confirmation', 'invoice', 'packing_slip'];

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  const codes = ['BARE', 'NARROW', 'KINDS', 'HELD', 'SCOPE'];
  await publish(
    org,
    [...codes, ...FIELD_CODES].map((code) => customerRow(code, org)),
  );
});

/** A customer of their own for each promise, all of one publish, and one for each field. */
const FIELD_CODES = EXPOSABLE_FIELDS.map((_, at) => `FIELD${at}`);
const enter = (code: string): Promise<Customer> => signIn(stack, org, code);

async function expose(customerKey: string, kinds: string[] | null, fields: string[] | null) {
  const answer = await org.owner.put('exposures', { customerKey, kinds, fields });
  expect(answer.status).toBe(200);
}
const without = (...fields: (string | undefined)[]) =>
  EXPOSABLE_FIELDS.filter((field) => !fields.includes(field));
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
const paymentRow = (code: string) => ({
  customer_code: code,
  payment_number: `PAY-${code}`,
  payment_date: day(-1),
  payment_amount: '1.00',
  payment_method: 'Card',
  payment_reference: 'Thanks',
  currency: 'EUR',
});
/** There is no payment without its amount. */
const GOES_WITH: Partial<Record<ExposableField, ExposableField[]>> = {
  payment_amount: ['payment_amount', 'payment_method', 'payment_reference'],
};

describe('a field that is not exposed', () => {
  const MONEY_ROWS = `
    select (select count(*)::int from portal.order_amounts where customer_id = $1) as orders,
           (select count(*)::int from portal.order_line_amounts where customer_id = $1) as lines,
           (select count(*)::int from portal.payments where customer_id = $1) as payments`;

  test('is null in the live tables, and money that is not exposed makes no row', async () => {
    await expose('BARE', KINDS, []);
    await publish(
      org,
      [everything('BARE', 'BARE'), invoiceRow('BARE', 'BARE'), paymentRow('BARE')],
      {
        ...orderFiles('BARE'),
      },
    );
    const { customerId } = await contactOf(stack, org, 'BARE');
    expect(await stack.sql(MONEY_ROWS, [customerId])).toEqual([
      { orders: 0, lines: 0, payments: 0 },
    ]);
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
      codes.flatMap((code) => [everything(code, code), invoiceRow(code, code), paymentRow(code)]),
    );
    const rows = await stack.sql<{ code: string; shown: Record<string, unknown> }>(
      `select code, to_jsonb(x) - 'code' as shown from (
         select c.code,
                o.expected_ship, o.expected_delivery, o.items_count, o.po_number, o.delivery_address,
                a.subtotal as order_subtotal, a.tax as order_tax, a.shipping as order_shipping, a.total as order_total,
                l.item_code as line_item_code, l.description as line_description, l.quantity as line_quantity,
                m.unit_price as line_unit_price, m.tax_rate as line_tax_rate, m.total as line_total,
                v.net, v.tax, v.total, v.paid, v.due_on as due_date,
                y.amount as payment_amount, y.method as payment_method, y.reference as payment_reference,
                s.tracking_number, s.shipped_on as shipped_at, s.estimated_delivery
           from portal.customers c
           join portal.orders o on o.customer_id = c.id
           left join portal.order_amounts a on a.order_id = o.id
           left join portal.order_lines l on l.order_id = o.id
           left join portal.order_line_amounts m on m.line_id = l.id
           left join portal.invoices v on v.order_id = o.id
           left join portal.payments y on y.customer_id = c.id
           left join portal.shipments s on s.order_id = o.id
          where c.org_id = $1 and c.code like 'FIELD%') x`,
      [org.id],
    );
    const keptBack = rows.map(({ code, shown }) => [
      code,
      EXPOSABLE_FIELDS.filter((field) => (shown[field] ?? null) === null),
    ]);
    expect(Object.fromEntries(keptBack)).toEqual(
      Object.fromEntries(
        EXPOSABLE_FIELDS.map((field, at) => [codes[at], GOES_WITH[field] ?? [field]]),
      ),
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
    const again = await readOrder(customer, 'SO-NARROW');
    // The session's seconds run.
    expect({ ...again, session: null }).toEqual({ ...narrowed, session: null });
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
