/** Copies of invoices that we draw, and what of anything drawn may not be seen. */
import { beforeAll, describe, expect, test } from 'vitest';
import { EXPOSABLE_FIELDS, type OrderStatus } from '../../vocabulary.ts';
import {
  customerRow,
  day,
  makeOrg,
  type Org,
  pdfOf,
  publish,
  setSettings,
  signIn,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import {
  drawnInvoice,
  drawnOrder,
  findDocument,
  isHidden,
  listedDocuments,
  readDocument,
} from '../drawn-papers.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, {
    hourlyRequestLimit: 1000,
    drawsConfirmations: true,
    drawsInvoiceCopies: true,
  });
  await publish(org, [customerRow('A', org)]);
  customer = await signIn(stack, org, 'A');
});

const find = (number: string) => findDocument(customer, number);
const read = (number: string) => readDocument(customer, number);
const isGone = (id: string | undefined, by = customer) => isHidden(by, id);

describe('a copy of an invoice', () => {
  test('is there where no file is, and says that it is a copy', async () => {
    await publish(org, [drawnInvoice('INV-1')]);
    expect(await find('INV-1')).toMatchObject({ kind: 'invoice', served: 'drawn', fileSize: null });
    const text = await read('INV-1');
    for (const said of ['Invoice', 'COPY', 'The original was issued by', '615.00', '500.00']) {
      expect(text).toContain(said);
    }
    const file = { document_kind: 'invoice', document_number: 'INV-1', file_name: 'INV-1.pdf' };
    const { invoice_number: _, ...same } = drawnInvoice('INV-1');
    const own = await publish(org, [{ ...same, ...file }], { 'INV-1.pdf': pdfOf('INV-1') });
    expect(
      (await listedDocuments(customer)).filter(({ number }) => number === 'INV-1'),
    ).toMatchObject([{ served: 'stamped' }]);
    await org.approver.post(`publishes/${own}/withdrawal`, { reason: 'Taken back' });
    expect(await find('INV-1')).toMatchObject({ served: 'drawn' });
  });

  test('stays the same one, no newer, when its invoice is published again', async () => {
    await publish(org, [drawnInvoice('INV-SAME')]);
    const row = await find('INV-SAME');
    await publish(org, [drawnInvoice('INV-SAME', { paid: '15.00' })]);
    expect(await find('INV-SAME')).toEqual(row);
    expect(await read('INV-SAME')).toContain('15.00');
  });

  test('says what was paid of it as its page does: payments before its own row, or nothing', async () => {
    await publish(org, [
      drawnInvoice('INV-PAID', { paid: '16.75' }),
      {
        customer_code: 'A',
        payment_number: 'PAY-1',
        payment_date: day(-1),
        payment_amount: '27.00',
        currency: 'EUR',
        invoice_number: 'INV-PAID',
        payment_allocated: '27.00',
      },
    ]);
    const paid = await read('INV-PAID');
    expect([paid.includes('27.00'), paid.includes('16.75')]).toEqual([true, false]);
  });

  test('of a credit note names the invoice that it reduces', async () => {
    const note = {
      document_kind: 'credit_note',
      document_number: 'CN-1',
      credited_invoice: 'INV-1',
    };
    const { invoice_number: _, ...same } = drawnInvoice('CN-1', { total: '-61.50' });
    await publish(org, [{ ...same, ...note }]);
    expect(await find('CN-1')).toMatchObject({ kind: 'credit_note', served: 'drawn' });
    const text = await read('CN-1');
    for (const said of ['Credit note', 'COPY', 'CN-1', 'INV-1', '61.50']) {
      expect(text).toContain(said);
    }
  });

  test('is none without its total', async () => {
    const { total: _, ...poor } = drawnInvoice('INV-POOR');
    await publish(org, [poor]);
    expect(await find('INV-POOR')).toBeUndefined();
  });

  test('of a held invoice stays hidden until its order is confirmed, and hides again', async () => {
    const held = (status: OrderStatus) =>
      publish(org, [
        drawnOrder('SO-HELD', { order_status: status }),
        drawnInvoice('INV-HELD', { order_number: 'SO-HELD' }),
      ]);
    await held('pending');
    expect(await find('INV-HELD')).toBeUndefined();
    const [row] = await stack.sql<{ id: string }>(
      "select id from portal.documents where org_id = $1 and number = 'INV-HELD'",
      [org.id],
    );
    expect(await isGone(row?.id)).toBe(true);
    // The order alone is confirmed, by a publish that does not speak of the invoice.
    await publish(org, [drawnOrder('SO-HELD', { order_status: 'processing' })]);
    expect(await read('INV-HELD')).toContain('615.00');
    const { id } = (await find('INV-HELD')) ?? {};
    await publish(org, [drawnOrder('SO-HELD', { order_status: 'draft' })]);
    expect([await find('INV-HELD'), await isGone(id)]).toEqual([undefined, true]);
  });
});

