/**
 * Payments go the way of all that a CSV says: staged, compared, approved, and then under the eyes of the
 * customer whose they are, and of nobody who is not shown money.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type Cells,
  csvOf,
  customerRow,
  makeOrg,
  type Org,
  pdfOf,
  publish,
  stageRows,
} from '../cast.ts';
import { eyesOf } from '../eyes.ts';
import { type Stack, useStack } from '../stack.ts';

type Seen = {
  items: {
    kind: string;
    key: string;
    fields: Cells;
    blocked: boolean;
    passes: boolean;
    problems: { code: string; severity: string; value?: string }[];
  }[];
  totals: { blocked: number };
  control: Record<string, { name: string; all: string; goes: string }[]>;
};

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const reviewOf = async (publishId: string) =>
  (await org.approver.get<Seen>(`publishes/${publishId}/review`)).body;
const withdraw = async (publishId: string) =>
  expect(
    (await org.approver.post(`publishes/${publishId}/withdrawal`, { reason: 'Taken back' })).status,
  ).toBe(200);

const PAYMENTS =
  'select number, paid_on::text, currency, amount::text, method, reference from portal.payments order by number';
const ALLOCATIONS = `select p.number, a.invoice_number, a.invoice_key, a.amount::text
  from portal.payment_allocations a join portal.payments p on p.id = a.payment_id order by 1, 2`;

const invoiceRow = (customer: string, number: string, total: string, more: Cells = {}): Cells => ({
  customer_code: customer,
  invoice_number: number,
  invoice_date: '2026-05-01',
  currency: 'EUR',
  total,
  ...more,
});
const paymentRow = (customer: string, number: string, amount: string, more: Cells = {}): Cells => ({
  customer_code: customer,
  payment_number: number,
  payment_date: '2026-05-20',
  payment_amount: amount,
  currency: 'EUR',
  ...more,
});

/** The codes of each item that has problems. */
async function problemsOf(rows: Cells[]): Promise<Record<string, string[]>> {
  const { items } = await reviewOf(await stageRows(org, rows));
  return Object.fromEntries(
    items
      .filter(({ problems }) => problems.length > 0)
      .map(({ kind, key, problems }) => [
        `${kind} ${key}`,
        problems.map(({ code, severity }) => `${severity} ${code}`),
      ]),
  );
}

test('payments are reviewed, and live once approved, under their own customer’s eyes only', async () => {
  const rows = [
    customerRow('PAYS', org),
    customerRow('OTHER', org),
    invoiceRow('PAYS', 'FV/1', '100.00', { paid: '100.00' }),
    invoiceRow('PAYS', 'FV/2', '80.00'),
    paymentRow('PAYS', 'P/1', '100.00', {
      invoice_number: 'FV/1',
      payment_method: 'Bank transfer',
      payment_reference: 'Invoice FV/1',
    }),
    paymentRow('PAYS', 'P/2', '70.00', { invoice_number: 'FV/2', payment_allocated: '50.00' }),
    paymentRow('OTHER', 'P/3', '5.00'),
  ];
  const publishId = await stageRows(org, rows);
  const { items, control } = await reviewOf(publishId);
  const kinds = items.filter(({ kind }) => kind.startsWith('payment'));
  expect(kinds.map(({ kind, key, problems }) => [kind, key, problems])).toEqual([
    ['payment', 'P/3', []],
    ['payment', 'P/1', []],
    ['payment_allocation', 'P/1 / FV/1', []],
    ['payment', 'P/2', []],
    ['payment_allocation', 'P/2 / FV/2', []],
  ]);
  expect(control.payments).toEqual([{ name: 'EUR', all: '175.00', goes: '175.00' }]);
  await publish(org, rows);

  const seen = await eyesOf(stack, org, 'PAYS');
  expect(await seen(PAYMENTS)).toEqual([
    {
      number: 'P/1',
      paid_on: '2026-05-20',
      currency: 'EUR',
      amount: '100.00',
      method: 'Bank transfer',
      reference: 'Invoice FV/1',
    },
    {
      number: 'P/2',
      paid_on: '2026-05-20',
      currency: 'EUR',
      amount: '70.00',
      method: null,
      reference: null,
    },
  ]);
  expect(await seen(ALLOCATIONS)).toEqual([
    { number: 'P/1', invoice_number: 'FV/1', invoice_key: 'FV/1', amount: '100.00' },
    { number: 'P/2', invoice_number: 'FV/2', invoice_key: 'FV/2', amount: '50.00' },
  ]);
  expect(await (await eyesOf(stack, org, 'OTHER'))(PAYMENTS)).toMatchObject([{ number: 'P/3' }]);
  const withoutMoney = await eyesOf(stack, org, 'PAYS', 'no_financials');
  expect(await withoutMoney(PAYMENTS)).toEqual([]);
  expect(await withoutMoney(ALLOCATIONS)).toEqual([]);
});

