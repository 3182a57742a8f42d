import { describe, expect, it } from 'vitest';
import { choiceIn, dateOrderIn, exportQuery, monthBefore } from './choice.ts';

describe('the month before', () => {
  it('is whole, whatever its length', () => {
    expect(monthBefore(new Date(2026, 2, 31, 12).getTime())).toEqual({
      from: '2026-02-01',
      to: '2026-02-28',
    });
    expect(monthBefore(new Date(2026, 0, 1, 12).getTime())).toEqual({
      from: '2025-12-01',
      to: '2025-12-31',
    });
    expect(monthBefore(new Date(2024, 2, 1, 12).getTime())).toEqual({
      from: '2024-02-01',
      to: '2024-02-29',
    });
  });
});

describe('the order of days', () => {
  it.each([
    ['en-US', 'mdy'],
    ['en-GB', 'dmy'],
    ['es', 'dmy'],
    ['pl', 'dmy'],
    ['sv', 'ymd'],
  ])('is that of the reader’s language: %s', (language, order) => {
    expect(dateOrderIn(language)).toBe(order);
  });
});

describe('the query', () => {
  const choice = { from: '2026-10-01', to: '2026-10-31', dates: 'mdy' } as const;
  it('says the order of days only where a file has one', () => {
    expect(exportQuery({ ...choice, format: 'xero' })).toBe(
      'format=xero&from=2026-10-01&to=2026-10-31&dates=mdy',
    );
    expect(exportQuery({ ...choice, format: 'ubl' }, { customer: 'x' })).toBe(
      'format=ubl&from=2026-10-01&to=2026-10-31&customer=x',
    );
  });
});

describe('an address', () => {
  const usual = { format: 'xero', from: '2026-10-01', to: '2026-10-31' } as const;
  const asked = (query: Record<string, string>) => choiceIn(query, usual, () => 'mdy');

  it('says what is chosen, and a reload finds it again', () => {
    const choice = {
      format: 'quickbooks',
      from: '2026-01-01',
      to: '2026-01-31',
      dates: 'ymd',
    } as const;
    expect(asked(Object.fromEntries(new URLSearchParams(exportQuery(choice))))).toEqual(choice);
  });

  it('that cannot be read asks for what is usual', () => {
    expect(asked({ format: 'excel', from: '2026-02-31', to: 'today', dates: 'x' })).toEqual({
      ...usual,
      dates: 'mdy',
    });
  });
});
