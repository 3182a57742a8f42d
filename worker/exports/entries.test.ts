import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { invoice, line } from '../test/export-rows.ts';
import { absolute, cents, divided, ofCents, plain, scaled, written } from './amounts.ts';
import { writeDay } from './days.ts';
import { entryOf, priced, rateOf } from './entries.ts';
import type { ExportLine } from './export-row.ts';

const booked = (over: Parameters<typeof invoice>[0]) => {
  const entry = entryOf(invoice(over));
  if (entry === null) throw new Error('left out');
  return entry;
};
const figures = (over: Parameters<typeof invoice>[0]) =>
  booked(over).lines.map(({ net, tax, rate }) => [ofCents(net), ofCents(tax), rate]);
const withLines = (tax: string, lines: ExportLine[]) => {
  const net = lines.reduce((sum, { total }) => sum + cents(total), 0n);
  return { net: ofCents(net), tax, total: ofCents(net + cents(tax)), lines };
};

describe('half a cent', () => {
  test.each([
    ['0.005', '0.01'],
    ['-0.005', '-0.01'],
    ['0.0049', '0.00'],
    ['1.005', '1.01'],
    ['2.675', '2.68'],
    ['-2.675', '-2.68'],
    ['99999999.995', '100000000.00'],
  ])('%s is %s', (given, kept) => {
    expect(ofCents(cents(given))).toBe(kept);
  });

  test('goes away from nothing, whichever side the sign is on', () => {
    expect([divided(5n, 10n), divided(-5n, 10n), divided(5n, -10n), divided(4n, 10n)]).toEqual([
      1n,
      -1n,
      -1n,
      0n,
    ]);
  });
});

test('decimal text goes through unchanged, however large', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.nat(6), (value, scale) => {
      expect(scaled(written(value, scale), scale)).toBe(value);
    }),
  );
  expect([plain('23.00'), plain('8.250'), plain('0.00'), plain('007')]).toEqual([
    '23',
    '8.25',
    '0',
    '7',
  ]);
});

describe('what is booked', () => {
  test('of a credit note is below nothing, with a minus in the file or without', () => {
    const note = { kind: 'credit_note' as const };
    const turned = booked({ ...note, net: '-100.00', tax: '-23.00', total: '-123.00' });
    const plainNote = booked({ ...note, net: '100.00', tax: '23.00', total: '123.00' });
    expect([plainNote.net, plainNote.tax, plainNote.total]).toEqual([-10000n, -2300n, -12300n]);
    expect(turned.lines).toEqual(plainNote.lines);
  });

  test('is one line where the order’s lines are of something else', () => {
    expect(figures({ lines: null })).toEqual([['500.00', '115.00', '23']]);
    expect(figures({ lines: [line({ total: '499.99' })] })).toEqual([['500.00', '115.00', '23']]);
    expect(booked({ lines: null }).lines[0]?.description).toBe('INV-1, SO-1, PO-1');
  });

  test('has the tax of each line’s own rate', () => {
    const lines = [
      line({ total: '400.00', taxRate: '23' }),
      line({ total: '90.00', taxRate: '8.00' }),
      line({ total: '10.00', taxRate: '0' }),
    ];
    expect(figures(withLines('99.20', lines))).toEqual([
      ['400.00', '92.00', '23'],
      ['90.00', '7.20', '8'],
      ['10.00', '0.00', '0'],
    ]);
  });

  test('gives the cents of rounding to the lines that lost most by it', () => {
    const lines = [1, 2, 3].map(() => line({ total: '0.33', taxRate: '23' }));
    // 0.0759 each, 0.2277 in all: the supplier rounded the sum, not the lines.
    expect(figures(withLines('0.23', lines)).map(([, tax]) => tax)).toEqual([
      '0.07',
      '0.08',
      '0.08',
    ]);
    expect(figures(withLines('0.24', lines)).map(([, tax]) => tax)).toEqual([
      '0.08',
      '0.08',
      '0.08',
    ]);
  });

  test('is one line where its rates make another tax', () => {
    const lines = [
      line({ total: '400.00', taxRate: '23' }),
      line({ total: '100.00', taxRate: '8' }),
    ];
    expect(figures(withLines('115.00', lines))).toEqual([['500.00', '115.00', '23']]);
    const halfKnown = [
      line({ total: '400.00', taxRate: '23' }),
      line({ total: '100.00', taxRate: null }),
    ];
    expect(figures(withLines('115.00', halfKnown))).toHaveLength(1);
  });

  test('shares the tax by the net where no line says its rate', () => {
    const lines = ['333.33', '333.33', '333.34'].map((total) => line({ total, taxRate: null }));
    expect(figures(withLines('230.00', lines))).toEqual([
      ['333.33', '76.66', '23'],
      ['333.33', '76.67', '23'],
      ['333.34', '76.67', '23'],
    ]);
  });

  test('adds up to the invoice, whatever its lines and rates', () => {
    const rate = fc.constantFrom('0', '5', '8', '8.25', '19', '20', '23');
    const lineOf = fc.record({ net: fc.bigInt(-99_999n, 9_999_999n), rate });
    fc.assert(
      fc.property(
        fc.array(lineOf, { minLength: 1, maxLength: 12 }),
        fc.bigInt(-2n, 2n),
        fc.boolean(),
        (parts, off, isKnown) => {
          const exact = parts.reduce((sum, part) => sum + part.net * scaled(part.rate, 2), 0n);
          const tax = divided(exact, 10_000n) + off;
          const lines = parts.map((part) =>
            line({ total: ofCents(part.net), taxRate: isKnown ? part.rate : null }),
          );
          const entry = booked(withLines(ofCents(tax), lines));
          expect(entry.lines.reduce((sum, each) => sum + each.net, 0n)).toBe(entry.net);
          expect(entry.lines.reduce((sum, each) => sum + each.tax, 0n)).toBe(entry.tax);
        },
      ),
    );
  });

  test('leaves out what cannot be', () => {
    for (const over of [
      { leftOut: 'sums' as const },
      { net: null },
      { tax: null },
      { total: null },
      { currency: null },
      { issuedOn: null },
    ]) {
      expect(entryOf(invoice(over))).toBeNull();
    }
  });
});

