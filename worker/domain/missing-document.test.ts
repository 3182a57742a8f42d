import { describe, expect, test } from 'vitest';
import { DOCUMENT_KINDS, type DocumentKind, ORDER_STATUSES } from '../vocabulary.ts';
import { missingDocuments } from './missing-document.ts';

const of = (...kinds: DocumentKind[]) => kinds.map((kind) => ({ kind }));

describe('what is missing', () => {
  test('is the packing slip of what is shipped, and the rest of what has arrived', () => {
    expect(missingDocuments('shipped', DOCUMENT_KINDS, [])).toEqual(['packing_slip']);
    expect(missingDocuments('delivered', DOCUMENT_KINDS, [])).toEqual([
      'packing_slip',
      'proof_of_delivery',
      'invoice',
    ]);
  });

  test('is nothing before, nor of an order that was cancelled or whose status is not said', () => {
    const quiet = ORDER_STATUSES.filter((status) => status !== 'shipped' && status !== 'delivered');
    for (const status of [null, ...quiet]) {
      expect([status, missingDocuments(status, DOCUMENT_KINDS, [])]).toEqual([status, []]);
    }
  });

  test('is not what is there, nor what is not shown', () => {
    expect(missingDocuments('delivered', DOCUMENT_KINDS, of('invoice', 'packing_slip'))).toEqual([
      'proof_of_delivery',
    ]);
    expect(missingDocuments('delivered', ['invoice'], [])).toEqual(['invoice']);
    expect(missingDocuments('delivered', [], [])).toEqual([]);
  });
});
