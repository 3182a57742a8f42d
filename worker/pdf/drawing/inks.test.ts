import { describe, expect, it } from 'vitest';
import { accentOf, INK, inkOf, letteringOn } from './inks.ts';

describe('inks', () => {
  it('are read from hex, short and long', () => {
    expect(inkOf('#fff')).toEqual([1, 1, 1]);
    expect(inkOf('#FF0033')).toEqual([1, 0, 0.2]);
    expect([inkOf('red'), inkOf('#ff'), inkOf('')]).toEqual([null, null, null]);
  });

  it("are the supplier's where paper shows them, else black", () => {
    expect(accentOf('#1b4f8f')).toEqual(inkOf('#1b4f8f'));
    expect(accentOf('#ffdd00')).toEqual(inkOf('#ffdd00'));
    expect(accentOf('#ffffff')).toEqual(INK);
    expect(accentOf('blue')).toEqual(INK);
  });

  it('letter dark grounds in white and light ones in black', () => {
    expect(letteringOn([0.1, 0.3, 0.55])).toEqual([1, 1, 1]);
    expect(letteringOn([1, 0.87, 0])).toEqual(INK);
  });
});
