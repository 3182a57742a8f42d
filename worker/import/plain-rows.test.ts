import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DELIMITERS } from '../vocabulary.ts';
import { type Read, readRows } from './csv.ts';
import { plainRows } from './plain-rows.ts';

/** Properties take a while where many tests share a machine. */
const SLOW_MS = 30_000;
const PIECES = [
  'a',
  'bc',
  '"',
  '""',
  '"a"',
  '"b\nc"',
  ',',
  ';',
  '\t',
  '\n',
  ' ',
  '\u00a0',
  '\v',
  'é',
];

/** What a reading says; whether it met a stray quote is its own affair. */
const told = ({ rows, unclosed, broken }: Read) => ({ rows, unclosed, broken });

test(
  'rows are those that csv-parse gives',
  () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }),
        fc.constantFrom(...DELIMITERS),
        (pieces, delimiter) => {
          const text = pieces.join('');
          const careful = readRows(text, delimiter);
          expect(told(plainRows(text, delimiter) ?? careful)).toEqual(told(careful));
        },
      ),
      { numRuns: 20_000 },
    );
  },
  SLOW_MS,
);

test('quotes at the ends of cells, doubled ones and line ends within are read at once', () => {
  expect(plainRows('a, "b ""c"", d"\n"e\n\nf" ,\n\ng', ',')).toEqual({
    rows: [
      { line: 1, cells: ['a', 'b "c", d'] },
      { line: 2, cells: ['e\n\nf', ''] },
      { line: 5, cells: [''] },
      { line: 6, cells: ['g'] },
    ],
  });
});

test('a quote in the middle of a cell is left to csv-parse', () => {
  expect(plainRows('a,5" pipe\n', ',')).toBeUndefined();
  expect(plainRows('a,"b" c\n', ',')).toBeUndefined();
});

test('a quote that does not close names its row', () => {
  expect(plainRows('a\n"b\nc', ',')).toEqual({ rows: [{ line: 1, cells: ['a'] }], unclosed: 2 });
});
