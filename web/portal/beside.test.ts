import { describe, expect, it } from 'vitest';
import { withDocument } from './beside.ts';

describe('withDocument', () => {
  it.each([
    ['/orders/1', 'a', '/orders/1?document=a'],
    ['/orders/1?document=a', 'b', '/orders/1?document=b'],
    ['/documents?kind=invoice', 'a', '/documents?kind=invoice&document=a'],
    ['/documents?kind=invoice&document=a', undefined, '/documents?kind=invoice'],
    ['/documents?document=a', undefined, '/documents'],
    ['/documents', undefined, '/documents'],
    ['/documents', 'a&b', '/documents?document=a%26b'],
  ])('%s with %s', (url, id, expected) => {
    expect(withDocument(url, id)).toBe(expected);
  });
});
