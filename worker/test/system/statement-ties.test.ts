/** Whatever is invoiced, credited and paid: a statement ties out to the cent, however its time is cut. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  figuresOf,
  type StatementBlock,
  type StatementFigures,
  type StatementRows,
} from '../../domain/statement.ts';
import { contactOf, customerRow, makeLink, makeOrg, type Org, publish } from '../cast.ts';
import { eyesOf } from '../eyes.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customerId: string;
let seen: Awaited<ReturnType<typeof eyesOf>>;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('TIES', org)]);
  ({ customerId } = await contactOf(stack, org, 'TIES'));
  await makeLink(stack, org, 'TIES');
  seen = await eyesOf(stack, org, 'TIES');
});

/** Cents, exactly: no figure is ever a float. */
function cents(amount: string | null): bigint {
  const [, sign = '', whole = '0', part = '00'] =
    /^(-?)(\d+)\.(\d\d)$/.exec(amount ?? '0.00') ?? [];
  const value = BigInt(whole) * 100n + BigInt(part);
  return sign === '' ? value : -value;
}
const sum = (amounts: Iterable<bigint>) => Array.from(amounts).reduce((all, one) => all + one, 0n);
const written = (value: number) => (value / 100).toFixed(2);

const FIRST_DAY = Date.UTC(2026, 0, 1);
const dayOf = (at: number) => new Date(FIRST_DAY + at * 86_400_000).toISOString().slice(0, 10);
const DAYS = 60;

const amount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 500_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 9_999_999_999) },
  { weight: 1, arbitrary: fc.integer({ min: -50_000, max: -1 }) },
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const currency = fc.constantFrom('EUR', 'EUR', 'USD');
const dated = fc.option(fc.integer({ min: 0, max: DAYS - 1 }), { nil: null, freq: 8 });
// What is not shown of a paper is null. A total that is missing takes its whole currency out, so it is rare.
const shown = fc.oneof(
  { weight: 30, arbitrary: fc.record({ currency, total: amount }) },
  { weight: 4, arbitrary: fc.constant({ currency: null, total: null }) },
  { weight: 1, arbitrary: fc.record({ currency, total: fc.constant(null) }) },
  { weight: 1, arbitrary: fc.record({ currency: fc.constant(null), total: amount }) },
);
const paper = fc.record({
  shown,
  paid: maybe(amount),
  issued: dated,
  due: maybe(fc.integer({ min: 0, max: 200 })),
});
const which = fc.nat({ max: 5 });
const named = fc
  .tuple(fc.constantFrom('I', 'I', 'I', 'C'), which)
  .map(([kind, at]) => `${kind}${at}`);
const history = fc.record({
  invoices: fc.array(paper, { maxLength: 6 }),
  notes: fc.array(fc.record({ ...{ paper }, of: maybe(which) }), { maxLength: 4 }),
  payments: fc.array(
    fc.record({
      currency,
      amount,
      on: fc.integer({ min: 0, max: DAYS - 1 }),
      // What a payment names: an invoice mostly, sometimes a credit note, and either may not be there.
      parts: fc.uniqueArray(fc.record({ of: named, amount }), {
        maxLength: 3,
        selector: ({ of }) => of,
      }),
    }),
    { maxLength: 5 },
  ),
  cuts: fc.uniqueArray(fc.integer({ min: 1, max: DAYS - 1 }), { maxLength: 3 }),
});
type History = typeof history extends fc.Arbitrary<infer H> ? H : never;

