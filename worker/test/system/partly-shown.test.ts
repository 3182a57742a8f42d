/** What a customer is shown of payments only in part: no balance rests on what is hidden, and none is made up. */
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Statement } from '../../domain/statement.ts';
import { drawMonthlyStatements } from '../../jobs/draw-statements.ts';
import type { InvoicePage, InvoicesPage } from '../../routes/portal/invoices.ts';
import { DOCUMENT_KINDS, EXPOSABLE_FIELDS, type ExposableField } from '../../vocabulary.ts';
import { invoice, note, part, payment, publishBills } from '../bills.ts';
import {
  type Cells,
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
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, {
    hourlyRequestLimit: 5000,
    sendsStatements: true,
    paymentLink: 'https://pay.acme.example/{invoice_number}?a={balance}',
  });
});

/** From the next request on, all is shown but these. */
async function hide(code: string, ...hidden: ExposableField[]) {
  const fields = EXPOSABLE_FIELDS.filter((field) => !hidden.includes(field));
  const body = { customerKey: code, kinds: DOCUMENT_KINDS, fields };
  expect((await org.owner.put('exposures', body)).status).toBe(200);
}

/** What an export says was paid, by number. */
const paidIn = (csv: string) =>
  parse<Record<string, string>>(csv, { columns: true, bom: true })
    .map(({ invoice_number, paid }) => `${invoice_number} ${paid || '?'}`)
    .sort();
const EXPORT = `exports/invoices?format=csv&from=2026-01-01&to=${day(0)}`;

type Previewed = { header: string[]; rows: string[][] };

/** Every place that says what is owed. */
async function seenBy(code: string) {
  const customer = await signIn(stack, org, code);
  const { invoices, totals } = (await customer.me<InvoicesPage>('invoices')).body;
  const pages = await Promise.all(
    invoices.map(async ({ id }) => (await customer.me<InvoicePage>(`invoices/${id}`)).body),
  );
  const { balances } = (await customer.me<{ balances: object[] }>('home')).body;
  const { statement } = (await customer.me<{ statement: Statement }>('statement')).body;
  const csv = await (await customer.bytes(EXPORT)).text();
  const { header, rows } = (await customer.me<Previewed>(EXPORT.replace('invoices', 'preview')))
    .body;
  const paidAt = header.indexOf('paid');
  const numberAt = header.indexOf('invoice_number');
  return {
    left: invoices
      .map(({ number, open, status }) => `${number} ${open ?? '?'} ${status ?? '?'}`)
      .sort(),
    onPages: pages.map(({ invoice: { number, open } }) => `${number} ${open ?? '?'}`).sort(),
    payable: pages.filter(({ payAt }) => payAt !== null).map(({ invoice: one }) => one.number),
    total: totals.map(({ open }) => open),
    balances,
    closing: statement.figures.blocks.map(({ currency, closing }) => `${closing} ${currency}`),
    leftOut: statement.figures.leftOut,
    exported: paidIn(csv),
    previewed: rows.map((cells) => `${cells[numberAt]} ${cells[paidAt] || '?'}`).sort(),
  };
}
const unknown = (...numbers: string[]) => ({
  left: numbers.map((number) => `${number} ? ?`),
  onPages: numbers.map((number) => `${number} ?`),
  payable: [],
  total: [null],
  balances: [],
  closing: [],
  leftOut: ['EUR'],
  exported: numbers.map((number) => `${number} ?`),
  previewed: numbers.map((number) => `${number} ?`),
});

/** Two invoices of which one is settled, as a column says it and as payments do. */
const BY_COLUMN = (tag: string): Cells[] => [
  invoice(`${tag}1`, '100.00', { paid: '100.00' }),
  invoice(`${tag}2`, '40.00', { paid: '0.00' }),
];
const BY_PAYMENT = (tag: string): Cells[] => [
  invoice(`${tag}1`, '100.00'),
  invoice(`${tag}2`, '40.00'),
  payment(`${tag}P`, '100.00', part(`${tag}1`, '100.00')),
];
const known = (tag: string, unpaid = '?') => ({
  left: [`${tag}1 0.00 paid`, `${tag}2 40.00 overdue`],
  onPages: [`${tag}1 0.00`, `${tag}2 40.00`],
  payable: [`${tag}2`],
  total: ['40.00'],
  balances: [{ currency: 'EUR', outstanding: '40.00', overdue: '40.00', credit: '0.00' }],
  closing: ['40.00 EUR'],
  leftOut: [],
  exported: [`${tag}1 100.00`, `${tag}2 ${unpaid}`],
  previewed: [`${tag}1 100.00`, `${tag}2 ${unpaid}`],
});

