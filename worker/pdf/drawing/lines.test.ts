import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shorten, wrap } from './lines.ts';

const letters = (text: string) => Array.from(text).length;
const bare = (text: string) => text.replace(/\s/g, '');

describe('wrap', () => {
  it('loses no letter, and no line is wider than the width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'ż', ' ', '-', '/', '\n', '😀') }),
        fc.integer({ min: 1, max: 12 }),
        (text, width) => {
          const lines = wrap(text, width, letters);
          expect(bare(lines.join(''))).toBe(bare(text));
          for (const line of lines) {
            expect(letters(line)).toBeLessThanOrEqual(width);
            expect(line.trim()).toBe(line);
            expect(line).not.toBe('');
          }
        },
      ),
    );
  });

  it('breaks between words, and keeps breaks', () => {
    expect(wrap('one two three\nfour', 8, letters)).toEqual(['one two', 'three', 'four']);
    expect(wrap('a\r\n\r\nb', 8, letters)).toEqual(['a', 'b']);
    expect(wrap('', 8, letters)).toEqual([]);
  });

  it('breaks a word that is too wide after a sign, or where it must', () => {
    expect(wrap('ABC-DEF-GHI', 9, letters)).toEqual(['ABC-DEF-', 'GHI']);
    expect(wrap('ABCDEFGHIJK', 4, letters)).toEqual(['ABCD', 'EFGH', 'IJK']);
  });

  it('takes what cannot be broken for one word', () => {
    expect(wrap('1\u00a0000 zł', 6, letters)).toEqual(['1\u00a0000', 'zł']);
  });
});

describe('shorten', () => {
  it('cuts only what is too wide, and says so', () => {
    expect(shorten('Kowalski', 8, letters)).toBe('Kowalski');
    expect(shorten('Kowalski i Syn', 10, letters)).toBe('Kowalski…');
  });
});