test.each([
  ['500.00', '115.00', '23'],
  ['1234.56', '283.93', '23'],
  ['100.00', '8.25', '8.25'],
  ['19.99', '1.65', '8.25'],
  ['0.00', '0.00', '0'],
  ['10.00', '0.00', '0'],
  ['-100.00', '-20.00', '20'],
  ['0.00', '1.00', null],
  ['100.00', '-1.00', null],
])('the rate of %s and %s is %s', (net, tax, rate) => {
  expect(rateOf(cents(net), cents(tax))).toBe(rate);
});

describe('a price', () => {
  const of = (over: Partial<ExportLine>, sign = 1n) => {
    const [first] = booked({
      kind: sign < 0n ? 'credit_note' : 'invoice',
      ...withLines('0.00', [line({ taxRate: '0', ...over })]),
    }).lines;
    return first && priced(first, sign);
  };

  test('is the order’s own where it makes the line', () => {
    expect(of({ quantity: '10', unitPrice: '40.00', total: '400.00' })).toEqual({
      quantity: '10',
      unitPrice: '40.00',
    });
    expect(of({ quantity: '3', unitPrice: '0.3333', total: '1.00' })).toEqual({
      quantity: '3',
      unitPrice: '0.3333',
    });
    expect(of({ quantity: '2.50', unitPrice: '4', total: '10.00' }, -1n)).toEqual({
      quantity: '2.5',
      unitPrice: '-4.00',
    });
  });

  test('is once the net where it does not', () => {
    for (const over of [
      { quantity: '3', unitPrice: '33.33', total: '100.00' },
      { quantity: null, unitPrice: '33.33', total: '100.00' },
      { quantity: '0', unitPrice: '1.00', total: '100.00' },
      { quantity: '1', unitPrice: '100.000001', total: '100.00' },
    ]) {
      expect(of(over)).toEqual({ quantity: '1', unitPrice: '100.00' });
    }
  });
});

test('a day is said in the order of the region', () => {
  expect((['dmy', 'mdy', 'ymd'] as const).map((order) => writeDay('2026-03-09', order))).toEqual([
    '09/03/2026',
    '03/09/2026',
    '2026-03-09',
  ]);
  expect(absolute(-3n)).toBe(3n);
});
