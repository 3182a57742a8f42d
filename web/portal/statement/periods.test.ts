import { describe, expect, it } from 'vitest';
import { daysIn, PERIODS, periodOf, withDays } from './periods.ts';

describe('the usual periods', () => {
  it('are whole months, quarters and years; what is under way ends today', () => {
    const all = Object.fromEntries(
      PERIODS.map((name) => {
        const { from, to } = periodOf(name, '2026-02-17');
        return [name, `${from} ${to}`];
      }),
    );
    expect(all).toEqual({
      thisMonth: '2026-02-01 2026-02-17',
      lastMonth: '2026-01-01 2026-01-31',
      thisQuarter: '2026-01-01 2026-02-17',
      lastQuarter: '2025-10-01 2025-12-31',
      thisYear: '2026-01-01 2026-02-17',
      lastYear: '2025-01-01 2025-12-31',
    });
  });

  it('know of leap years, and of the year that ended yesterday', () => {
    expect(periodOf('lastMonth', '2028-03-31').to).toBe('2028-02-29');
    expect(periodOf('lastMonth', '2027-01-01')).toEqual({ from: '2026-12-01', to: '2026-12-31' });
  });
});

describe('a period in an address', () => {
  it('comes back as it was written', () => {
    expect(withDays('/statement', { from: '2026-01-01', to: '2026-01-31' })).toBe(
      '/statement?from=2026-01-01&to=2026-01-31',
    );
    expect(withDays('statement.pdf', {})).toBe('statement.pdf');
  });

  it('is only of days', () => {
    expect(daysIn({ from: 'yesterday', to: '2026-01-31', q: 'x' })).toEqual({ to: '2026-01-31' });
  });
});
