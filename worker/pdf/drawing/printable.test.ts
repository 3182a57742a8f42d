import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './printable.ts';

const known = new Set(
  Array.from('?abcdefghijklmnopqrstuvwxyzżłóáñ ABC\u00a0', (one) => one.codePointAt(0)),
);
const has = (codePoint: number) => known.has(codePoint);

describe('printable', () => {
  it('keeps what has a glyph, however it was composed', () => {
    expect(printable('żółw', has)).toBe('żółw');
    expect(printable('z\u0307o\u0301ł', has)).toBe('żół');
    expect(printable('a\u00a0b', has)).toBe('a\u00a0b');
  });

  it('makes a plain letter of one with an unknown accent, and a question mark of the rest', () => {
    expect(printable('ệ', has)).toBe('e');
    expect(printable('x\u030c', has)).toBe('x');
    expect(printable('ﬁ', has)).toBe('fi');
    expect(printable('中😀', has)).toBe('??');
    expect(printable('\ud800é', has)).toBe('?e');
  });

  it('shows nothing for what shows nothing, and a space for breaks', () => {
    expect(printable('a\u00ad\u200d\u202eb\ufe0fż', has)).toBe('abż');
    expect(printable('ż\tb\nc\u2003d', has)).toBe('ż b c d');
  });

  it('holds only known glyphs, whatever it was', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0x10ffff)), (codePoints) => {
        const text = String.fromCodePoint(...codePoints);
        const all = (codePoint: number) => codePoint < 0x7f;
        expect(printable(text, all)).toMatch(/^[ -~]*$/);
      }),
    );
  });
});
