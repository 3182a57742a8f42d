import { describe, expect, it } from 'vitest';
import { filtered, filterOf } from './documents-list.ts';

describe('filterOf', () => {
  it('reads what an address asks for', () => {
    const query = { kind: 'invoice', q: 'INV 7', from: '2026-11-01', to: '2026-11-30' };
    expect(filterOf(query)).toEqual(query);
  });

  it.each([
    ['a kind that is none', { kind: 'receipt' }],
    ['a day that is none', { from: 'yesterday', to: '1/2/2026' }],
    ['a day that no month has', { from: '2026-02-31', to: '0000-01-01' }],
    ['a search that nobody sends', { q: '7'.repeat(101) }],
    ['nothing', {}],
    ['a field left empty', { kind: '', q: '  ', from: '', to: '' }],
  ])('leaves out %s', (_, query) => {
    expect(filtered('documents', filterOf(query))).toBe('documents');
  });
});

describe('filtered', () => {
  it('gives one list one name, in whatever order it was asked for', () => {
    const asked = filterOf({
      to: '2026-11-30',
      document: 'x',
      from: '2026-11-01',
      kind: 'invoice',
    });
    expect(filtered('documents', asked)).toBe(
      'documents?kind=invoice&from=2026-11-01&to=2026-11-30',
    );
  });
});
