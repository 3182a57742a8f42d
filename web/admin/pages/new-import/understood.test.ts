import { describe, expect, test } from 'vitest';
import { dayOf, decimalOf, understood } from './understood.ts';

describe('a cell as it will be understood', () => {
  test.each([
    ['03.04.2026', 'dmy', '2026-04-03'],
    ['03.04.2026', 'mdy', '2026-03-04'],
    ['2026-04-03', 'mdy', '2026-04-03'],
    ['3/4/26 14:05', 'dmy', '2026-04-03'],
    ['46115', 'dmy', '2026-04-03'],
    ['31/12/2026', 'mdy', null],
    ['soon', 'dmy', null],
  ] as const)('the day %s read %s', (cell, order, day) => {
    expect(dayOf(cell, order)).toBe(day);
  });

  test.each([
    ['1.234,50', ',', '1234.50'],
    ['1 234,50 zł', ',', '1234.50'],
    ['(1,234.56)', '.', '-1234.56'],
    ['€ 99.90-', '.', '-99.90'],
    ['1,234', '.', '1234'],
    ['1,234', ',', '1.234'],
    ['12.34', ',', null],
    ['free', '.', null],
  ] as const)('the amount %s with the decimal %s', (cell, decimal, text) => {
    expect(decimalOf(cell, decimal)).toBe(text);
  });

  test('an identifier stays as it stands', () => {
    const reading = { dateOrder: 'dmy', decimal: ',' } as const;
    expect(understood('order_number', ' 0012.50 ', reading)).toBe('0012.50');
  });
});
