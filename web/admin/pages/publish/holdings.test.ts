import { describe, expect, it } from 'vitest';
import { holdingsOf, isSame, seenOf } from './holdings.ts';

const invoice = { document_kind: 'invoice', document_number: 'INV-1' };
const ITEMS = [
  { kind: 'order', fields: { po_number: 'P-7', order_total: '' }, excluded: false },
  { kind: 'document', fields: invoice, excluded: false },
  { kind: 'document', fields: { ...invoice, document_number: 'INV-2' }, excluded: false },
  { kind: 'document', fields: { document_kind: 'packing_slip' }, excluded: false },
  { kind: 'document', fields: { document_kind: 'statement' }, excluded: true },
] as const;

describe('what a customer will see of a publish', () => {
  it('is what the publish holds for them and the exposure shows', () => {
    const { shown, kept } = seenOf(holdingsOf(ITEMS), {
      kinds: ['invoice', 'credit_note'],
      fields: ['order_total'],
    });
    expect(shown).toEqual({ kinds: [['invoice', 2]], fields: [] });
    expect(kept).toEqual({ kinds: [['packing_slip', 1]], fields: ['po_number'] });
  });

  it('is nothing where the exposure shows nothing', () => {
    const { shown } = seenOf(holdingsOf(ITEMS), { kinds: [], fields: [] });
    expect(shown).toEqual({ kinds: [], fields: [] });
  });
});

it('two exposures are the same in whatever order', () => {
  const one = { kinds: ['invoice', 'statement'], fields: ['total'] } as const;
  const other = { kinds: ['statement', 'invoice'], fields: ['total'] } as const;
  const of = (x: typeof one | typeof other) => ({ kinds: [...x.kinds], fields: [...x.fields] });
  expect(isSame(of(one), of(other))).toBe(true);
  expect(isSame(of(one), { ...of(other), kinds: ['invoice'] })).toBe(false);
});
