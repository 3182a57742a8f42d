/** Invoices for a customer's own books: what the files hold, what they leave out, and who may have them. */
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { EXPOSABLE_FIELDS, type LeftOutReason } from '../../vocabulary.ts';
import { customerRow, day, makeOrg, type Org, publish, setSettings, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { drawnInvoice, drawnOrder } from '../drawn-papers.ts';
import { type Stack, useStack } from '../stack.ts';

type Preview = {
  header: string[];
  rows: string[][];
  documents: number;
  sums: { currency: string; documents: number; net: string; tax: string; total: string }[];
  leftOut: { number: string; kind: string; reason: LeftOutReason }[];
  leftOutCount: number;
  asOf: string | null;
  unmapped: string[];
  rates: string[];
  withoutDueDate: number;
};

let stack: Stack;
let org: Org;
let customer: Customer;
/** A customer of the same supplier, of whom nothing is published but their name. */
let empty: Customer;
const PERIOD = `from=${day(-40)}&to=${day(0)}`;
const HOSTILE = '=cmd|"/c calc",\n+1 @SUM';

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack, 'Acme "Bolts", Ltd');
  await setSettings(org, { hourlyRequestLimit: 5000, contactEmail: 'ar@acme.example' });
  await publish(org, [
    { ...customerRow('A', org), customer_country: 'DE', customer_tax_id: 'DE123456789' },
    customerRow('EMPTY', org),
  ]);
  const order = drawnOrder('SO-1', { po_number: 'PO-77', order_total: '' });
  const credit = {
    document_kind: 'credit_note',
    document_number: 'CN-1',
    credited_invoice: 'INV-1',
  };
  const { invoice_number: _, ...creditRow } = drawnInvoice('CN-1', {
    net: '100.00',
    tax: '23.00',
    total: '123.00',
  });
  await publish(org, [
    {
      ...order,
      line_quantity: '10',
      line_unit_price: '40.00',
      line_total: '400.00',
      line_tax_rate: '23',
    },
    {
      ...drawnOrder('SO-1', { po_number: 'PO-77', order_total: '' }),
      line_number: '2',
      line_item_code: 'NUT-8',
      line_description: HOSTILE,
      line_quantity: '100',
      line_unit_price: '1.00',
      line_total: '100.00',
      line_tax_rate: '23',
    },
    drawnInvoice('INV-1', { order_number: 'SO-1' }),
    drawnInvoice('-INV-2', { net: '0.00', tax: '0.00', total: '0.00' }),
    drawnInvoice('INV-3', {
      net: '99999999.99',
      tax: '0.00',
      total: '99999999.99',
      currency: 'USD',
    }),
    drawnInvoice('INV-4', { tax: '115.01' }),
    { ...creditRow, ...credit },
    drawnInvoice('INV-OLD', { invoice_date: day(-200), due_date: day(-170) }),
  ]);
  customer = await signIn(stack, org, 'A');
  empty = await signIn(stack, org, 'EMPTY');
});

const preview = async (format: string, by = customer, period = PERIOD) => {
  const { status, body } = await by.me<Preview>(`exports/preview?format=${format}&${period}`);
  expect(status).toBe(200);
  return body;
};
const take = (format: string, more = '', by = customer) =>
  by.bytes(`exports/invoices?format=${format}&${PERIOD}${more}`);
const parsed = (text: string): Record<string, string>[] =>
  parse(text, { columns: true, bom: true });
const taken = async (format: string, more = '') => {
  const answer = await take(format, more);
  expect(answer.status).toBe(200);
  return { headers: answer.headers, rows: parsed(await answer.text()) };
};
const events = (action: string) =>
  stack.sql<{ detail: Record<string, unknown>; subject_id: string; actor_kind: string }>(
    'select detail, subject_id, actor_kind from audit.events where org_id = $1 and action = $2 order by id',
    [org.id, action],
  );

