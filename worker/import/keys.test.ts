import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normaliseKey } from './keys.ts';

test('case, white space, dashes and invisible characters make no difference', () => {
  const same = [
    'so-0012',
    ' SO-0012 ',
    'SO\u20110012',
    'SO – 0012',
    'S\u200bO-0012',
    'ＳＯ－００１２',
  ];
  for (const text of same) expect(normaliseKey(text)).toBe('SO-0012');
});

test('leading zeros and accents stay', () => {
  expect(normaliseKey('00042')).toBe('00042');
  expect(normaliseKey('zamówienie/łódź')).toBe('ZAMÓWIENIE/ŁÓDŹ');
});

test('a character whose upper case is longer stays as it is', () => {
  expect(normaliseKey('straße 1')).toBe('STRAßE1');
});

test('normalising twice changes nothing, for any text and for every character', () => {
  const holds = (text: string) => {
    const once = normaliseKey(text);
    return normaliseKey(once) === once;
  };
  fc.assert(fc.property(fc.string({ unit: 'binary' }), holds));
  const broken: string[] = [];
  for (let point = 0; point <= 0x2ffff; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const text = `a${String.fromCodePoint(point)}\u0301`;
    if (!holds(text)) broken.push(point.toString(16));
  }
  expect(broken).toEqual([]);
});
