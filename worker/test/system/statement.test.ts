/** A customer's statement: what it says, as JSON, PDF and CSV, and to whom. */
import { beforeAll, describe, expect, test } from 'vitest';
import { figuresOf, type Statement, type StatementBlock } from '../../domain/statement.ts';
import { invoice as bill } from '../bills.ts';
import {
  type Cells,
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
import { stampOn, textOf } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

type Page = { statement: Statement };
type Refusal = { error: { code: string; fields?: Record<string, string> } };

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { hourlyRequestLimit: 5000 });
  await publishFor('A', [
    invoice('FV/1', '2026-01-10', '1000.00', { due_date: '2026-02-09' }),
    creditNote('KOR/1', '2026-03-05', '-100.00', 'FV/1'),
    invoice('FV/2', '2026-03-02', '250.50', { due_date: '2026-03-31' }),
    creditNote('KOR/2', '2026-03-20', '50.50', 'FV/2'),
    invoice('FV/3', '2026-03-15', '80.00', { paid: '30.00' }),
    payment('P/1', '2026-03-10', '400.00', { invoice_number: 'FV/1', payment_allocated: '400.00' }),
    payment('P/2', '2026-03-25', '75.00', { payment_reference: '=1+1 Überweisung' }),
    invoice('FV/US', '2026-03-30', '99999999.99', { currency: 'USD' }),
    invoice('FV/LATE', '2026-04-02', '5.00'),
  ]);
  customer = await signIn(stack, org, 'A');
});

const invoice = (number: string, day: string, total: string, more: Cells = {}) =>
  bill(number, total, { invoice_date: day, due_date: '', ...more });
const creditNote = (number: string, day: string, total: string, credits: string): Cells => ({
  document_kind: 'credit_note',
  document_number: number,
  file_name: `${number.replace('/', '-')}.pdf`,
  credited_invoice: credits,
  invoice_date: day,
  total,
  currency: 'EUR',
});
const payment = (number: string, day: string, amount: string, more: Cells = {}): Cells => ({
  payment_number: number,
  payment_date: day,
  payment_amount: amount,
  currency: 'EUR',
  ...more,
});
async function publishFor(code: string, rows: Cells[]) {
  const named = rows.flatMap(({ file_name, document_number }) =>
    file_name === undefined
      ? []
      : [[file_name, pdfOf(`${document_number} Customer ${code}`)] as const],
  );
  const own = rows.map((row) => ({ customer_code: code, ...row }));
  await publish(org, [customerRow(code, org), ...own], Object.fromEntries(named));
}
const MARCH = 'from=2026-03-01&to=2026-03-31';

async function blockOf(currency: string, query = MARCH, by = customer): Promise<StatementBlock> {
  const { body } = await by.me<Page>(`statement?${query}`);
  const block = figuresOf(body.statement.figures).blocks.find((one) => one.currency === currency);
  if (block === undefined) throw new Error(`no ${currency}`);
  return block;
}

