import { describe, expect, it } from 'vitest';
import { readReference } from './reference.ts';

const REFERENCE = '7A3F-09BC-41DE-55C0';

describe('the reference of a copy', () => {
  it.each([
    ['7A3F-09BC-41DE-55C0'],
    ['7a3f09bc41de55c0'],
    ['  7A3F 09BC 41DE 55C0 '],
    ['7A3F–09BC–41DE–55C0'],
    ['7a3f_09bc/41de.55c0'],
    ['7A3F-O9BC-4IDE-55CO'],
    ['7A3F-o9bc-4lde-55co'],
    ['ref 7A3F-09BC-41DE-55C0'],
    ['Ref: 7A3F-09BC-41DE-55C0'],
    ['2026-11-21 20:14 UTC  link ab3F  ref 7A3F-09BC-41DE-55C0   '],
    ['７Ａ３Ｆ09BC41DE55C0'],
  ])('is read from "%s"', (typed) => {
    expect(readReference(typed)).toEqual({ reference: REFERENCE });
  });

  it('counts what was typed when that is too little or too much', () => {
    expect(readReference('7A3F-09BC-41DE')).toEqual({ problem: 'length', count: 12 });
    expect(readReference(`${REFERENCE}0`)).toEqual({ problem: 'length', count: 17 });
  });

  it('names the first letter that no code holds', () => {
    expect(readReference('7A3F-09BC-41DE-55CZ')).toEqual({ problem: 'letters', found: 'Z' });
    expect(readReference('7A3F-09BC-41DE-55Ć0')).toEqual({ problem: 'letters', found: 'Ć' });
  });

  it.each(['', '  ', '--', 'ref'])('is not in "%s"', (typed) => {
    expect(readReference(typed)).toEqual({ problem: 'empty' });
  });
});