/** The rows as an approval would have made them. */
async function write({ invoices, notes, payments }: History) {
  const papers = [
    ...invoices.map((one, at) => ({ ...one, kind: 'invoice', number: `I${at}`, credits: null })),
    ...notes.map(({ paper: one, of }, at) => ({
      ...one,
      kind: 'credit_note',
      number: `C${at}`,
      credits: of === null ? null : `I${of}`,
    })),
  ].map(({ issued, due, paid, shown: { currency: of, total }, ...one }) => ({
    ...one,
    currency: of,
    issued_on: issued === null ? null : dayOf(issued),
    due_on: due === null ? null : dayOf(due),
    total: total === null ? null : written(total),
    paid: paid === null ? null : written(paid),
  }));
  const money = payments.map(({ on, amount: paid, currency: of }, at) => ({
    number: `P${at}`,
    paid_on: dayOf(on),
    currency: of,
    amount: written(paid),
  }));
  const parts = payments.flatMap(({ parts: given }, at) =>
    given.map(({ of, amount: share }) => ({
      payment: `P${at}`,
      of,
      amount: written(share),
    })),
  );
  await stack.sql('delete from portal.payments where customer_id = $1', [customerId]);
  await stack.sql('delete from portal.invoices where customer_id = $1', [customerId]);
  await stack.sql(
    `insert into portal.invoices (org_id, customer_id, number, number_key, kind, issued_on, due_on, currency, total, paid, credits_key)
     select $1, $2, r.number, r.number, r.kind, r.issued_on, r.due_on, r.currency, r.total, r.paid, r.credits
       from jsonb_to_recordset($3::jsonb) r(number text, kind text, issued_on date, due_on date, currency text, total numeric,
                                            paid numeric, credits text)`,
    [org.id, customerId, JSON.stringify(papers)],
  );
  await stack.sql(
    `insert into portal.payments (org_id, customer_id, number, number_key, paid_on, currency, amount)
     select $1, $2, r.number, r.number, r.paid_on, r.currency, r.amount
       from jsonb_to_recordset($3::jsonb) r(number text, paid_on date, currency text, amount numeric)`,
    [org.id, customerId, JSON.stringify(money)],
  );
  await stack.sql(
    `insert into portal.payment_allocations (org_id, customer_id, payment_id, invoice_number, invoice_key, amount)
     select $1, $2, p.id, r."of", r."of", r.amount
       from jsonb_to_recordset($3::jsonb) r(payment text, "of" text, amount numeric)
       join portal.payments p on p.org_id = $1 and p.number_key = r.payment`,
    [org.id, customerId, JSON.stringify(parts)],
  );
}

async function accountOf(from: string, to: string): Promise<StatementFigures> {
  const [row] = (await seen(`select portal.statement('${from}', '${to}') as account`)) as {
    account: StatementRows;
  }[];
  if (row === undefined) throw new Error('no account');
  return figuresOf(row.account);
}
const blockOf = ({ blocks }: StatementFigures, wanted: string) =>
  blocks.find(({ currency: has }) => has === wanted);

/** One block's own identities. */
function expectTiesOut({ opening, debits, credits, closing, aging, movements }: StatementBlock) {
  expect(cents(closing)).toBe(cents(opening) + cents(debits) - cents(credits));
  expect(cents(closing)).toBe(sum(Object.values(aging).map(cents)));
  expect(sum(movements.map(({ debit }) => cents(debit)))).toBe(cents(debits));
  expect(sum(movements.map(({ credit }) => cents(credit)))).toBe(cents(credits));
  let running = cents(opening);
  for (const { debit, credit, balance } of movements) {
    running += cents(debit) - cents(credit);
    expect(cents(balance)).toBe(running);
  }
  expect(cents(aging.unallocated ?? '')).toBeLessThanOrEqual(0n);
}

test('closing is opening and what moved, the open items and their ages, for every history and every cut', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (told) => {
      await write(told);
      const whole = await accountOf(dayOf(0), dayOf(DAYS - 1));
      const balances = (await seen(
        'select currency, outstanding::text from portal.balances()',
      )) as {
        currency: string;
        outstanding: string;
      }[];
      for (const block of whole.blocks) expectTiesOut(block);
      for (const { currency: of, outstanding } of balances) {
        expect(cents(blockOf(whole, of)?.closing ?? null)).toBe(cents(outstanding));
      }
      const cuts = [0, ...told.cuts.toSorted((a, b) => a - b), DAYS];
      const parts: StatementFigures[] = [];
      for (const [at, from] of cuts.slice(0, -1).entries()) {
        parts.push(await accountOf(dayOf(from), dayOf((cuts[at + 1] ?? DAYS) - 1)));
      }
      for (const of of ['EUR', 'USD']) {
        const blocks = parts.map((part) => blockOf(part, of));
        for (const [at, block] of blocks.entries()) {
          if (block) expectTiesOut(block);
          const before = at === 0 ? blockOf(whole, of)?.opening : blocks[at - 1]?.closing;
          expect(cents(block?.opening ?? null)).toBe(cents(before ?? null));
        }
        expect(cents(blocks.at(-1)?.closing ?? null)).toBe(
          cents(blockOf(whole, of)?.closing ?? null),
        );
        const moved = (of_: 'debits' | 'credits') =>
          sum(blocks.map((block) => cents(block?.[of_] ?? null)));
        expect(moved('debits')).toBe(cents(blockOf(whole, of)?.debits ?? null));
        expect(moved('credits')).toBe(cents(blockOf(whole, of)?.credits ?? null));
      }
    }),
    { numRuns: 100 },
  );
}, 240_000);