test('payments taken back leave what was before', async () => {
  await publish(org, [
    customerRow('BACK', org),
    invoiceRow('BACK', 'B1', '100.00'),
    invoiceRow('BACK', 'B2', '100.00'),
    paymentRow('BACK', 'PB', '60.00', { invoice_number: 'B1', payment_method: 'Card' }),
  ]);
  const second = await publish(org, [
    paymentRow('BACK', 'PB', '90.00', { invoice_number: 'B1', payment_allocated: '40.00' }),
    paymentRow('BACK', 'PB', '90.00', { invoice_number: 'B2', payment_allocated: '50.00' }),
    paymentRow('BACK', 'PB-2', '1.00'),
  ]);
  const seen = await eyesOf(stack, org, 'BACK');
  expect(await seen(PAYMENTS)).toMatchObject([
    { number: 'PB', amount: '90.00', method: 'Card' },
    { number: 'PB-2' },
  ]);
  expect(await seen(ALLOCATIONS)).toMatchObject([{ amount: '40.00' }, { amount: '50.00' }]);
  await withdraw(second);
  expect(await seen(PAYMENTS)).toMatchObject([{ number: 'PB', amount: '60.00' }]);
  expect(await seen(ALLOCATIONS)).toMatchObject([{ invoice_number: 'B1', amount: '60.00' }]);
});

test('payments are shown only while their amount is, and their method by its own field', async () => {
  const rows = [
    customerRow('KEPT', org),
    invoiceRow('KEPT', 'K1', '10.00'),
    paymentRow('KEPT', 'PK', '10.00', { invoice_number: 'K1', payment_method: 'Card' }),
  ];
  await publish(org, rows);
  const seen = await eyesOf(stack, org, 'KEPT');
  const show = async (fields: string[]) =>
    expect(
      (await org.owner.put('exposures', { customerKey: 'KEPT', kinds: [], fields })).status,
    ).toBe(200);
  await show(['total', 'payment_amount']);
  expect(await seen(PAYMENTS)).toMatchObject([{ number: 'PK', method: null }]);
  expect(await seen(ALLOCATIONS)).toHaveLength(1);
  await show(['total', 'payment_method']);
  expect(await seen(PAYMENTS)).toEqual([]);
  expect(await seen(ALLOCATIONS)).toEqual([]);
  await show(['total', 'payment_amount', 'payment_method']);
  expect(await seen(PAYMENTS)).toEqual([]);
  // The payment alone brings what it is known to be for.
  await publish(org, [paymentRow('KEPT', 'PK', '10.00')]);
  expect(await seen(PAYMENTS)).toMatchObject([{ number: 'PK', method: 'Card' }]);
  expect(await seen(ALLOCATIONS)).toHaveLength(1);
});

test('payments that cannot be right are named, in the file and against what is known', async () => {
  await publish(org, [
    customerRow('RIGHT', org),
    customerRow('WRONG', org),
    invoiceRow('RIGHT', 'R1', '100.00'),
    invoiceRow('RIGHT', 'R2', '100.00'),
    invoiceRow('WRONG', 'W1', '100.00'),
    paymentRow('RIGHT', 'PR', '10.00', { invoice_number: 'R2' }),
  ]);
  const found = await problemsOf([
    paymentRow('RIGHT', 'P1', '10.00', { payment_date: '' }),
    paymentRow('RIGHT', 'P1', '10.00', { payment_date: '', invoice_number: 'R1' }),
    paymentRow('RIGHT', 'P2', '10.00', { currency: '' }),
    paymentRow('RIGHT', 'P3', '', { invoice_number: 'R1', payment_allocated: '3.00' }),
    paymentRow('RIGHT', 'P4', '10.00', { invoice_number: 'R1', payment_allocated: '7.00' }),
    paymentRow('RIGHT', 'P4', '10.00', { invoice_number: 'R2', payment_allocated: '7.00' }),
    paymentRow('RIGHT', 'P5', '10.00', { invoice_number: 'W1' }),
    paymentRow('RIGHT', 'P6', '10.00', { invoice_number: 'NOBODY' }),
    paymentRow('RIGHT', 'P7', '10.00', { invoice_number: 'R1' }),
    paymentRow('RIGHT', 'P7', '10.00', { invoice_number: 'R2' }),
    paymentRow('RIGHT', 'P8', '10.00'),
    paymentRow('RIGHT', 'P8', '11.00'),
    paymentRow('WRONG', 'PR', '10.00'),
  ]);
  expect(found).toEqual({
    'payment P1': ['blocking payment_date_missing'],
    'payment_allocation P1 / R1': ['blocking payment_not_published'],
    'payment P2': ['blocking currency_missing'],
    'payment P3': ['blocking payment_amount_missing'],
    'payment_allocation P3 / R1': ['blocking payment_not_published'],
    'payment P4': ['warning allocated_too_much'],
    'payment_allocation P5 / W1': ['blocking invoice_of_other_customer'],
    'payment_allocation P6 / NOBODY': ['warning invoice_unknown'],
    'payment_allocation P7 / R1': ['blocking allocation_amount_missing'],
    'payment_allocation P7 / R2': ['blocking allocation_amount_missing'],
    'payment P8': ['blocking contradiction'],
    'payment PR': ['blocking conflict'],
  });
});