describe('what may not be seen is not drawn', () => {
  test('a link without financials has neither', async () => {
    const narrow = await signIn(stack, org, 'A', 'no_financials');
    await publish(org, [drawnOrder('SO-MONEY'), drawnInvoice('INV-MONEY')]);
    expect((await listedDocuments(narrow)).filter(({ served }) => served === 'drawn')).toEqual([]);
    for (const number of ['SO-MONEY', 'INV-MONEY']) {
      const row = await find(number);
      expect([number, row?.served, await isGone(row?.id, narrow)]).toEqual([number, 'drawn', true]);
    }
    expect((await narrow.me('documents.zip')).status).toBe(404);
  });

  test('a field that is hidden is not on the paper, from the next request on', async () => {
    await publish(org, [drawnOrder('SO-HIDE', { order_tax: '11.22' }), drawnInvoice('INV-HIDE')]);
    const { id } = (await find('SO-HIDE')) ?? {};
    const copy = await find('INV-HIDE');
    expect(await read('SO-HIDE')).toContain('17.43');
    const hidden = ['line_unit_price', 'order_total', 'po_number', 'total'];
    const expose = (fields: readonly string[] | null, kinds: readonly string[] | null) =>
      org.owner.put('exposures', { customerKey: 'A', kinds, fields });
    await expose(
      EXPOSABLE_FIELDS.filter((field) => !hidden.includes(field)),
      null,
    );
    const text = await read('SO-HIDE');
    expect(text).toContain('11.22');
    for (const secret of ['17.43', '987.65', 'PO of SO-HIDE', 'Unit price', 'Your PO number']) {
      expect(text).not.toContain(secret);
    }
    // No total, no copy of the invoice.
    expect([await find('INV-HIDE'), await isGone(copy?.id)]).toEqual([undefined, true]);
    // Nor any kind that is not shown.
    await expose(null, ['packing_slip']);
    expect((await listedDocuments(customer)).filter(({ served }) => served === 'drawn')).toEqual(
      [],
    );
    expect(await isGone(id)).toBe(true);
    await expose(null, null);
  });

  test('and nothing is when the supplier does not want it', async () => {
    await publish(org, [drawnOrder('SO-OFF'), drawnInvoice('INV-OFF')]);
    const drawn = async () =>
      (await listedDocuments(customer))
        .filter(({ number }) => number.endsWith('-OFF'))
        .map(({ number }) => number)
        .sort();
    expect(await drawn()).toEqual(['INV-OFF', 'SO-OFF']);
    const { id } = (await find('SO-OFF')) ?? {};
    await setSettings(org, { drawsConfirmations: false });
    expect([await drawn(), await isGone(id)]).toEqual([['INV-OFF'], true]);
    await setSettings(org, { drawsInvoiceCopies: false });
    expect(await drawn()).toEqual([]);
    await publish(org, [drawnOrder('SO-OFF'), drawnInvoice('INV-OFF')]);
    expect(await drawn()).toEqual([]);
    await setSettings(org, { drawsConfirmations: true, drawsInvoiceCopies: true });
    expect(await drawn()).toEqual(['INV-OFF', 'SO-OFF']);
  });
});