describe('bills for Xero', () => {
  test('are a row a line that add up to the invoice, credit notes below nothing', async () => {
    await customer.put('exports/mappings/xero', { account: '429', taxCodes: { '23': 'INPUT' } });
    const { headers, rows } = await taken('xero');
    expect(headers.get('Content-Disposition')).toContain(`xero-bills-${day(-40)}-${day(0)}.csv`);
    expect(headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
    const of = (number: string) => rows.filter((row) => row['*InvoiceNumber'] === number);
    expect(of('INV-1').map((row) => [row['*Quantity'], row['*UnitAmount'], row.TaxAmount])).toEqual(
      [
        ['10', '40.00', '92.00'],
        ['100', '1.00', '23.00'],
      ],
    );
    expect(of('INV-1')[0]).toMatchObject({
      '*ContactName': 'Acme "Bolts", Ltd',
      EmailAddress: 'ar@acme.example',
      Total: '615.00',
      '*AccountCode': '429',
      '*TaxType': 'INPUT',
      Currency: 'EUR',
    });
    expect(of('CN-1')).toMatchObject([
      { Total: '-123.00', '*UnitAmount': '-100.00', TaxAmount: '-23.00' },
    ]);
    expect(of('INV-3')).toMatchObject([{ '*UnitAmount': '99999999.99', Currency: 'USD' }]);
    // Text that would run in a spreadsheet is text; figures keep their sign.
    expect(rows.map((row) => row['*InvoiceNumber'])).toContain("'-INV-2");
    expect(of('INV-1')[1]?.Description).toBe('NUT-8 =cmd|"/c calc", +1 @SUM');
  });

  test('say days as the region does', async () => {
    const [year, month, date] = day(-4).split('-');
    const issued = async (more: string) => (await taken('xero', more)).rows[0]?.['*InvoiceDate'];
    expect(await issued('')).toBe(`${date}/${month}/${year}`);
    expect(await issued('&dates=mdy')).toBe(`${month}/${date}/${year}`);
    expect(await issued('&dates=ymd')).toBe(day(-4));
  });

  test('that cannot be booked are named, with why', async () => {
    const body = await preview('xero');
    expect(body.leftOut).toEqual([{ number: 'INV-4', kind: 'invoice', reason: 'sums' }]);
    expect(body.documents).toBe(4);
    expect(Date.parse(body.asOf ?? '')).toBeGreaterThan(Date.now() - 3_600_000);
    expect(body.sums).toEqual([
      { currency: 'EUR', documents: 3, net: '400.00', tax: '92.00', total: '492.00' },
      { currency: 'USD', documents: 1, net: '99999999.99', tax: '0.00', total: '99999999.99' },
    ]);
    expect([body.rates, body.unmapped]).toEqual([['0', '23'], ['taxCodes.0']]);
    expect(body.header).toContain('InvoiceNumber');
    expect(body.rows).toHaveLength(5);
  });
});

describe('other formats', () => {
  test('a generic CSV holds every figure that is shown, and leaves out nothing', async () => {
    const { rows } = await taken('csv');
    expect(new Set(rows.map((row) => row.invoice_number))).toEqual(
      new Set(['INV-1', "'-INV-2", 'INV-3', 'INV-4', 'CN-1']),
    );
    expect(rows.find((row) => row.invoice_number === 'INV-4')).toMatchObject({
      net: '500.00',
      tax: '115.01',
      total: '615.00',
      line_net: '',
    });
    expect(rows.find((row) => row.invoice_number === 'CN-1')).toMatchObject({
      kind: 'credit_note',
      credited_invoice: 'INV-1',
      total: '-123.00',
      order_number: 'SO-1',
      po_number: 'PO-77',
    });
    expect(rows.find((row) => row.item_code === 'NUT-8')?.description).toBe(
      // A spreadsheet with another separator ends the row at the line's end.
      `'${HOSTILE.replace('+', "'+")}`,
    );
  });

  test('Sage has no currency, so each has a file of its own', async () => {
    const answer = await take('sage50');
    expect(answer.headers.get('Content-Type')).toBe('application/zip');
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
    expect(Object.keys(files).sort()).toEqual(['sage50-EUR.csv', 'sage50-USD.csv']);
    const rows: string[][] = parse(new TextDecoder().decode(files['sage50-EUR.csv']));
    expect(
      rows.map(([type, , , , , reference, , net, , tax]) => [type, reference, net, tax]),
    ).toEqual([
      ['PI', "'-INV-2", '0.00', '0.00'],
      ['PC', 'CN-1', '100.00', '23.00'],
      ['PI', 'INV-1', '400.00', '92.00'],
      ['PI', 'INV-1', '100.00', '23.00'],
    ]);
  });

  test('QuickBooks books tax on a line of its own', async () => {
    await customer.put('exports/mappings/quickbooks', { account: 'Parts', taxAccount: 'VAT' });
    const { rows } = await taken('quickbooks');
    const lines = rows.filter((row) => row['*BillNo'] === 'INV-1');
    expect((await preview('quickbooks')).leftOut).toContainEqual({
      number: 'CN-1',
      kind: 'credit_note',
      reason: 'credit',
    });
    expect(lines.map((row) => [row['*Account'], row['*LineAmount']])).toEqual([
      ['Parts', '400.00'],
      ['Parts', '100.00'],
      ['VAT', '115.00'],
    ]);
  });

  test('UBL asks who sells, and is then a document a file', async () => {
    const before = (await events('export.downloaded')).length;
    const refused = await take('ubl');
    expect([refused.status, (await refused.json()) as object]).toMatchObject([
      422,
      { error: { code: 'invalid', fields: { sellerTaxId: 'is not mapped' } } },
    ]);
    // A HEAD says as much, so that nobody has to take the file to learn why there is none.
    const asked = await customer.bytes(`exports/invoices?format=ubl&${PERIOD}`, 'HEAD');
    expect([asked.status, decodeURIComponent(asked.headers.get('X-Refusal') ?? '')]).toEqual([
      422,
      expect.stringContaining('"sellerTaxId":"is not mapped"'),
    ]);
    // Nor has anything been taken.
    expect((await events('export.downloaded')).length).toBe(before);
    await customer.put('exports/mappings/ubl', {
      sellerTaxId: 'PL5260250274',
      sellerCountry: 'PL',
    });
    const files = unzipSync(new Uint8Array(await (await take('ubl')).arrayBuffer()));
    expect(Object.keys(files).sort()).toEqual(['-INV-2.xml', 'CN-1.xml', 'INV-1.xml', 'INV-3.xml']);
    const text = new TextDecoder().decode(files['CN-1.xml']);
    expect(text).toContain('<cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>');
    expect(text).toContain('<cbc:PayableAmount currencyID="EUR">123.00</cbc:PayableAmount>');
    // What is left out of the file is not in its event either: INV-4 does not add up.
    expect((await events('export.downloaded')).at(-1)?.detail.documents).toBe(4);
  });
});

describe('codes', () => {
  test('are remembered for the whole company, and their change is told', async () => {
    const before = (await events('export.mapped')).length;
    const codes = { account: '200', dates: 'mdy', taxCodes: { '8.25': 'T8' } };
    expect((await customer.put('exports/mappings/csv', codes)).status).toBe(200);
    expect((await customer.put('exports/mappings/csv', codes)).status).toBe(200);
    expect((await events('export.mapped')).length).toBe(before + 1);
    const colleague = await signIn(stack, org, 'A');
    expect((await colleague.me('exports/mappings/csv')).body).toEqual({ codes });
    expect((await empty.me('exports/mappings/csv')).body).toEqual({ codes: {} });
    const page = await colleague.me<{ mappings: { format: string }[] }>('exports');
    expect(page.body.mappings[0]?.format).toBe('csv');
  });

  test('of a shape of their own are refused', async () => {
    for (const codes of [
      { account: '' },
      { sellerCountry: 'Poland' },
      { taxCodes: { twenty: 'T1' } },
      { somethingElse: '1' },
      { account: 'a\nb' },
    ]) {
      expect((await customer.put('exports/mappings/csv', codes)).status).toBe(422);
    }
    expect((await customer.put('exports/mappings/nothing', { account: '1' })).status).toBe(404);
  });

  test('are of a kind that the format has: others would be booked as something else', async () => {
    const kept = async (format: string, taxCodes: Record<string, string>) => {
      const { status, body } = await customer.put<{ error?: { fields: object } }>(
        `exports/mappings/${format}`,
        { sellerTaxId: 'PL5260250274', sellerCountry: 'PL', taxCodes },
      );
      return [status, Object.keys(body.error?.fields ?? {})];
    };
    expect(await kept('sage50', { '23': 'T1', '0': 'T10', '8': 'VAT' })).toEqual([
      422,
      ['taxCodes.8'],
    ]);
    expect(await kept('sage50', { '23': 'T1', '0': 'T99' })).toEqual([200, []]);
    expect(await kept('ubl', { '0': 'K' })).toEqual([422, ['taxCodes.0']]);
    expect(await kept('ubl', { '0': 'E' })).toEqual([200, []]);
  });
});

describe('what is asked for', () => {
  test('is a period the right way round, of two years at most', async () => {
    const asked = async (query: string) => {
      const { status, body } = await customer.me<{ error: { fields: object } }>(
        `exports/preview?format=csv&${query}`,
      );
      return [status, Object.keys(body.error?.fields ?? {})];
    };
    expect(await asked('from=2026-02-01&to=2026-01-31')).toEqual([422, ['to']]);
    expect(await asked('from=2024-02-01&to=2026-02-02')).toEqual([422, ['to']]);
    expect(await asked('from=2024-02-01&to=2026-02-01')).toEqual([200, []]);
    expect(await asked('from=2026-02-01')).toEqual([422, ['to']]);
    expect(await asked('from=yesterday&to=2026-02-01')).toEqual([422, ['from']]);
    expect((await customer.me(`exports/preview?format=excel&${PERIOD}`)).status).toBe(422);
  });

  test('is written down once it is taken, and not when it is looked at', async () => {
    const before = (await events('export.downloaded')).length;
    await preview('csv');
    expect((await customer.bytes(`exports/invoices?format=csv&${PERIOD}`, 'HEAD')).status).toBe(
      200,
    );
    expect((await events('export.downloaded')).length).toBe(before);
    await take('csv');
    expect((await events('export.downloaded')).slice(before)).toEqual([
      {
        actor_kind: 'customer',
        subject_id: 'csv',
        detail: { from: day(-40), to: day(0), documents: 5 },
      },
    ]);
  });

  test('is nothing for a customer who has nothing', async () => {
    expect(await preview('xero', empty)).toMatchObject({ documents: 0, rows: [], leftOut: [] });
    expect((await take('xero', '', empty)).status).toBe(404);
    expect((await empty.me(`packs/month.zip?${PERIOD}`)).status).toBe(404);
  });

  test('is nothing through a link without financials', async () => {
    const narrow = await signIn(stack, org, 'A', 'no_financials');
    expect(await preview('csv', narrow)).toMatchObject({ documents: 0, rows: [], leftOut: [] });
    expect((await take('csv', '', narrow)).status).toBe(404);
    expect((await narrow.me('exports/mappings/xero')).body).toEqual({ codes: {} });
    expect((await narrow.put('exports/mappings/xero', { account: '1' })).status).toBe(404);
    expect((await narrow.me<{ mappings: [] }>('exports')).body.mappings).toEqual([]);
  });
});

describe('a month in one file', () => {
  const packed = async (query: string) => {
    const answer = await customer.bytes(`packs/month.zip?${query}`);
    expect(answer.status).toBe(200);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect(Number(answer.headers.get('Content-Length'))).toBe(bytes.byteLength);
    return unzipSync(bytes);
  };

  test('holds the papers, an index, and the export in the format that was saved last', async () => {
    await setSettings(org, { drawsInvoiceCopies: true });
    await customer.put('exports/mappings/xero', { account: '429' });
    const files = await packed(PERIOD);
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['index.csv', 'xero-bills.csv', 'INV-1.pdf']),
    );
    const listed = parsed(new TextDecoder().decode(files['index.csv']));
    expect(listed.map((row) => row.file)).toContain('INV-1.pdf');
    const statement = `statement-A-${day(-40)}-${day(0)}`;
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([`${statement}.pdf`, `${statement}.csv`]),
    );
    // Every file but the index has its row, and what the export left out has one that says why.
    const named = listed.filter((row) => row.file !== '');
    expect(new Set(['index.csv', ...named.map((row) => row.file?.replace(/^'/, ''))])).toEqual(
      new Set(Object.keys(files)),
    );
    expect(named.find((row) => row.file === `${statement}.pdf`)).toMatchObject({
      kind: 'statement',
      reference: expect.stringMatching(/^[0-9A-F]{4}(-[0-9A-F]{4}){3}$/),
    });
    expect(named.find((row) => row.file === 'xero-bills.csv')?.kind).toBe('export');
    expect(listed.filter((row) => row.file === '')).toMatchObject([
      { kind: 'invoice', number: 'INV-4', left_out: 'sums' },
    ]);
    expect((await events('statement.downloaded')).length).toBe(1);
    const downloads = await events('document.downloaded');
    expect(downloads.some(({ detail }) => detail.zip === true)).toBe(true);
    expect((await events('export.downloaded')).at(-1)).toMatchObject({ subject_id: 'xero' });
  });

  test('writes days as it is told to', async () => {
    const [year, month, date] = day(-4).split('-');
    for (const [dates, written] of [
      ['mdy', `${month}/${date}/${year}`],
      ['dmy', `${date}/${month}/${year}`],
    ]) {
      const files = await packed(`${PERIOD}&dates=${dates}`);
      const bills = parsed(new TextDecoder().decode(files['xero-bills.csv']));
      expect(bills.map((row) => row['*InvoiceDate'])).toContain(written);
    }
  });

  test('has a generic CSV where the format that was saved last cannot be written', async () => {
    const { codes } = (await customer.me<{ codes: object }>('exports/mappings/ubl')).body;
    await customer.put('exports/mappings/ubl', { sellerCountry: 'PL' });
    const files = await packed(PERIOD);
    expect(Object.keys(files)).toContain('bills.csv');
    const listed = parsed(new TextDecoder().decode(files['index.csv']));
    expect(listed.filter((row) => row.file === '')).toMatchObject([
      { kind: 'export', number: 'ubl', left_out: 'sellerTaxId' },
      { kind: 'invoice', number: 'INV-4', left_out: 'sums' },
    ]);
    expect((await events('export.downloaded')).at(-1)).toMatchObject({
      subject_id: 'csv',
      detail: { documents: 5 },
    });
    await customer.put('exports/mappings/ubl', codes);
    await customer.put('exports/mappings/xero', { account: '429', department: '1' });
  });

  test('of too many papers takes nothing, of the statement and the export neither', async () => {
    const before = [await events('export.downloaded'), await events('statement.downloaded')];
    await stack.sql(
      `insert into portal.documents (org_id, customer_id, kind, number, number_key, dated_on, file_name, served)
       select org_id, id, 'invoice', 'MANY-' || n, 'MANY-' || n, current_date - 300, 'x.pdf', 'drawn'
         from portal.customers, generate_series(1, 201) n where org_id = $1 and code = 'A'`,
      [org.id],
    );
    const days = `from=${day(-301)}&to=${day(0)}`;
    const { status, body } = await customer.me<{ error: { code: string } }>(
      `packs/month.zip?${days}`,
    );
    expect([status, body.error.code]).toEqual([422, 'too_many_documents']);
    expect([await events('export.downloaded'), await events('statement.downloaded')]).toEqual(
      before,
    );
    await stack.sql(`delete from portal.documents where org_id = $1 and number like 'MANY-%'`, [
      org.id,
    ]);
  });

  test('is there for a HEAD as it is for a GET: a statement alone is something', async () => {
    const days = `from=${day(-399)}&to=${day(-398)}`;
    const before = await events('statement.downloaded');
    const asked = await customer.bytes(`packs/month.zip?${days}`, 'HEAD');
    expect(asked.status).toBe(200);
    expect(await events('statement.downloaded')).toEqual(before);
    const files = await packed(days);
    expect(Object.keys(files).sort()).toEqual([
      'index.csv',
      `statement-A-${day(-399)}-${day(-398)}.csv`,
      `statement-A-${day(-399)}-${day(-398)}.pdf`,
    ]);
  });

  test('or all of one PO number, and no other’s', async () => {
    await publish(org, [
      customerRow('B', org),
      drawnOrder('SO-B', { po_number: 'PO-77' }, 'B'),
      { ...drawnInvoice('INV-B', { order_number: 'SO-B' }), customer_code: 'B' },
    ]);
    const files = await packed('po=po-77');
    const bills = parsed(new TextDecoder().decode(files['xero-bills.csv']));
    expect(new Set(bills.map((row) => row['*InvoiceNumber']))).toEqual(new Set(['INV-1', 'CN-1']));
    // A credit note that names only its invoice is of that one's order: its paper comes along as its row does.
    expect(Object.keys(files)).toEqual(expect.arrayContaining(['INV-1.pdf', 'CN-1.pdf']));
    expect(Object.keys(files)).not.toContain('INV-B.pdf');
    expect(Object.keys(files).filter((name) => name.startsWith('statement'))).toEqual([]);
    expect((await customer.me('packs/month.zip?po=PO-78')).status).toBe(404);
    expect((await customer.me(`packs/month.zip?po=PO-77&${PERIOD}`)).status).toBe(422);
    expect((await customer.me('packs/month.zip')).status).toBe(422);
  });
});

describe('the supplier’s own books', () => {
  test('hold all customers’ invoices or one’s, as sales, and it is written down', async () => {
    await org.clerk.put('exports/mappings/xero', { account: '4000', taxCodes: { '23': 'OUTPUT' } });
    const { body } = await org.clerk.get<string>(`exports/invoices?format=xero&${PERIOD}`);
    const rows = parsed(body);
    expect(rows.find((row) => row['*InvoiceNumber'] === 'INV-1')).toMatchObject({
      '*ContactName': 'Customer A',
      Reference: 'PO-77',
      '*AccountCode': '4000',
      '*TaxType': 'OUTPUT',
      POCountry: 'DE',
    });
    expect(new Set(rows.map((row) => row['*ContactName']))).toEqual(
      new Set(['Customer A', 'Customer B']),
    );
    const { customers } = (
      await org.clerk.get<{ customers: { id: string; code: string }[] }>('customers')
    ).body;
    const id = customers.find(({ code }) => code === 'B')?.id;
    const one = await org.clerk.get<string>(
      `exports/invoices?format=sage50&${PERIOD}&customer=${id}`,
    );
    expect(parse(one.body).map((row: string[]) => row.slice(0, 4))).toEqual([['SI', 'B', '', '0']]);
    expect((await events('export.downloaded')).at(-1)).toMatchObject({ actor_kind: 'staff' });
  });

  test('say what is held back, which no customer is told of', async () => {
    await publish(org, [
      drawnOrder('SO-HELD', { order_status: 'pending' }),
      drawnInvoice('INV-HELD', { order_number: 'SO-HELD' }),
    ]);
    const { body } = await org.clerk.get<Preview>(`exports/preview?format=csv&${PERIOD}`);
    expect(body.leftOut).toEqual([{ number: 'INV-HELD', kind: 'invoice', reason: 'held' }]);
    const { leftOut, documents } = await preview('csv');
    expect([leftOut, documents]).toEqual([[], 5]);
  });
});

test('an export is only of what is exposed: without its tax no invoice is booked', async () => {
  // Last, since what was hidden is shown again by another approval only.
  const fields = EXPOSABLE_FIELDS.filter((field) => field !== 'tax');
  await org.owner.put('exposures', { customerKey: 'A', kinds: null, fields });
  const body = await preview('xero');
  expect([body.documents, new Set(body.leftOut.map(({ reason }) => reason))]).toEqual([
    0,
    new Set(['tax']),
  ]);
  expect((await take('xero')).status).toBe(404);
  const { rows } = await taken('csv');
  expect(rows.every((row) => row.tax === '' && row.net !== '')).toBe(true);
  // What is exposed of its lines stays.
  const linesOf = (all: Record<string, string>[]) =>
    all
      .filter((row) => row.invoice_number === 'INV-1')
      .map((row) => [
        row.order_date,
        row.line_of,
        row.line_number,
        row.item_code,
        row.line_net,
        row.line_tax,
      ]);
  expect(linesOf(rows)).toEqual([
    [day(-5), 'document', '1', 'BOLT-8', '400.00', ''],
    [day(-5), 'document', '2', 'NUT-8', '100.00', ''],
  ]);

  const withoutNet = fields.filter((field) => field !== 'net' && field !== 'line_total');
  await org.owner.put('exposures', { customerKey: 'A', kinds: null, fields: withoutNet });
  expect(linesOf((await taken('csv')).rows)).toEqual([
    [day(-5), 'order', '1', 'BOLT-8', '', ''],
    [day(-5), 'order', '2', 'NUT-8', '', ''],
  ]);
  const shown = await preview('csv');
  expect(shown.rows.map((row) => row[shown.header.indexOf('item_code')])).toContain('NUT-8');
  const { body: sales } = await org.clerk.get<string>(`exports/invoices?format=csv&${PERIOD}`);
  expect(linesOf(parsed(sales))).toEqual(linesOf((await taken('csv')).rows));
});

test('lines of an order stand with an invoice that they make as its own, with another as the order’s', async () => {
  const lineOf = (number: string, more: Record<string, string>) => ({
    ...drawnOrder('SO-C', { order_total: '', ...more }, 'C'),
    line_number: number,
    line_tax_rate: '23',
  });
  const { invoice_number: _, ...credit } = drawnInvoice('', {
    net: '50.00',
    tax: '11.50',
    total: '61.50',
  });
  const part = { net: '200.00', tax: '46.00', total: '246.00' };
  await publish(org, [
    customerRow('C', org),
    lineOf('1', { line_total: '400.00' }),
    lineOf('7', { line_item_code: 'NUT-8', line_total: '100.00' }),
    { ...drawnInvoice('INV-C1', { order_number: 'SO-C' }), customer_code: 'C' },
    { ...drawnInvoice('INV-C2', { order_number: 'SO-C', ...part }), customer_code: 'C' },
    {
      ...credit,
      customer_code: 'C',
      document_kind: 'credit_note',
      document_number: 'CN-C',
      credited_invoice: 'INV-C2',
    },
  ]);
  const carl = await signIn(stack, org, 'C');
  const rows = parsed(await (await take('csv', '', carl)).text());
  const said = rows.map((row) => [
    row.invoice_number,
    row.order_date,
    row.line_of,
    row.line_number,
    row.item_code,
    row.line_net,
    row.line_tax,
  ]);
  expect(said).toEqual([
    ['CN-C', day(-5), 'document', '', '', '-50.00', '-11.50'],
    ['INV-C1', day(-5), 'document', '1', 'BOLT-8', '400.00', '92.00'],
    ['INV-C1', day(-5), 'document', '7', 'NUT-8', '100.00', '23.00'],
    ['INV-C2', day(-5), 'order', '1', 'BOLT-8', '400.00', ''],
    ['INV-C2', day(-5), 'order', '7', 'NUT-8', '100.00', ''],
  ]);
  // The formats of programs keep to what an invoice comes to.
  const xero = parsed(await (await take('xero', '', carl)).text());
  expect(xero.filter((row) => row['*InvoiceNumber'] === 'INV-C2')).toMatchObject([
    { '*UnitAmount': '200.00', TaxAmount: '46.00' },
  ]);
});