describe('what is owed is not known, anywhere', () => {
  test('where only the column that says what was paid is kept back', async () => {
    await publishBills(org, 'COLUMN', BY_COLUMN('A'));
    expect(await seenBy('COLUMN')).toEqual(known('A', '0.00'));
    await hide('COLUMN', 'paid');
    expect(await seenBy('COLUMN')).toEqual(unknown('A1', 'A2'));
  });

  test('where only the payments are', async () => {
    await publishBills(org, 'PAYMENTS', BY_PAYMENT('B'));
    expect(await seenBy('PAYMENTS')).toEqual(known('B'));
    await hide('PAYMENTS', 'payment_amount');
    expect(await seenBy('PAYMENTS')).toEqual(unknown('B1', 'B2'));
  });

  test('where a payment that is kept back went to nothing that is shown', async () => {
    await publishBills(org, 'ACCOUNT', [invoice('C1', '40.00'), payment('CP', '15.00')]);
    await hide('ACCOUNT', 'payment_amount');
    expect(await seenBy('ACCOUNT')).toEqual(unknown('C1'));
  });

  test('where the column and the payments that are kept back do not say the same', async () => {
    await publishBills(org, 'DIFFER', [
      invoice('D1', '100.00', { paid: '60.00' }),
      payment('DP', '90.00', part('D1', '90.00')),
    ]);
    await hide('DIFFER', 'payment_amount');
    expect(await seenBy('DIFFER')).toEqual(unknown('D1'));
  });

  test('nor does a month end with a statement of it', async () => {
    await publishBills(org, 'MONTH', [
      invoice('E1', '100.00', { invoice_date: '2026-01-10', paid: '100.00' }),
    ]);
    await publishBills(org, 'MONTH-B', [invoice('F1', '100.00', { invoice_date: '2026-01-10' })]);
    await hide('MONTH', 'paid');
    await drawMonthlyStatements({ database: stack.system, now: new Date('2026-03-01T12:00:00Z') });
    const drawn = await stack.sql(
      `select number from portal.documents where org_id = $1 and kind = 'statement' and number like '%MONTH%'`,
      [org.id],
    );
    expect(drawn).toEqual([{ number: 'ST-2026-02-MONTH-B' }]);
  });
});

describe('what is owed is known', () => {
  test('where the payments say all that the column that is kept back does', async () => {
    await publishBills(org, 'BOTH', [
      invoice('G1', '100.00', { paid: '100.00' }),
      invoice('G2', '40.00'),
      payment('GP', '100.00', part('G1', '100.00')),
    ]);
    await hide('BOTH', 'paid');
    expect(await seenBy('BOTH')).toEqual(known('G'));
  });

  test('where the column says all that the payments that are kept back do', async () => {
    await publishBills(org, 'SAME', [
      invoice('H1', '100.00', { paid: '100.00' }),
      invoice('H2', '40.00'),
      note('HC', '-10.00', '', { paid: '10.00' }),
      payment('HP', '90.00', part('H1', '100.00')),
      payment('HP', '90.00', part('HC', '-10.00')),
    ]);
    await hide('SAME', 'payment_amount');
    expect(await seenBy('SAME')).toMatchObject({
      left: ['H1 0.00 paid', 'H2 40.00 overdue', 'HC 0.00 credited'],
      balances: [{ outstanding: '40.00' }],
      leftOut: [],
    });
  });

  test('where nothing was ever paid', async () => {
    for (const hidden of ['paid', 'payment_amount'] as const) {
      const code = `NEVER-${hidden}`.toUpperCase();
      await publishBills(org, code, [invoice(`I-${hidden}`, '100.00', { paid: '0.00' })]);
      await hide(code, hidden);
      expect(await seenBy(code)).toMatchObject({ left: [`I-${hidden} 100.00 overdue`] });
    }
  });
});

