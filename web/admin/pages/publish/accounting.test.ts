import { describe, expect, it } from 'vitest';
import type { Review } from '../../types.ts';
import { difference, rowAccount } from './accounting.ts';

const NO_COUNTS: Review['totals'] = {
  items: 0,
  passes: 0,
  blocked: 0,
  warnings: 0,
  awaitingTick: 0,
  overridden: 0,
  excluded: 0,
  new: 0,
  changed: 0,
  same: 0,
  revision: 0,
  conflict: 0,
  passing: { customers: 0, firstCustomers: 0, widened: 0, orders: 0, documents: 0, contacts: 0 },
  rows: 1204,
  skipped: 4,
};
const BECAME = { created: 1100, changed: 60, same: 26, blocked: 10, excluded: 4 };

describe('the account of the rows', () => {
  it('names what became of every one', () => {
    const { rows, fates, off } = rowAccount({ totals: NO_COUNTS, became: BECAME });
    expect(off).toBe(0);
    expect(fates.reduce((sum, { count }) => sum + count, 0)).toBe(rows);
    expect(fates.at(-1)).toEqual({ fate: 'skipped', count: 4 });
  });

  it('says how many rows nothing accounts for', () => {
    expect(rowAccount({ totals: NO_COUNTS, became: { ...BECAME, blocked: 8 } }).off).toBe(2);
  });
});

describe('a difference of totals', () => {
  it.each([
    ['1204.50', '1204.5', '0'],
    ['1204.50', '1200.05', '4.45'],
    ['0.3', '0.1', '0.2'],
    ['512', '500', '12'],
    ['100', '150.25', '-50.25'],
    ['-10', '-12.5', '2.5'],
    ['123456789012345678.91', '0.01', '123456789012345678.9'],
    ['0.001', '0', '0.001'],
  ])('%s less %s is %s', (from, taken, left) => {
    expect(difference(from, taken)).toBe(left);
  });

  it('is not guessed from what is no decimal', () => {
    expect(difference('NaN', '1')).toBeNull();
  });
});