test('payments stand against what invoices and credit notes say of themselves', async () => {
  await publish(org, [
    customerRow('TIES', org),
    customerRow('LOOSE', org),
    invoiceRow('TIES', 'T1', '100.00'),
    invoiceRow('LOOSE', 'L1', '100.00'),
    paymentRow('TIES', 'PT', '30.00', { invoice_number: 'T1' }),
  ]);
  const credit = (number: string, of: string, total: string): Cells => ({
    ...invoiceRow('TIES', number, total),
    document_kind: 'credit note',
    document_number: number,
    credited_invoice: of,
  });
  const found = await problemsOf([
    invoiceRow('TIES', 'T1', '100.00', { paid: '40.00' }),
    invoiceRow('TIES', 'T2', '121.00', { net: '100.00', tax: '21.01' }),
    invoiceRow('TIES', 'T3', '121.00', { net: '100.00', tax: '20.00' }),
    credit('C1', 'T1', '-100.00'),
    credit('C2', 'T1', '-100.01'),
    credit('C3', 'L1', '-1.00'),
    credit('C4', 'NOBODY', '-1.00'),
  ]);
  expect(found['invoice T1']).toEqual(['warning paid_differs']);
  // A cent is enough: an export holds only what adds up.
  expect(found['invoice T2']).toEqual(['warning totals_do_not_add_up']);
  expect(found['invoice T3']).toEqual(['warning totals_do_not_add_up']);
  expect(found['invoice C1']).toBeUndefined();
  expect(found['invoice C2']).toEqual(['warning credited_too_much']);
  expect(found['invoice C3']).toEqual(['blocking invoice_of_other_customer']);
  expect(found['invoice C4']).toEqual(['warning invoice_unknown']);
});

test('money in another currency than the invoice that it names is told', async () => {
  await publish(org, [
    customerRow('MIXED', org),
    invoiceRow('MIXED', 'LIVE1', '100.00', { currency: 'EUR' }),
  ]);
  const found = await problemsOf([
    invoiceRow('MIXED', 'M1', '100.00', { currency: 'EUR' }),
    paymentRow('MIXED', 'PM1', '100.00', { currency: 'USD', invoice_number: 'M1' }),
    paymentRow('MIXED', 'PM2', '100.00', { currency: 'USD', invoice_number: 'LIVE1' }),
    paymentRow('MIXED', 'PM3', '100.00', { currency: 'EUR', invoice_number: 'LIVE1' }),
    {
      ...invoiceRow('MIXED', 'CM1', '-5.00', { currency: 'USD' }),
      document_kind: 'credit note',
      document_number: 'CM1',
      credited_invoice: 'LIVE1',
    },
  ]);
  expect(found['payment_allocation PM1 / M1']).toEqual(['warning currency_differs']);
  expect(found['payment_allocation PM2 / LIVE1']).toEqual(['warning currency_differs']);
  expect(found['payment_allocation PM3 / LIVE1']).toBeUndefined();
  expect(found['invoice CM1']).toEqual(['warning currency_differs']);
});

