/** A name that would break a file or run in a spreadsheet stands in every file as what it is: a name. */
import { parse } from 'csv-parse/sync';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, test } from 'vitest';
import { customerRow, day, makeOrg, type Org, publish, setSettings, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { textOf } from '../copies.ts';
import { drawnInvoice, drawnOrder } from '../drawn-papers.ts';
import { useStack } from '../stack.ts';

const NAME = '=cmd|"/c calc", S.A.\n=2+2 & <Synów>';
/** An import puts it on one line. */
const ON_ONE_LINE = NAME.replace('\n', ' ');
const PO = '@PO "7", first';
const PERIOD = `from=${day(-40)}&to=${day(0)}`;
const SELLER = { sellerTaxId: 'PL5260250274', sellerCountry: 'PL' };

let org: Org;
let customer: Customer;
beforeAll(async () => {
  const stack = await useStack();
  org = await makeOrg(stack, NAME);
  await setSettings(org, {
    hourlyRequestLimit: 5000,
    contactEmail: 'ar@acme.example',
    drawsInvoiceCopies: true,
  });
  await publish(org, [
    { ...customerRow('A', org, NAME), customer_country: 'DE', customer_tax_id: 'DE123456789' },
    { ...drawnOrder('+SO-1', { po_number: PO, order_total: '' }), line_total: '500.00' },
    drawnInvoice('=INV-1', { order_number: '+SO-1' }),
    {
      customer_code: 'A',
      payment_number: '-P-1',
      payment_date: day(-2),
      payment_amount: '100.00',
      payment_reference: NAME,
      currency: 'EUR',
    },
  ]);
  customer = await signIn(stack, org, 'A');
});

const FORMULA = /^[=+\-@\t\r＝＋－＠]/mu;
const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A CSV's rows by their columns. No cell of it is a formula, at the beginning of none of its lines. */
function inert(text: string): Record<string, string>[] {
  const cells: string[][] = parse(text, { bom: true });
  expect(cells.flat().filter((cell) => FORMULA.test(cell) && !DECIMAL.test(cell))).toEqual([]);
  return parse(text, { bom: true, columns: true });
}
const sales = async (format: string) =>
  (await org.clerk.get<string>(`exports/invoices?format=${format}&${PERIOD}`)).body;
const bills = async (format: string) =>
  (await customer.bytes(`exports/invoices?format=${format}&${PERIOD}`)).text();

describe('a name with a quote, a comma, a line end and a leading = stands', () => {
  test('in Xero’s sales on one line, its PO number beside it', async () => {
    expect(inert(await sales('xero'))).toMatchObject([
      { '*ContactName': `'${ON_ONE_LINE}`, '*InvoiceNumber': "'=INV-1", Reference: `'${PO}` },
    ]);
    expect(inert(await bills('xero'))).toMatchObject([{ '*ContactName': `'${ON_ONE_LINE}` }]);
  });

  test('in QuickBooks’ sales on one line, in each of its rows', async () => {
    const rows = inert(await sales('quickbooks'));
    expect(rows.map((row) => [row['*InvoiceNo'], row['*Customer'], row.Memo])).toEqual(
      ['500.00', '115.00'].map(() => ["'=INV-1", `'${ON_ONE_LINE}`, `'+SO-1, ${PO}`]),
    );
    expect(inert(await bills('quickbooks'))[0]?.['*Supplier']).toBe(`'${ON_ONE_LINE}`);
  });

  test('in a generic CSV as it is, behind its guard', async () => {
    for (const text of [await sales('csv'), await bills('csv')]) {
      expect(inert(text)).toMatchObject([
        {
          customer_name: `'${ON_ONE_LINE}`,
          invoice_number: "'=INV-1",
          order_number: "'+SO-1",
          po_number: `'${PO}`,
          total: '615.00',
        },
      ]);
    }
  });

  test('in UBL escaped, as text without a guard', async () => {
    await org.clerk.put('exports/mappings/ubl', SELLER);
    await customer.put('exports/mappings/ubl', SELLER);
    const escaped = '=cmd|&quot;/c calc&quot;, S.A. =2+2 &amp; &lt;Synów&gt;';
    // It names the seller as it does the buyer.
    for (const text of [await sales('ubl'), await bills('ubl')]) {
      expect(text.split(`<cbc:RegistrationName>${escaped}</cbc:RegistrationName>`)).toHaveLength(3);
      expect(text.split(`<cbc:Name>${escaped}</cbc:Name>`)).toHaveLength(3);
      expect(text).toContain('<cbc:ID>=INV-1</cbc:ID>');
    }
  });

  test('on a statement’s PDF as it is, and in its CSV nothing is a formula', async () => {
    const pdf = await customer.bytes(`statement.pdf?${PERIOD}`);
    expect(pdf.status).toBe(200);
    const said = (await textOf(await pdf.arrayBuffer())).replace(/\s+/g, ' ');
    for (const part of ['=cmd|"/c calc", S.A.', '=2+2 & <Synów>', '=INV-1']) {
      expect(said).toContain(part);
    }
    const { body } = await customer.me<string>(`statement.csv?${PERIOD}`);
    const moved = inert(body).filter((row) => row.number !== '');
    expect(moved.map((row) => [row.kind, row.number, row.reference])).toEqual([
      ['invoice', "'=INV-1", ''],
      ['payment', "'-P-1", `'${ON_ONE_LINE}`],
    ]);
  });

  test('in a pack, whose index leads to each of its files', async () => {
    await customer.put('exports/mappings/csv', {});
    const pack = await customer.bytes(`packs/month.zip?${PERIOD}`);
    const files = unzipSync(new Uint8Array(await pack.arrayBuffer()));
    const textIn = (name: string) => new TextDecoder().decode(files[name]);
    const index = inert(textIn('index.csv'));
    expect(index.map((row) => row.file?.replace(/^'/, '')).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'index.csv')
        .sort(),
    );
    expect(index.find((row) => row.kind === 'invoice')).toMatchObject({
      number: "'=INV-1",
      order: "'+SO-1",
    });
    for (const name of Object.keys(files).filter((name) => name.endsWith('.csv'))) {
      inert(textIn(name));
    }
  });
});
