import { describe, expect, it } from 'vitest';
import { withWanted } from './orders-list.ts';
import { wantedOf } from './orders-wanted.ts';

const nameOf = (query: Record<string, string>) => withWanted('orders', wantedOf(query));

describe('which orders an address asks for', () => {
  it('is what it says, in one order', () => {
    const query = { sort: 'total', to: '2026-02-01', q: ' PO-7 ', status: 'shipped' };
    expect(nameOf(query)).toBe('orders?status=shipped&q=PO-7&to=2026-02-01&sort=total');
  });

  it.each([
    ['what goes without saying', { status: 'all', sort: 'newest', q: ' ' }],
    ['what there is not', { status: 'foo', sort: 'colour', from: 'yesterday', to: '2026-02-31' }],
    ['what is not sent on', { q: '7'.repeat(101), ref: 'mail' }],
  ])('is all of them but for %s', (_, query) => {
    expect(nameOf(query)).toBe('orders');
  });
});
