import { describe, expect, it } from 'vitest';
import { matchPath } from './router.tsx';

describe('matchPath', () => {
  it.each([
    ['/', '/', {}],
    ['/orders/:id', '/orders/0198', { id: '0198' }],
    ['/orders/:id', '/orders/a%2Fb', { id: 'a/b' }],
    ['/orders/:id', '/orders/0198/', { id: '0198' }],
    ['/orders/:id', '/orders', undefined],
    ['/orders/:id', '/orders/1/2', undefined],
    ['/orders/:id', '/invoices/1', undefined],
    ['/orders/:id', '/orders/%E0%A4%A', undefined],
  ])('%s on %s', (pattern, path, params) => {
    expect(matchPath(pattern, path)).toEqual(params);
  });
});