describe('a statement', () => {
  test('has what was owed, each movement with its running balance, and what is owed', async () => {
    const block = await blockOf('EUR');
    expect(
      block.movements.map(({ date, kind, number, debit, credit, balance, isUnder }) =>
        [
          date.slice(8),
          kind,
          number,
          debit ?? `(${credit})`,
          balance,
          ...(isUnder ? ['under'] : []),
        ].join(' '),
      ),
    ).toEqual([
      '02 invoice FV/2 250.50 1250.50',
      '20 credit_note KOR/2 (50.50) 1200.00 under',
      '05 credit_note KOR/1 (100.00) 1100.00',
      '10 payment P/1 (400.00) 700.00',
      '15 invoice FV/3 80.00 780.00',
      '15 paid FV/3 (30.00) 750.00',
      '25 payment P/2 (75.00) 675.00',
    ]);
    expect(block).toMatchObject({
      opening: '1000.00',
      debits: '330.50',
      credits: '655.50',
      closing: '675.00',
    });
    expect(block.movements[1]).toMatchObject({ reference: 'FV/2' });
  });

  test('says how old what is open is, by the due date, and what nothing has taken', async () => {
    const { aging } = await blockOf('EUR');
    expect(aging).toEqual({
      // FV/2 is due on the last day itself, FV/3 has no due date.
      current: '250.00',
      to30: '0.00',
      // FV/1, due on 9 February.
      to60: '500.00',
      to90: '0.00',
      to120: '0.00',
      over120: '0.00',
      unallocated: '-75.00',
    });
  });

  test('up to today says how much is dated behind it, which what is outstanding counts', async () => {
    await publishFor('AHEAD', [
      invoice('AH/1', day(-1), '10.00'),
      invoice('AH/2', day(20), '7.00'),
      payment('AP/1', day(30), '2.00'),
    ]);
    const ahead = await signIn(stack, org, 'AHEAD');
    const later = async (query: string) =>
      (await ahead.me<Page>(`statement?${query}`)).body.statement.later;
    expect((await blockOf('EUR', '', ahead)).closing).toBe('10.00');
    expect(await later('')).toBe(2);
    expect(await later(`from=${day(-9)}&to=${day(25)}`)).toBe(1);
    expect(await later(`from=${day(-9)}&to=${day(40)}`)).toBe(0);
    // A stretch of days that is over says nothing of what came since.
    expect(await later(`from=${day(-9)}&to=${day(-2)}`)).toBe(0);
    expect(await (await ahead.bytes('statement.csv')).text()).toContain('dated_later');
    const pdf = await textOf(await (await ahead.bytes('statement.pdf')).arrayBuffer());
    expect(pdf.replace(/\s+/g, ' ')).toContain('2 entries are dated after the last day');
    const { balances } = (await ahead.me<{ balances: object[] }>('home')).body;
    expect(balances).toMatchObject([{ outstanding: '15.00' }]);
  });

  test('never says that nothing is owed where all there is is dated behind its last day', async () => {
    await publishFor('TOMORROW', [invoice('TO/1', day(2), '10.00')]);
    const by = await signIn(stack, org, 'TOMORROW');
    const { statement } = (await by.me<Page>('statement')).body;
    expect(statement).toMatchObject({ figures: { blocks: [], leftOut: [] }, later: 1 });
    const pdf = await textOf(await (await by.bytes('statement.pdf')).arrayBuffer());
    expect(pdf.replace(/\s+/g, ' ')).toContain('One entry is dated after the last day');
    expect(pdf).not.toMatch(/nothing\s+is\s+owed/i);
  });

  test('counts as dated behind its last day nothing of a currency that it leaves out', async () => {
    const { total: _, ...without } = invoice('WI/1', day(3), '', { currency: 'USD' });
    await publishFor('WITHHELD', [
      without,
      payment('WP/1', day(4), '2.00', { currency: 'USD' }),
      invoice('WI/2', day(2), '10.00'),
    ]);
    const by = await signIn(stack, org, 'WITHHELD');
    const { statement } = (await by.me<Page>('statement')).body;
    expect(statement).toMatchObject({ figures: { blocks: [], leftOut: ['USD'] }, later: 1 });
  });

  test('is apart for each currency, and names its period, the day and as of when it is', async () => {
    const { body } = await customer.me<Page>(`statement?${MARCH}`);
    const { figures, asOf } = body.statement;
    expect(figures).toMatchObject({ from: '2026-03-01', to: '2026-03-31', leftOut: [] });
    expect(asOf).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(figures.blocks.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
    expect(await blockOf('USD')).toMatchObject({ opening: '0.00', closing: '99999999.99' });
  });

  test('of no named period is of the month so far', async () => {
    const { body } = await customer.me<Page>('statement');
    const { figures, today } = body.statement;
    const { from, to } = figures;
    expect([from, to]).toEqual([`${today.slice(0, 8)}01`, today]);
  });

  test.each([
    ['from=2026-03-31&to=2026-03-01', 'to'],
    ['from=2010-01-01&to=2026-01-01', 'from'],
    ['from=2010-01-01', 'from'],
    ['from=2026-02-30', 'from'],
    ['to=0000-01-01', 'to'],
  ])('is refused for %s', async (query, field) => {
    for (const path of ['statement', 'statement.pdf', 'statement.csv']) {
      const { status, body } = await customer.me<Refusal>(`${path}?${query}`);
      expect([status, body.error.code, Object.keys(body.error.fields ?? {})]).toEqual([
        422,
        'invalid',
        [field],
      ]);
    }
  });

  test('of 10 years and of a day to come is given', async () => {
    for (const query of ['from=2016-12-01&to=2026-11-30', 'from=2026-01-01&to=2030-01-01']) {
      expect((await customer.me(`statement?${query}`)).status).toBe(200);
    }
  });

  test('holds money of orders that their window hides, and none of a draft order', async () => {
    await publishFor('WINDOW', [
      { order_number: 'OLD', order_date: '2019-01-01', order_status: 'shipped' },
      { order_number: 'DRAFT', order_date: '2026-03-01', order_status: 'draft' },
      invoice('W/1', '2026-03-01', '10.00', { order_number: 'OLD' }),
      invoice('W/2', '2026-03-01', '7.00', { order_number: 'DRAFT' }),
    ]);
    const by = await signIn(stack, org, 'WINDOW');
    expect(await blockOf('EUR', MARCH, by)).toMatchObject({ closing: '10.00' });
  });

  test('counts a paper without a day in every opening balance, and says so', async () => {
    const { invoice_date: _, ...undated } = invoice('U/1', '', '12.34');
    await publishFor('UNDATED', [undated]);
    const by = await signIn(stack, org, 'UNDATED');
    expect(await blockOf('EUR', MARCH, by)).toMatchObject({
      opening: '12.34',
      closing: '12.34',
      undated: 1,
      movements: [],
    });
    const { body } = await by.me<string>(`statement.csv?${MARCH}`);
    expect(body).toContain('\r\nEUR,,undated,,1,,,,\r\n');
  });

  test('leaves a currency out where a total is missing, and names it', async () => {
    const { total: _, ...without } = invoice('L/2', '2026-03-02', '', { currency: 'USD' });
    await publishFor('LEFT', [invoice('L/1', '2026-03-01', '10.00'), without]);
    const by = await signIn(stack, org, 'LEFT');
    const { body } = await by.me<Page>(`statement?${MARCH}`);
    expect(body.statement.figures.blocks.map(({ currency }) => currency)).toEqual(['EUR']);
    expect(body.statement.figures.leftOut).toEqual(['USD']);
    // Nor is the file short of it without a word.
    const csv = (await by.me<string>(`statement.csv?${MARCH}`)).body;
    expect(csv).toContain('\r\nUSD,,not_shown,,,,,,\r\n');
    expect(csv).toMatch(/\r\n,\d{4}-\d\d-\d\dT[^,]+Z,data_as_of,,,,,,\r\n$/);
  });

  test('is not there through a link without financials, on the page neither', async () => {
    const by = await signIn(stack, org, 'A', 'no_financials');
    for (const path of ['statement', 'statement.csv', 'statement.pdf']) {
      expect((await by.me<Refusal>(path)).status).toBe(404);
    }
  });

  test('is one round trip', async () => {
    for (const path of ['statement', 'statement.csv', 'statement.pdf']) {
      stack.database.resetRequests();
      await customer.me(`${path}?${MARCH}`);
      expect(stack.database.requests('counterfoil_customer')).toBe(1);
    }
  });
});

describe('a statement that is taken along', () => {
  test('as CSV has the same figures, as numbers, and no formula', async () => {
    const { body } = await customer.me<string>(`statement.csv?${MARCH}`);
    const rows = body
      .replace('\ufeff', '')
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const [header, ...lines] = rows;
    expect(header).toEqual([
      'currency',
      'date',
      'kind',
      'number',
      'reference',
      'due_date',
      'debit',
      'credit',
      'balance',
    ]);
    const ofKind = (kind: string) =>
      lines.filter(([currency, , of]) => currency === 'EUR' && of === kind);
    expect(ofKind('closing_balance').map((cells) => cells.at(-1))).toEqual(['675.00']);
    expect(ofKind('unallocated').map((cells) => cells.at(-1))).toEqual(['-75.00']);
    expect(ofKind('payment').map((cells) => cells[4])).toEqual(['', "'=1+1 Überweisung"]);
    const { movements } = await blockOf('EUR');
    const moved = lines.filter(([currency, , , number]) => currency === 'EUR' && number !== '');
    expect(moved.map((cells) => cells.slice(6))).toEqual(
      movements.map(({ debit, credit, balance }) => [debit ?? '', credit ?? '', balance]),
    );
  });

  test('as PDF says the same, in the language of its reader, and whose copy it is', async () => {
    const answer = await customer.bytes(`statement.pdf?${MARCH}`);
    expect(answer.headers.get('Content-Type')).toBe('application/pdf');
    expect(answer.headers.get('Content-Disposition')).toContain(
      'statement-A-2026-03-01-2026-03-31.pdf',
    );
    const copy = await answer.arrayBuffer();
    const text = await textOf(copy);
    for (const said of [
      'Statement of account',
      'FV/2',
      'KOR/2',
      'Überweisung',
      '675.00',
      '99,999,999.99',
    ]) {
      expect(text).toContain(said);
    }
    const { reference } = await stampOn(copy);
    const traced = await org.approver.get<{ stamp: { document: object } }>(`stamps/${reference}`);
    expect(traced.body).toMatchObject({
      stamp: { document: { kind: 'statement', number: '2026-03-01 2026-03-31', live: false } },
    });
  });

  test('leaves its event, with the period', async () => {
    const events = await stack.sql(
      `select action, detail->>'format' as format, detail->>'from' as first from audit.events
        where org_id = $1 and action like 'statement.%' and detail->>'from' = '2026-03-01' group by 1, 2, 3 order by 1, 2`,
      [org.id],
    );
    expect(events).toEqual([
      { action: 'statement.downloaded', format: 'csv', first: '2026-03-01' },
      { action: 'statement.downloaded', format: 'pdf', first: '2026-03-01' },
      { action: 'statement.viewed', format: null, first: '2026-03-01' },
    ]);
  });
});

test('a statement that does not tie out is refused, and staff are told at once', async () => {
  const [was] = await stack.sql<{ body: string }>(
    "select pg_get_functiondef('portal.items_of(uuid, uuid, boolean, date)'::regprocedure) as body",
  );
  const body = was?.body ?? '';
  // A cent that one half of the account knows of and the other does not.
  await stack.sql(
    body.replace(
      'x.amount - x.paid - x.credited end as open',
      'x.amount - x.paid - x.credited + 0.01 end as open',
    ),
  );
  try {
    for (const path of ['statement', 'statement.csv', 'statement.pdf']) {
      const answer = await customer.me<Refusal>(`${path}?${MARCH}`);
      expect([answer.status, answer.body.error.code]).toEqual([500, 'statement_broken']);
    }
  } finally {
    await stack.sql(body);
  }
  const { body: told } = await org.clerk.get<{ alerts: { kind: string; params: object }[] }>(
    'alerts',
  );
  expect(told.alerts.filter(({ kind }) => kind === 'statement_broken')).toMatchObject([
    { params: { customerCode: 'A', from: '2026-03-01', to: '2026-03-31', currency: 'EUR' } },
  ]);
  const events = await stack.sql(
    `select action, detail->>'code' as code, subject_id from audit.events
      where org_id = $1 and (action = 'alert.raised' or detail->>'code' = 'statement_broken') order by action`,
    [org.id],
  );
  expect(events).toEqual([
    { action: 'alert.raised', code: null, subject_id: '2026-03-01 2026-03-31 EUR' },
    ...Array.from({ length: 3 }, () => ({
      action: 'request.refused',
      code: 'statement_broken',
      subject_id: null,
    })),
  ]);
  expect((await customer.me(`statement?${MARCH}`)).status).toBe(200);
});

test('a statement whose rows do not come to its bounds is refused too', async () => {
  const [was] = await stack.sql<{ body: string }>(
    "select pg_get_functiondef('staff.statement_of(uuid, uuid, date, date, boolean)'::regprocedure) as body",
  );
  const body = was?.body ?? '';
  await stack.sql(
    body.replace('sum(m.amount) over w as balance', 'sum(m.amount) over w + 0.01 as balance'),
  );
  try {
    const answer = await customer.me<Refusal>(`statement?${MARCH}`);
    expect([answer.status, answer.body.error.code]).toEqual([500, 'statement_broken']);
  } finally {
    await stack.sql(body);
  }
  expect((await customer.me(`statement?${MARCH}`)).status).toBe(200);
});