test('money names another customer’s invoice also where only its order says whose it is', async () => {
  await publish(org, [
    customerRow('MINE', org),
    customerRow('THEIRS', org),
    { customer_code: 'THEIRS', order_number: 'SO-THEIRS', order_date: '2026-05-01' },
  ]);
  const found = await problemsOf([
    { ...invoiceRow('', 'T9', '50.00'), order_number: 'SO-THEIRS' },
    {
      ...invoiceRow('MINE', 'CT9', '-5.00'),
      document_kind: 'credit note',
      document_number: 'CT9',
      credited_invoice: 'T9',
    },
    paymentRow('MINE', 'PT9', '5.00', { invoice_number: 'T9' }),
  ]);
  expect(found['invoice CT9']).toEqual(['blocking invoice_of_other_customer']);
  expect(found['payment_allocation PT9 / T9']).toEqual(['blocking invoice_of_other_customer']);
});

describe('an invoice and a credit note with one number', () => {
  const paperRow = (kind: string, number: string, total: string): Cells => ({
    customer_code: 'TWO',
    document_kind: kind,
    document_number: number,
    document_date: '2026-05-02',
    currency: 'EUR',
    total,
  });
  const blocked = ['blocking number_of_two_kinds'];
  const live = async (number: string) =>
    stack.sql(`select kind, total::text from portal.invoices where org_id = $1 and number = $2`, [
      org.id,
      number,
    ]);

  test('in one file are not read as one', async () => {
    const rows = [
      customerRow('TWO', org),
      paperRow('invoice', '100', '50.00'),
      paperRow('credit note', '100', '-5.00'),
    ];
    expect((await problemsOf(rows))['invoice 100']).toEqual(blocked);
    await publish(org, rows);
    expect(await live('100')).toEqual([]);
  });

  test('leave what is live as it is, until that is withdrawn', async () => {
    const first = await publish(org, [
      customerRow('TWO', org),
      paperRow('invoice', '200', '50.00'),
    ]);
    const rows = [paperRow('credit note', '200', '-5.00')];
    expect((await problemsOf(rows))['invoice 200']).toEqual(blocked);
    await publish(org, [...rows, paperRow('credit note', 'CN-200', '-5.00')]);
    expect(await live('200')).toEqual([{ kind: 'invoice', total: '50.00' }]);
    expect(await live('CN-200')).toEqual([{ kind: 'credit_note', total: '-5.00' }]);
    await withdraw(first);
    expect((await problemsOf(rows))['invoice 200']).toBeUndefined();
  });

  test('in two files of one publish wait until one of them is left out, and go alone', async () => {
    const publishId = await stageRows(
      org,
      [customerRow('TWO', org), paperRow('invoice', '300', '50.00')],
      { '300.pdf': pdfOf('300') },
    );
    await org.clerk.importCsv(csvOf([paperRow('credit note', '300', '-5.00')]), publishId);
    const invoiceOf = async () =>
      (await reviewOf(publishId)).items.find(
        ({ kind, key }) => kind === 'invoice' && key === '300',
      );
    expect((await invoiceOf())?.problems).toMatchObject([{ code: 'number_of_two_kinds' }]);
    await org.approver.put(`publishes/${publishId}/exclusions`, {
      items: [{ kind: 'document', key: 'invoice:300' }],
      customers: [],
      excluded: true,
    });
    expect(await invoiceOf()).toMatchObject({ passes: true, problems: [] });
  });

  test('taken back, the one does not take the amounts of the other', async () => {
    await publish(org, [customerRow('TWO', org), paperRow('invoice', '400', '50.00')], {
      '400.pdf': pdfOf('400'),
    });
    const second = await publish(org, [paperRow('credit note', '400', '-5.00')], {
      '400.pdf': pdfOf('credit 400'),
    });
    const answer = await org.approver.post(`publishes/${second}/withdrawal`, {
      reason: 'The wrong paper',
      document: 'credit_note:400',
    });
    expect(answer.status).toBe(200);
    expect(await live('400')).toEqual([{ kind: 'invoice', total: '50.00' }]);
  });
});

test('payments left out keep back what is allocated of them', async () => {
  const publishId = await stageRows(org, [
    customerRow('LEFT', org),
    invoiceRow('LEFT', 'LE1', '10.00'),
    paymentRow('LEFT', 'PL', '10.00', { invoice_number: 'LE1' }),
  ]);
  await org.approver.put(`publishes/${publishId}/exclusions`, {
    items: [{ kind: 'payment', key: 'PL' }],
    customers: [],
    excluded: true,
  });
  const { items } = await reviewOf(publishId);
  expect(items.find(({ kind }) => kind === 'payment_allocation')?.problems).toMatchObject([
    { code: 'payment_not_published' },
  ]);
});
