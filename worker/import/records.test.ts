import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lastCell, openRecords, type RawRecord } from './records.ts';

function recordsOf(text: string, pieceLength = text.length || 1, delimiter = ','): RawRecord[] {
  const records = openRecords(delimiter);
  const found: RawRecord[] = [];
  for (let at = 0; at < text.length; at += pieceLength) {
    found.push(...records.push(text.slice(at, at + pieceLength)));
  }
  return [...found, ...records.end()];
}

test('a record keeps its quotes and its own lines, and the next one begins on the right line', () => {
  expect(recordsOf('a,b\r\n"1, ""one""\r\ntwo",2\n\n 5" pipe,"x"\r3,4')).toEqual([
    { line: 1, text: 'a,b' },
    { line: 2, text: '"1, ""one""\r\ntwo",2' },
    { line: 4, text: '' },
    { line: 5, text: ' 5" pipe,"x"' },
    { line: 6, text: '3,4' },
  ]);
});

test('a cell is quoted by the delimiter that there is', () => {
  expect(recordsOf('a;"b\nc";d\ne', 3, ';')).toEqual([
    { line: 1, text: 'a;"b\nc";d' },
    { line: 3, text: 'e' },
  ]);
});

test('however the text is cut, its records are the same', () => {
  const text = fc.array(fc.constantFrom('a', '"', ',', '\n', '\r\n', '\r', ' '), { maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 7 }), (parts, length) => {
      const whole = parts.join('');
      expect(recordsOf(whole, length)).toEqual(recordsOf(whole));
    }),
  );
});

test('the last cell is what stands behind the last delimiter that is not inside quotes', () => {
  expect(lastCell('a,b,problem', ',')).toEqual({ cells: 3, before: 'a,b' });
  expect(lastCell('"a,""1""",b 5","x, y"', ',')).toEqual({ cells: 3, before: '"a,""1""",b 5"' });
  expect(lastCell('a;"b\n;c";', ';')).toEqual({ cells: 3, before: 'a;"b\n;c"' });
});
