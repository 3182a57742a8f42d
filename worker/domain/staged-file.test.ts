import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseKey } from '../import/keys.ts';
import { fileKey, numberKeysOf } from './staged-file.ts';

describe('the numbers that a file name carries', () => {
  test('are all its runs of words', () => {
    expect(numberKeysOf('INV-1001 Acme.pdf')).toEqual([
      'INV',
      'INV-1001',
      'INV-1001-ACME',
      '1001',
      '1001-ACME',
      'ACME',
    ]);
  });

  test('keep their zeros, and are one spelling whatever the case, the dashes and the dots', () => {
    expect(numberKeysOf('inv_00.17.PDF')).toContain('INV-00-17');
    expect(numberKeysOf('Faktura – ŁÓDŹ/7.pdf')).toContain('ŁÓDŹ-7');
    expect(numberKeysOf('007.pdf')).toEqual(['007']);
  });

  test('leave the ending out, and nothing else', () => {
    expect(numberKeysOf('a.b.pdf')).toEqual(['A', 'A-B', 'B']);
    expect(numberKeysOf('a')).toEqual(['A']);
    expect(numberKeysOf('.pdf')).toEqual([]);
  });

  test('hold any number that stands in the name between other words', () => {
    const word = fc.stringMatching(/^[A-Z0-9]{1,8}$/);
    const words = fc.array(word, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(words, words, words, (before, number, after) => {
        const name = `${[...before, ...number, ...after].join('_')}.pdf`;
        expect(numberKeysOf(name)).toContain(number.map(normaliseKey).join('-'));
      }),
    );
  });

  test('are few, however long the name', () => {
    expect(numberKeysOf(`${'a1 '.repeat(66)}.pdf`).length).toBeLessThanOrEqual(78);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const keys = numberKeysOf(name);
        expect(keys.length).toBeLessThanOrEqual(78);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

test("an org's bytes are its own, and the same file is stored once", () => {
  expect(fileKey('org', 'hash')).toBe('org/hash');
  expect(fileKey('other', 'hash')).not.toBe(fileKey('org', 'hash'));
});
