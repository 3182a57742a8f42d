import { describe, expect, it } from 'vitest';
import { bodyOf, type Draft, flawsOf, lengthOf, startDraft } from './report-draft.ts';

const start = {
  email: 'dock@harrow.example',
  lines: [1, 2, 3],
  wanted: [],
  key: 'key-of-this-form',
};
const draft = (changes: Partial<Draft> = {}): Draft => ({
  ...startDraft(undefined, start),
  kind: 'damaged',
  description: 'Two boxes were crushed.',
  ...changes,
});
const wrong = (changes: Partial<Draft>) => flawsOf(draft(changes));

describe('a draft', () => {
  it('starts with the address that the link belongs to, about the whole order', () => {
    expect(startDraft(undefined, start)).toMatchObject({
      contactEmail: 'dock@harrow.example',
      lineNumbers: [],
      kind: undefined,
      key: 'key-of-this-form',
    });
  });

  it('is about the line of an order that has one, or the lines that its link names', () => {
    expect(startDraft(undefined, { ...start, lines: [7] }).lineNumbers).toEqual([7]);
    expect(startDraft(undefined, { ...start, wanted: [2, 99] }).lineNumbers).toEqual([2]);
  });

  it('comes back as it was left, with its key, without lines that are gone', () => {
    const kept = draft({ key: 'kept', lineNumbers: [2, 9], contactPhone: '600 100 200' });
    expect(startDraft(kept, start)).toEqual({ ...kept, lineNumbers: [2] });
  });

  it('keeps nothing of a kind that there is not', () => {
    expect(startDraft({ kind: 'annoying' as 'other' }, start).kind).toBeUndefined();
  });
});

describe('what is wrong', () => {
  it('is nothing where all is there', () => {
    expect(wrong({})).toEqual([]);
  });

  it.each([
    ['123456789', -1],
    ['   123456789   ', -1],
    ['', -10],
    ['😀😀😀😀😀', -5],
    ['x'.repeat(1001), 1],
  ])('%j is off by %i characters', (description, off) => {
    expect(wrong({ description })).toEqual([{ field: 'description', off }]);
  });

  it.each(['1234567890', 'x'.repeat(1000), '😀'.repeat(1000)])(
    '%j is long enough',
    (description) => {
      expect(wrong({ description })).toEqual([]);
    },
  );

  it('is told in the order of the form', () => {
    const all = wrong({
      kind: undefined,
      description: '',
      contactEmail: 'a@',
      contactPhone: '1'.repeat(41),
    });
    expect(all.map(({ field }) => field)).toEqual([
      'kind',
      'description',
      'contactEmail',
      'contactPhone',
    ]);
  });
});

it('a length is of whole characters, without the space around them', () => {
  expect(lengthOf('  zażółć 😀 ')).toBe(8);
});

it('what is sent has no key and no number of its own', () => {
  expect(bodyOf(draft({ contactEmail: ' a@b.example ' }))).toEqual({
    kind: 'damaged',
    description: 'Two boxes were crushed.',
    lineNumbers: [],
    contactEmail: 'a@b.example',
    contactPhone: '',
  });
});
