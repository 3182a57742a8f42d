/** Invoices, credit notes and payments as their customer finds and opens them, and nobody else. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { InvoicePage, InvoicesPage, PaymentsPage } from '../../routes/portal/invoices.ts';
import { invoice, note, part, payment, publishBills } from '../bills.ts';
import {
  approve,
  type Cells,
  contactOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  setSettings,
  signIn,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const list = async (customer: Customer, query = '') =>
  (await customer.me<InvoicesPage>(`invoices${query}`)).body;
const numbers = async (customer: Customer, query = '') =>
  (await list(customer, query)).invoices.map(({ number }) => number);
async function open(customer: Customer, number: string) {
  const { invoices } = await list(customer, `?q=${encodeURIComponent(number)}`);
  const id = invoices.find((one) => one.number === number)?.id;
  return (await customer.me<InvoicePage>(`invoices/${id}`)).body;
}
async function has(code: string, rows: Cells[]): Promise<Customer> {
  await publishBills(org, code, rows);
  return signIn(stack, org, code);
}

describe('the list', () => {
  let anna: Customer;
  beforeAll(async () => {
    anna = await has('LIST', [
      invoice('L-1', '100.00'),
      invoice('L-2', '50.00', { paid: '50.00', invoice_date: day(-39) }),
      invoice('L-3', '8.00', { currency: 'USD', due_date: '', invoice_date: day(-38) }),
      invoice('L_4', '5.00', { invoice_date: '' }),
      note('L-C', '30.00', 'L-1'),
    ]);
  });

  test('is newest first, each with what is left of it, and the undated last', async () => {
    const { invoices, nextCursor, asOf } = await list(anna);
    expect(
      invoices.map(({ number, total, open, status, daysLate }) => [
        number,
        total,
        open,
        status,
        daysLate,
      ]),
    ).toEqual([
      ['L-C', '-30.00', '0.00', 'credited', null],
      ['L-3', '8.00', '8.00', 'open', null],
      ['L-2', '50.00', '0.00', 'paid', null],
      ['L-1', '100.00', '70.00', 'overdue', 10],
      ['L_4', '5.00', '5.00', 'overdue', 10],
    ]);
    expect(invoices[0]).toMatchObject({
      credits: { number: 'L-1' },
      documentId: expect.any(String),
    });
    expect(nextCursor).toBeNull();
    expect(Date.parse(asOf ?? '')).toBeLessThanOrEqual(Date.now());
  });

  test('says what all of a filter come to, for each currency', async () => {
    expect((await list(anna)).totals).toEqual([
      { currency: 'EUR', count: 4, total: '125.00', open: '75.00' },
      { currency: 'USD', count: 1, total: '8.00', open: '8.00' },
    ]);
    expect((await list(anna, '?status=overdue')).totals).toEqual([
      { currency: 'EUR', count: 2, total: '105.00', open: '75.00' },
    ]);
  });

  test('is of a kind, a status, some days, or a number, as it is written', async () => {
    expect(await numbers(anna, '?kind=credit_note')).toEqual(['L-C']);
    expect(await numbers(anna, '?kind=invoice&status=unpaid')).toEqual(['L-3', 'L-1', 'L_4']);
    expect(await numbers(anna, '?status=credited')).toEqual(['L-C']);
    expect(await numbers(anna, `?from=${day(-39)}&to=${day(-38)}`)).toEqual(['L-3', 'L-2']);
    expect(await numbers(anna, '?q=_')).toEqual(['L_4']);
    expect(await numbers(anna, '?q=%25')).toEqual([]);
  });

  test('takes days of thirty years, and refuses days that run backwards, and what is no filter', async () => {
    expect(await numbers(anna, `?from=1996-01-01&to=${day(0)}`)).toHaveLength(4);
    for (const wrong of [
      `from=${day(0)}&to=${day(-1)}`,
      'from=2026-02-30',
      'from=0000-01-01',
      'status=lost',
      'kind=statement',
      'cursor=none',
      'cursor=2026-01-01~1',
    ]) {
      expect((await anna.me(`invoices?${wrong}`)).status, wrong).toBe(422);
    }
  });

  test('goes on behind where it ended, through days and what has none', async () => {
    const many = Array.from({ length: 45 }, (_, at) =>
      invoice(`M-${at}`, '1.00', { invoice_date: at < 30 ? day(-60 + (at % 4)) : '' }),
    );
    const mia = await has('MANY', many);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: InvoicesPage = await list(mia, cursor && `?cursor=${encodeURIComponent(cursor)}`);
      seen.push(...page.invoices.map(({ number }) => number));
      expect(page.totals).toMatchObject([{ count: 45, total: '45.00' }]);
      cursor = page.nextCursor;
    }
    expect(seen).toHaveLength(45);
    expect(new Set(seen).size).toBe(45);
  });
});

describe('an invoice', () => {
  test('has its order, its lines, its paper, and what was paid and credited of it', async () => {
    await publish(org, [customerRow('FULL', org), ...orderRows('FULL', 'F1')], orderFiles('F1'));
    const fay = await has('FULL', [
      note('F-C', '21.00', 'INV-F1'),
      payment('F-P', '70.00', {
        ...part('INV-F1', '60.00'),
        payment_method: 'Transfer',
        payment_reference: '<b>INV-F1</b>',
      }),
    ]);
    const page = await open(fay, 'INV-F1');
    expect(page.invoice).toMatchObject({
      kind: 'invoice',
      net: '100.00',
      tax: '21.00',
      total: '121.00',
      paid: '60.00',
      credited: '21.00',
      open: '40.00',
      status: 'open',
      dueOn: day(12),
      orderNumber: 'SO-F1',
      poNumber: 'PO-F1',
    });
    expect(page.lines).toMatchObject([{ itemCode: 'BOLT-8', total: '100.00' }]);
    expect(page.documents).toMatchObject([{ kind: 'invoice', number: 'INV-F1' }]);
    expect(page.payments).toMatchObject([
      { number: 'F-P', amount: '60.00', method: 'Transfer', reference: '<b>INV-F1</b>' },
    ]);
    expect(page.creditNotes).toMatchObject([{ number: 'F-C', total: '-21.00', given: '21.00' }]);
    const credit = await open(fay, 'F-C');
    expect(credit).toMatchObject({
      invoice: { kind: 'credit_note', total: '-21.00', open: '0.00', credited: '-21.00' },
      credits: { number: 'INV-F1', given: '21.00' },
      creditNotes: [],
      documents: [{ kind: 'credit_note' }],
      payAt: null,
    });
    // Found by its order's number, and by the customer's own for that.
    expect(await numbers(fay, '?q=SO-F1')).toEqual(['INV-F1']);
    expect(await numbers(fay, '?q=po-f1')).toEqual(['INV-F1']);
  });

  test('shows no lines that may be another’s, and no order that its window hides', async () => {
    await publish(org, [customerRow('TWO', org), ...orderRows('TWO', 'T1')], orderFiles('T1'));
    const tom = await has('TWO', []);
    expect((await open(tom, 'INV-T1')).lines).toHaveLength(1);
    await publishBills(org, 'TWO', [invoice('INV-T2', '3.00', { order_number: 'SO-T1' })]);
    expect((await open(tom, 'INV-T1')).lines).toEqual([]);
    await stack.sql(
      "update portal.orders set placed_on = current_date - interval '10 years' where org_id = $1 and number = 'SO-T1'",
      [org.id],
    );
    const { invoice: old } = await open(tom, 'INV-T1');
    expect(old).toMatchObject({ orderId: null, orderNumber: null, poNumber: null });
    expect(await numbers(tom, '?q=SO-T1')).toEqual([]);
    // The windows hide orders, never money.
    expect((await list(tom)).totals).toMatchObject([{ total: '124.00' }]);
  });

  test('shows no lines that make another net, where no total of its order says that they are its own', async () => {
    const lines = (number: string, second: string) =>
      ['60.00', second].map((total, at) => ({
        order_number: number,
        order_date: day(-50),
        order_status: 'shipped',
        currency: 'EUR',
        line_number: String(at + 1),
        line_description: 'Hex bolt M8',
        line_quantity: '1',
        line_total: total,
      }));
    const pat = await has('PART', [
      ...lines('SO-P1', '50.00'),
      ...lines('SO-P2', '40.00'),
      ...lines('SO-P3', ''),
      ...['1', '2', '3'].map((at) =>
        invoice(`P${at}`, '100.00', { net: '100.00', tax: '0.00', order_number: `SO-P${at}` }),
      ),
    ]);
    expect((await open(pat, 'P1')).lines).toEqual([]);
    expect((await open(pat, 'P2')).lines).toHaveLength(2);
    expect((await open(pat, 'P3')).lines).toHaveLength(2);
  });

  test('can be paid where its supplier says, only while something is owed', async () => {
    await setSettings(org, {
      paymentLink:
        'https://pay.acme.example/{customer_code}?i={invoice_number}&a={balance}&c={currency}',
    });
    const pia = await has('PAY&1', [
      invoice('P/1 ?', '10.00', { paid: '4.00' }),
      invoice('P-2', '10.00', { paid: '10.00' }),
      invoice('P-3', '10.00', { paid: '11.00' }),
      invoice('P-4', '0.00'),
    ]);
    expect((await open(pia, 'P/1 ?')).payAt).toEqual({
      url: 'https://pay.acme.example/PAY%261?i=P%2F1%20%3F&a=6.00&c=EUR',
      host: 'pay.acme.example',
    });
    for (const number of ['P-2', 'P-3', 'P-4']) {
      expect((await open(pia, number)).payAt, number).toBeNull();
    }
    const { body } = await org.owner.get<object>('settings');
    const wrong = await org.owner.put('settings', { ...body, paymentLink: 'http://a.example' });
    expect(wrong.status).toBe(422);
    await setSettings(org, { paymentLink: null });
    expect((await open(pia, 'P/1 ?')).payAt).toBeNull();
  });

  test('says hostile words as they are', async () => {
    const number = `X'"<script>alert(1)</script>`;
    const eve = await has('EVE', [
      invoice(number, '1.00'),
      payment(`P${number}`, '1.00', part(number, '1.00')),
    ]);
    expect((await open(eve, number)).payments).toMatchObject([{ number: `P${number}` }]);
    const html = await (await eve.page('/invoices')).text();
    expect(html).not.toContain('<script>alert');
  });
});

describe('payments', () => {
  test('say where they went, what is left of them, and what they come to', async () => {
    const pat = await has('HIST', [
      invoice('H-1', '100.00'),
      payment('HP-1', '150.00', part('H-1', '100.00')),
      payment('HP-1', '150.00', part('UNKNOWN', '20.00')),
      payment('HP-2', '7.50', { currency: 'USD', payment_date: day(-3) }),
    ]);
    const { payments, totals } = (await pat.me<PaymentsPage>('payments')).body;
    expect(payments).toMatchObject([
      { number: 'HP-2', amount: '7.50', unallocated: '7.50', allocations: [] },
      {
        number: 'HP-1',
        amount: '150.00',
        unallocated: '50.00',
        allocations: expect.arrayContaining([
          { invoiceNumber: 'H-1', invoiceId: expect.any(String), amount: '100.00' },
          { invoiceNumber: 'UNKNOWN', invoiceId: null, amount: '20.00' },
        ]),
      },
    ]);
    expect(totals).toEqual([
      { currency: 'EUR', count: 1, amount: '150.00', unallocated: '50.00' },
      { currency: 'USD', count: 1, amount: '7.50', unallocated: '7.50' },
    ]);
    const of = async (query: string) =>
      (await pat.me<PaymentsPage>(`payments?${query}`)).body.payments.length;
    expect(await of(`from=${day(-4)}`)).toBe(1);
    expect((await pat.me(`payments?from=${day(0)}&to=${day(-1)}`)).status).toBe(422);
    const home = (await pat.me<{ lastPayment: unknown; asOf: string }>('home')).body;
    expect(home.lastPayment).toEqual({ paidOn: day(-3), currency: 'USD', amount: '7.50' });
    expect(Date.parse(home.asOf)).toBeLessThanOrEqual(Date.now());
  });
});

describe('who is shown no money', () => {
  test('finds none of it, by whichever way', async () => {
    await publishBills(org, 'NONE', [invoice('Z-1', '1.00'), payment('Z-P', '1.00')]);
    const plain = await signIn(stack, org, 'NONE', 'no_financials');
    expect(await list(plain)).toMatchObject({ invoices: [], totals: [] });
    expect((await plain.me('payments')).body).toMatchObject({ payments: [], totals: [] });
    const id = (await list(await signIn(stack, org, 'NONE'))).invoices[0]?.id;
    expect((await plain.me(`invoices/${id}`)).status).toBe(404);
    expect((await plain.page(`/invoices/${id}`)).status).toBe(404);
    expect((await plain.me('home')).body).toMatchObject({ balances: [], lastPayment: null });
  });

  test('is told of invoices without amounts where totals are kept back', async () => {
    await publishBills(org, 'SHUT', [invoice('S-1', '1.00', { paid: '1.00' })]);
    await org.owner.put('exposures', { customerKey: 'SHUT', kinds: [], fields: ['paid'] });
    const sue = await has('SHUT', [invoice('S-1', '1.00', { net: '0.90', paid: '1.00' })]);
    const { invoices, totals } = await list(sue);
    expect(invoices).toMatchObject([
      { number: 'S-1', dueOn: null, total: null, open: null, status: null, daysLate: null },
    ]);
    expect(totals).toMatchObject([{ count: 1, total: null, open: null }]);
    const page = await open(sue, 'S-1');
    expect(page).toMatchObject({ invoice: { net: null, total: null, paid: null }, payAt: null });
  });
});

test('every page of money says as of which approval it is, and of no file that only waits', async () => {
  const uma = await has('WHEN', [invoice('W-1', '1.00'), payment('W-P', '1.00')]);
  const { id } = (await list(uma)).invoices[0] ?? { id: '' };
  const publishedAt = async () => {
    const [row] = await stack.sql<{ at: string }>(
      `select to_char(published_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at
         from portal.orgs where id = $1`,
      [org.id],
    );
    return row?.at;
  };
  const told = () =>
    Promise.all(
      ['invoices', `invoices/${id}`, 'payments', 'insights', 'home'].map(
        async (path) => (await uma.me<{ asOf: string | null }>(path)).body.asOf,
      ),
    );
  const first = await publishedAt();
  expect(new Set(await told())).toEqual(new Set([first]));
  const change = { ...invoice('W-1', '2.00'), customer_code: 'WHEN' };
  const staged = await stageRows(org, [change]);
  expect(new Set(await told())).toEqual(new Set([first]));
  await approve(org, staged);
  const second = await publishedAt();
  expect(second).not.toBe(first);
  expect(new Set(await told())).toEqual(new Set([second]));
});

test('each look is in the trail', async () => {
  const ina = await has('TRAIL', [invoice('TR-1', '1.00')]);
  const { id } = (await list(ina)).invoices[0] ?? { id: '' };
  await ina.me(`invoices/${id}`);
  await ina.me(`invoices/${crypto.randomUUID()}`);
  await ina.me('payments');
  const { customerId } = await contactOf(stack, org, 'TRAIL');
  const events = await stack.sql(
    `select action, subject_id from audit.events where customer_id = $1
      and (action ~ '^(invoice|payment)' or action = 'request.refused') order by at`,
    [customerId],
  );
  expect(events).toEqual([
    { action: 'invoices.listed', subject_id: null },
    { action: 'invoice.viewed', subject_id: id },
    { action: 'request.refused', subject_id: expect.any(String) },
    { action: 'payments.listed', subject_id: null },
  ]);
});
