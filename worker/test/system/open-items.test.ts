/** What is left of each invoice, credit note and payment: every way of settling, and it always ties out. */
import { beforeAll, describe, expect, test } from 'vitest';
import { invoice, note, part, payment, publishBills } from '../bills.ts';
import { type Cells, day, makeOrg, type Org } from '../cast.ts';
import { eyesOf } from '../eyes.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

/** A customer with these rows, and what its own eyes see open. */
async function openOf(code: string, rows: Cells[]) {
  await publishBills(org, code, rows);
  return seenOf(code);
}
async function seenOf(code: string, scope: 'all' | 'no_financials' = 'all') {
  const seen = await eyesOf(stack, org, code, scope);
  const items = await seen(
    `select number || ' ' || coalesce(open::text, '?') || ' ' || coalesce(status, '?') as said
       from portal.open_items() order by number`,
  );
  const balances = await seen('select * from portal.balances() order by currency');
  return { items: items?.map(({ said }) => said), balances };
}

describe('what is left of an invoice', () => {
  test('is less what payments name it for, and its paid column only where none does', async () => {
    const { items, balances } = await openOf('ROWS', [
      invoice('R1', '100.00', { paid: '90.00' }),
      invoice('R2', '100.00', { paid: '90.00' }),
      invoice('R3', '99999999.99', { due_date: day(10) }),
      invoice('R4', '0.00'),
      payment('RP', '30.00', part('R1', '30.00')),
    ]);
    expect(items).toEqual([
      'R1 70.00 overdue',
      'R2 10.00 overdue',
      'R3 99999999.99 open',
      'R4 0.00 paid',
      'RP 0.00 paid',
    ]);
    expect(balances).toEqual([
      { currency: 'EUR', outstanding: '100000079.99', overdue: '80.00', credit: '0.00' },
    ]);
  });

  test('is never overdue without a due day, nor on the day itself', async () => {
    const { items } = await openOf('DAYS', [
      invoice('Y1', '10.00', { due_date: '' }),
      invoice('Y2', '10.00', { due_date: day(0) }),
      invoice('Y3', '10.00', { due_date: day(-2) }),
    ]);
    expect(items).toEqual(['Y1 10.00 open', 'Y2 10.00 open', 'Y3 10.00 overdue']);
  });

  test('is less what credit notes gave it, up to what was open; the rest is credit', async () => {
    const { items, balances } = await openOf('NOTES', [
      invoice('N1', '100.00'),
      invoice('N2', '50.00', { paid: '40.00' }),
      invoice('N3', '20.00'),
      // With a minus or without; two of one invoice, the earlier first; one larger than what is left.
      note('NC1', '-60.00', 'N1'),
      note('NC2', '60.00', 'N1', { invoice_date: day(-29) }),
      note('NC3', '-25.00', 'N2'),
      note('NC4', '-5.00', ''),
      note('NC5', '-20.00', 'N3'),
    ]);
    expect(items).toEqual([
      'N1 0.00 credited',
      'N2 0.00 paid',
      'N3 0.00 credited',
      'NC1 0.00 credited',
      'NC2 -20.00 open',
      'NC3 -15.00 open',
      'NC4 -5.00 open',
      'NC5 0.00 credited',
    ]);
    expect(balances).toEqual([
      { currency: 'EUR', outstanding: '-40.00', overdue: '0.00', credit: '40.00' },
    ]);
  });

  test('is below zero where more was paid, and counts against what else is owed', async () => {
    const { items, balances } = await openOf('OVER', [
      invoice('O1', '100.00'),
      invoice('O2', '50.00'),
      payment('OP', '110.00', part('O1', '110.00')),
    ]);
    expect(items).toEqual(['O1 -10.00 paid', 'O2 50.00 overdue', 'OP 0.00 paid']);
    expect(balances).toEqual([
      { currency: 'EUR', outstanding: '40.00', overdue: '50.00', credit: '10.00' },
    ]);
  });
});

describe('an invoice below zero', () => {
  test('is credit, as a credit note is: open while some of it is left, and then credited', async () => {
    const { items, balances } = await openOf('BELOW', [
      invoice('Z1', '-50.00'),
      invoice('Z2', '-30.00'),
      invoice('Z3', '-20.00', { paid: '-20.00' }),
      invoice('Z4', '-10.00'),
      payment('ZP', '-45.00', part('Z2', '-30.00')),
      payment('ZP', '-45.00', part('Z4', '-15.00')),
    ]);
    expect(items).toEqual([
      'Z1 -50.00 open',
      'Z2 0.00 credited',
      'Z3 0.00 credited',
      // More was paid back than it gave: that is owed.
      'Z4 5.00 overdue',
      'ZP 0.00 paid',
    ]);
    expect(balances).toMatchObject([{ outstanding: '-45.00', credit: '50.00' }]);
  });
});

