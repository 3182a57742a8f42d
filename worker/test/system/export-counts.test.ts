/** What the database counts in an export's event is what the Worker writes into its file. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { ExportCodes } from '../../exports/codes.ts';
import type { Books, ExportRow } from '../../exports/export-row.ts';
import { sortRows } from '../../exports/write-export.ts';
import { EXPORT_FORMATS } from '../../vocabulary.ts';
import { books, invoice, line } from '../export-rows.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await useStack();
});

const money = (cents: number) => (cents / 100).toFixed(2);
const cents = fc.oneof(
  fc.integer({ min: -2_000, max: 2_000 }),
  fc.integer({ min: 0, max: 9_999_999 }),
);
/** A tax that some rate explains, or almost, or none does. */
const taxOf = (net: number) =>
  fc
    .tuple(fc.constantFrom(0, 5, 7.5, 8.25, 15.5, 20, 23, 23.456), fc.integer({ min: -6, max: 6 }))
    .map(([rate, off]) => Math.round((net * rate) / 100) + (Math.abs(off) > 4 ? 0 : off));
const figures = cents.chain((net) => taxOf(net).map((tax) => ({ net, tax })));
const rates = fc.constantFrom(null, '0.00', '8.00', '8.25', '23.00');
const row = fc
  .record({
    figures,
    kind: fc.constantFrom('invoice' as const, 'credit_note' as const),
    parts: fc.array(fc.record({ total: cents, taxRate: rates }), { maxLength: 3 }),
    leftOut: fc.constantFrom(null, null, null, null, 'held' as const, 'net' as const),
    email: fc.constantFrom(null, 'ap@lzt.example'),
    country: fc.constantFrom(null, 'PL', 'Poland'),
    taxId: fc.constantFrom(null, '-', 'PL123'),
    code: fc.constantFrom('LODZ-007', 'ŁÓDŹ-007', 'CUST-000123', 'A 1'),
    number: fc.constantFrom('INV-1', 'Ł'.repeat(30), 'Ł'.repeat(31)),
  })
  .map(({ figures: { net, tax }, kind, parts, leftOut, number, ...customer }): ExportRow => {
    const sum = parts.reduce((all, { total }) => all + total, 0);
    const whole = parts.length > 0 ? sum : net;
    return invoice({
      kind,
      number,
      net: money(whole),
      tax: money(tax),
      total: money(whole + tax),
      // A credit note's lines are the order's, without its minus.
      lines:
        parts.length === 0
          ? null
          : parts.map(({ total, taxRate }) => line({ total: money(total), taxRate })),
      leftOut,
      customer: { ...invoice().customer, ...customer },
    });
  });
const codes: fc.Arbitrary<ExportCodes> = fc.record(
  {
    sellerTaxId: fc.constantFrom('-', 'PL 526-025-02-74'),
    sellerCountry: fc.constantFrom('PL', 'Poland'),
    sellerEndpoint: fc.constantFrom('0088:7300010000001', 'nothing'),
    buyerTaxId: fc.constantFrom('-', '1'),
    buyerCountry: fc.constantFrom('DE'),
    buyerEndpoint: fc.constantFrom('9930:DE123', 'nothing'),
    taxCodes: fc.constantFrom(
      {},
      { '0': 'AE', '7.50': 'S' },
      { '0': 'K' },
      { '0': 'Z', '15.5': 'S', mixed: 'S' },
    ),
  },
  { requiredKeys: [] },
);
const asked = fc.record({
  format: fc.constantFrom(...EXPORT_FORMATS, 'ubl' as const, 'ubl' as const),
  side: fc.constantFrom('purchases' as const, 'sales' as const),
  email: fc.constantFrom(null, 'ar@acme.example'),
  // Mostly a seller that is known, so that what else is refused shows.
  codes: fc.oneof(
    codes,
    codes.map((some) => ({
      ...some,
      sellerTaxId: 'PL1',
      sellerCountry: 'PL',
      sellerEndpoint: '0088:1',
    })),
  ),
  rows: fc.array(row, { maxLength: 8 }),
});

test('for every format, in both sides’ books, whatever the documents and the codes are', async () => {
  const samples = fc.sample(asked, 1500);
  const counted = await stack.sql<{ count: number }>(
    `select portal.count_exported(x.format, x.codes, x.side = 'purchases', x.email,
              array(select d from jsonb_array_elements(x.rows) d)) as count
       from jsonb_array_elements($1::jsonb) with ordinality s(value, at)
      cross join lateral jsonb_to_record(s.value) x(format text, codes jsonb, side text, email text, rows jsonb)
      order by s.at`,
    [JSON.stringify(samples)],
  );
  const written = samples.map(({ format, side, email, codes: kept, rows }) => {
    const of: Books = { ...books(), side, codes: kept, supplier: { ...books().supplier, email } };
    const sorted = sortRows(format, of, rows);
    return format === 'ubl' && sorted.unmapped.length > 0 ? 0 : sorted.rows.length;
  });
  const wrong = samples.filter((_, at) => counted[at]?.count !== written[at]);
  expect(wrong.slice(0, 1)).toEqual([]);
  expect(written.filter((count) => count > 0).length).toBeGreaterThan(300);
});