test('an export says what was paid as the invoice’s page does, in the supplier’s books too', async () => {
  const own = await makeOrg(stack);
  const supplier = org;
  org = own;
  try {
    await publishBills(org, 'BOOKS', [
      invoice('L1', '100.00', { paid: '60.00' }),
      invoice('L2', '100.00', { paid: '60.00' }),
      note('LC', '-30.00', '', { paid: '5.00' }),
      payment('LP', '110.00', part('L1', '90.00')),
      payment('LP', '110.00', part('LC', '-20.00')),
      payment('LU', '4.00', { ...part('L2', '4.00'), currency: 'USD' }),
    ]);
    const paid = ['L1 90.00', 'L2 0.00', 'LC -20.00'];
    const customer = await signIn(stack, org, 'BOOKS');
    expect(paidIn(await (await customer.bytes(EXPORT)).text())).toEqual(paid);
    expect(paidIn((await org.clerk.get<string>(EXPORT)).body)).toEqual(paid);
    const { invoices } = (await customer.me<InvoicesPage>('invoices')).body;
    const pages = await Promise.all(
      invoices.map(
        async ({ id }) => (await customer.me<InvoicePage>(`invoices/${id}`)).body.invoice,
      ),
    );
    expect(
      pages.map(({ number, paid: said }) => `${number} ${Number(said).toFixed(2)}`).sort(),
    ).toEqual(paid);
  } finally {
    org = supplier;
  }
});

describe('what is shown again', () => {
  test.each([
    ['the column', 'J', BY_COLUMN, 'payment_amount'],
    ['the payments', 'K', BY_PAYMENT, 'paid'],
  ] as const)(
    'is shown of all that was approved, with whatever is approved next: %s',
    async (_, tag, rows, still) => {
      const code = `AGAIN-${tag}`;
      await publishBills(org, code, rows(tag));
      await hide(code, 'paid', 'payment_amount');
      await hide(code, still);
      expect(await seenBy(code)).toEqual(unknown(`${tag}1`, `${tag}2`));
      // What else is staged, tonight's whole file say, keeps none of it back.
      await stageRows(org, rows(tag));
      await publishBills(org, code, [invoice(`${tag}3`, '7.00')]);
      const seen = await seenBy(code);
      expect(seen).toMatchObject({
        left: [`${tag}1 0.00 paid`, `${tag}2 40.00 overdue`, `${tag}3 7.00 overdue`],
        balances: [{ outstanding: '47.00' }],
        closing: ['47.00 EUR'],
      });
    },
  );

  test('is all of it: orders, their lines and papers too, and of nobody else', async () => {
    for (const code of ['WIDER', 'NARROW']) {
      await publish(org, [customerRow(code, org), ...orderRows(code, code)], orderFiles(code));
      const fields = EXPOSABLE_FIELDS.filter(
        (field) => field !== 'po_number' && field !== 'line_total',
      );
      await org.owner.put('exposures', { customerKey: code, kinds: ['packing_slip'], fields });
    }
    await hide('WIDER');
    await hide('NARROW');
    await publish(org, [{ ...customerRow('WIDER', org), customer_country: 'DE' }]);
    const live = await stack.sql(
      `select b.code, o.po_number, m.total::text, count(d.id)::int as papers
         from portal.customers b
         join portal.orders o on o.customer_id = b.id
         left join portal.order_line_amounts m on m.order_id = o.id
         left join portal.documents d on d.order_id = o.id
        where b.org_id = $1 and b.code in ('WIDER', 'NARROW') group by 1, 2, 3 order by 1 desc`,
      [org.id],
    );
    expect(live).toEqual([
      { code: 'WIDER', po_number: 'PO-WIDER', total: '100.00', papers: 2 },
      { code: 'NARROW', po_number: null, total: null, papers: 1 },
    ]);
  });

  test('tells nobody of parcels that came long ago', async () => {
    const rows = orderRows('PARCEL', 'PARCEL').slice(0, 1);
    const event = {
      customer_code: 'PARCEL',
      order_number: 'SO-PARCEL',
      tracking_number: 'TRK-PARCEL',
      event_time: `${day(-90)}T10:00:00Z`,
      event_status: 'delivered',
    };
    await publish(org, [customerRow('PARCEL', org), ...rows, event]);
    await hide('PARCEL', 'tracking_number', 'po_number');
    await hide('PARCEL');
    await publish(org, [{ ...customerRow('PARCEL', org), customer_country: 'DE' }]);
    const told = await stack.sql(
      `select n.kind from portal.notifications n join portal.customers b on b.id = n.customer_id
        where b.org_id = $1 and b.code = 'PARCEL'`,
      [org.id],
    );
    expect(told.filter(({ kind }) => kind === 'shipment_status')).toEqual([]);
  });
});