describe('what is left of a payment', () => {
  test('is what names no invoice that is shown, over however many it went', async () => {
    const { items, balances } = await openOf('PARTS', [
      invoice('P1', '100.00'),
      invoice('P2', '50.00'),
      payment('PP', '200.00', part('P1', '100.00')),
      payment('PP', '200.00', part('P2', '20.00')),
      payment('PP', '200.00', part('UNKNOWN', '30.00')),
      payment('PQ', '7.00'),
    ]);
    expect(items).toEqual(['P1 0.00 paid', 'P2 30.00 overdue', 'PP -80.00 open', 'PQ -7.00 open']);
    expect(balances).toEqual([
      { currency: 'EUR', outstanding: '-57.00', overdue: '30.00', credit: '87.00' },
    ]);
  });

  test('is nothing where a credit note was paid back', async () => {
    const { items, balances } = await openOf('BACK', [
      invoice('B1', '100.00'),
      note('BC', '-30.00', ''),
      payment('BP', '-30.00', part('BC', '-30.00')),
    ]);
    expect(items).toEqual(['B1 100.00 overdue', 'BC 0.00 credited', 'BP 0.00 paid']);
    expect(balances).toMatchObject([{ outstanding: '100.00', credit: '0.00' }]);
  });

  test('stays in its own currency: nothing is converted', async () => {
    const { items, balances } = await openOf('MIXED', [
      invoice('M1', '100.00'),
      invoice('M2', '80.00', { currency: 'USD' }),
      note('MC', '-10.00', 'M1', { currency: 'USD' }),
      payment('MP', '60.00', { ...part('M1', '60.00'), currency: 'USD' }),
    ]);
    expect(items).toEqual([
      'M1 100.00 overdue',
      'M2 80.00 overdue',
      'MC -10.00 open',
      'MP -60.00 open',
    ]);
    expect(balances).toEqual([
      { currency: 'EUR', outstanding: '100.00', overdue: '100.00', credit: '0.00' },
      { currency: 'USD', outstanding: '10.00', overdue: '80.00', credit: '70.00' },
    ]);
  });
});

test('is the same sum as of a day: what came later is not in it', async () => {
  await openOf('PAST', [
    invoice('A1', '100.00', { due_date: day(-20) }),
    invoice('A2', '10.00', { invoice_date: day(-3), due_date: '' }),
    payment('AP', '100.00', part('A1', '100.00')),
  ]);
  const seen = await eyesOf(stack, org, 'PAST');
  expect(
    await seen(
      `select number, open::text, status, days_late from portal.open_items('${day(-10)}')`,
    ),
  ).toEqual([{ number: 'A1', open: '100.00', status: 'overdue', days_late: 10 }]);
});

describe('what a customer is not shown', () => {
  const show = (code: string, fields: string[]) =>
    org.owner.put('exposures', { customerKey: code, kinds: [], fields });

  test('is nothing at all through a link without financials', async () => {
    await openOf('PLAIN', [invoice('F1', '10.00'), payment('FP', '1.00')]);
    expect(await seenOf('PLAIN', 'no_financials')).toEqual({ items: [], balances: [] });
  });

  test('is in no sum: no total, and no balance of that currency', async () => {
    const rows = [invoice('T1', '10.00'), payment('TP', '4.00', part('T1', '4.00'))];
    await openOf('TOTAL', rows);
    await show('TOTAL', ['paid', 'payment_amount', 'due_date']);
    const { items, balances } = await openOf('TOTAL', [{ ...rows[0], net: '9.00' } as Cells]);
    // What was paid on it is no credit either.
    expect(items).toEqual(['T1 ? ?', 'TP 0.00 paid']);
    expect(balances).toEqual([]);
  });

  test('makes nothing up: without what was paid, nothing is known to be open', async () => {
    const rows = [invoice('W1', '10.00', { paid: '10.00' })];
    await openOf('PAID', rows);
    await show('PAID', ['total', 'due_date']);
    const { items, balances } = await openOf('PAID', [{ ...rows[0], net: '9.00' } as Cells]);
    expect(items).toEqual(['W1 ? ?']);
    expect(balances).toEqual([]);
  });

  test('is never overdue by a due day that is kept back', async () => {
    const rows = [invoice('V1', '10.00')];
    await openOf('LATE', rows);
    await show('LATE', ['total', 'paid']);
    const { items } = await openOf('LATE', [{ ...rows[0], net: '9.00' } as Cells]);
    expect(items).toEqual(['V1 10.00 open']);
  });
});
