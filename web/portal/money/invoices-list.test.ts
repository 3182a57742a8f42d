import { describe, expect, it } from 'vitest';
import { isBackwards, withQuery } from '../filters/days.ts';
import { wantedOf } from './invoices-list.ts';

describe('which invoices an address asks for', () => {
  it('is what it says, in one order', () => {
    const wanted = wantedOf({ to: '2026-02-01', q: ' FV/1 ', status: 'unpaid', kind: 'invoice' });
    expect(withQuery('/invoices', wanted)).toBe(
      '/invoices?kind=invoice&status=unpaid&q=FV%2F1&to=2026-02-01',
    );
  });

  it('is all of them where it says nothing that there is', () => {
    const wanted = wantedOf({ kind: 'all', status: 'lost', q: '  ', from: 'yesterday' });
    expect(withQuery('/invoices', wanted)).toBe('/invoices');
  });

  it('runs backwards only with both days', () => {
    expect(isBackwards({ from: '2026-02-01', to: '2026-01-31' })).toBe(true);
    expect(isBackwards({ from: '2026-02-01', to: '2026-02-01' })).toBe(false);
    expect(isBackwards({ from: '2026-02-01' })).toBe(false);
  });
});
