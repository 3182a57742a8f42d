/**
 * What is taken back is gone with the next request, and what earlier publishes still say is there:
 * nothing lost, and nothing left behind for somebody else.
 */
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
  saidBy,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Document, kindsOf, readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  const reused = ['REUSED-0', 'REUSED-1'].flatMap((tag) => [`FIRST-${tag}`, `NEXT-${tag}`]);
  await publish(
    org,
    ['MERGE', 'BYTES', 'GONE', ...reused].map((code) => customerRow(code, org)),
  );
});

const enter = (code: string): Promise<Customer> => signIn(stack, org, code);
const withdraw = async (publishId: string) =>
  expect(
    (await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' })).status,
  ).toBe(200);

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

  test('brings back the file that an earlier publish showed', async () => {
    const customer = await enter('BYTES');
    const rows = orderRows('BYTES', 'BYTES');
    await publish(org, rows, orderFiles('BYTES'));
    const revised = await publish(org, rows, { 'INV-BYTES.pdf': pdfOf('the revised one') });
    const pageOf = async () => {
      const page = await readOrder(customer, 'SO-BYTES');
      const id = page?.documents.find(({ kind }) => kind === 'invoice')?.id;
      const taken = await customer.bytes(`documents/${id}`);
      return saidBy(await taken.arrayBuffer());
    };
    expect(await pageOf()).toBe('the revised one');
    await withdraw(revised);
    expect(await pageOf()).toBe('INV-BYTES');
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
    const { customer_name: _, ...person } = customerRow('NAMED', org);
    await publish(org, [person, ...orderRows('NAMED', 'NAMED')], orderFiles('NAMED'));
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
