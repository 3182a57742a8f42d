import { expect, it } from 'vitest';
import { missingInLines } from './lines-sum.ts';

const line = (total: string | null) => ({
  lineNumber: 1,
  itemCode: null,
  description: null,
  quantity: null,
  unit: null,
  unitPrice: null,
  taxRate: null,
  total,
});
const missing = (totals: (string | null)[], net: string | null, shipping: string | null) =>
  missingInLines({ lines: totals.map(line), invoice: { net }, shipping });

it('lines that come to the net are without nothing', () => {
  expect(missing(['10.10', '20.20'], '30.30', '5.00')).toBeNull();
});

it('lines that come to less are without the shipping, which is named where it is all of it', () => {
  expect(missing(['10.10', '20.20'], '35.30', '5.00')).toEqual({ shipping: '5.00' });
  expect(missing(['10.10', '20.20'], '35.30', '4.00')).toEqual({ shipping: null });
  expect(missing(['10.10', '20.20'], '35.30', null)).toEqual({ shipping: null });
});

it('where an amount is not shown nothing is said', () => {
  expect(missing(['10.10', null], '35.30', '5.00')).toBeNull();
  expect(missing(['10.10'], null, '5.00')).toBeNull();
});
