import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DELIMITERS, type Delimiter } from '../vocabulary.ts';
import { findHeader } from './header.ts';
import type { StageError } from './items.ts';
import { openParser, type Parsed } from './parse.ts';

/** Properties take a while where many tests share a machine. */
const SLOW_MS = 30_000;

type Found = { header: { line: number; names: string[] } };

/** Finds the header and reads what is below, in pieces of so many characters. */
function parse(text: string, piece = text.length || 1): (Parsed & Found) | StageError {
  const found = findHeader(text, {});
  if (found === undefined) return { error: 'csv_no_header', line: 1 };
  const { line, delimiter, names } = found;
  const parser = openParser({ delimiter, headerLine: line });
  const all: Parsed = { rows: [], problems: [], unread: [], blank: 0 };
  for (let from = 0; from <= text.length; from += piece) {
    const part = text.slice(from, from + piece);
    const read = from + piece > text.length ? parser.end(part) : parser.push(part);
    if ('error' in read) return read;
    all.rows.push(...read.rows);
    all.problems.push(...read.problems);
    all.unread.push(...read.unread);
    all.blank += read.blank;
  }
  return { ...all, header: { line, names } };
}

function parsed(text: string, piece?: number): Parsed & Found {
  const result = parse(text, piece);
  if ('error' in result) throw new Error(`${result.error} at ${result.line}`);
  return result;
}

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test("only the list of problems' own columns are passed over, not a supplier's of a like name", () => {
  for (const name of ['Problem', 'PROBLEM', 'Problem?']) {
    const { header, rows } = parsed(`${name},order_number\nlate,SO-1\n`);
    expect(header.names).toEqual([name, 'order_number']);
    expect(rows).toEqual([{ line: 2, cells: ['late', 'SO-1'] }]);
  }
  const { header } = parsed('Line number,problem,order_number\n1,late,SO-1\n');
  expect(header.names).toEqual(['Line number', 'problem', 'order_number']);
  expect(parsed('line_number,problem,order_number\n1,late,SO-1\n').rows).toEqual([
    { line: 2, cells: ['SO-1'], place: '1' },
  ]);
});

test('cells are trimmed text: leading zeros, quotes and inner commas survive', () => {
  const { rows } = parsed('order_number,customer_code\n 0012 ," ""A"", B "\n');
  expect(rows).toEqual([{ line: 2, cells: ['0012', '"A", B'] }]);
});

test('composed and decomposed letters come out the same', () => {
  expect(parsed('customer_code\nZoe\u0308\n').rows[0]?.cells).toEqual(['Zoë']);
});

test('the header is found below a preamble', () => {
  const { header, rows } = parsed('Export of 1 May\n\nPrinted by: Ana, Bo\norder_number,x\n7,y\n');
  expect(header).toEqual({ line: 4, names: ['order_number', 'x'] });
  expect(rows).toEqual([{ line: 5, cells: ['7', 'y'] }]);
});

test('without a usable header in the first ten rows the file is refused', () => {
  expect(parse('1,2\n3,4\n')).toEqual({ error: 'csv_no_header', line: 1 });
  expect(parse(`${'x\n'.repeat(10)}order_number\n1\n`)).toEqual({
    error: 'csv_no_header',
    line: 1,
  });
  expect(parse(`${'x\n'.repeat(9)}order_number\n1\n`)).toMatchObject({ header: { line: 10 } });
});

test('semicolons and tabs separate too, and a comma inside such a cell stays', () => {
  expect(parsed('order_number;customer_code\n7;a, b\n').rows[0]?.cells).toEqual(['7', 'a, b']);
  expect(parsed('order_number\tcustomer_code\n7\ta;b\n').rows[0]?.cells).toEqual(['7', 'a;b']);
});

test('blank lines and repeats of the header are passed over and counted', () => {
  const { rows, blank } = parsed('order_number,x\n\n1,a\n,\n  \norder_number,x\n2,b\n\n');
  expect(rows.map(({ line }) => line)).toEqual([3, 7]);
  expect(blank).toBe(5);
});

test('a row with too few or too many cells is named, empty cells past the end are not', () => {
  const { rows, problems } = parsed('order_number,x\n1\n2,b,c\n3,c,,\n');
  expect(rows).toEqual([{ line: 4, cells: ['3', 'c'] }]);
  expect(problems).toEqual([
    { code: 'ragged_row', line: 2, value: '1' },
    { code: 'ragged_row', line: 3, value: '2,b,c' },
  ]);
});

test('a cell over 32 kB is named', () => {
  const { rows, problems } = parsed(`order_number,x\n1,${'y'.repeat(40_000)}\n2,z\n`);
  expect(rows.map(({ line }) => line)).toEqual([3]);
  expect(problems).toEqual([{ code: 'cell_too_long', line: 2, value: 'y'.repeat(100) }]);
});

test('a quote that never closes is named by the row it is in', () => {
  expect(parse('order_number,x\n1,a\n2,"b\n3,c\n')).toEqual({
    error: 'csv_unclosed_quote',
    line: 3,
  });
});

test('a quote closed by a later row is not swallowed', () => {
  const text = 'order_number,x\n1,a\n2,"b\n3,"c"\n';
  expect(parse(text)).toEqual({ error: 'csv_unclosed_quote', line: 3 });
  expect(parse(`order_number,x\n0,5" pipe\n${text.slice(15)}`)).toMatchObject({
    error: 'csv_unclosed_quote',
  });
});

test('a quote inside a bare cell is text', () => {
  expect(parsed('order_number,x\n1,5" pipe\n2,"a ""b"""\n').rows).toEqual([
    { line: 2, cells: ['1', '5" pipe'] },
    { line: 3, cells: ['2', 'a "b"'] },
  ]);
});

const cellText = fc.string({ unit: fc.constantFrom(...'ab ,;"\n\t0é-') });

test('what is written as CSV is read back, on the lines an editor shows', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cellText, cellText), { maxLength: 8 }),
      fc.constantFrom<Delimiter>(...DELIMITERS),
      fc.integer({ min: 1, max: 40 }),
      (cells, delimiter, piece) => {
        let text = `order_number${delimiter}x\n`;
        let line = 2;
        const expected = cells.map(([first, second]) => {
          const row = { line, cells: [`k${first}`.trim(), second.trim()] };
          const written = `${quoted(`k${first}`)}${delimiter}${quoted(second)}`;
          line += written.split('\n').length;
          text += `${written}\n`;
          return row;
        });
        expect(parsed(text, piece).rows).toEqual(expected);
      },
    ),
  );
});

test(
  'any text is answered, never thrown at',
  () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '"',
        ',',
        ';',
        '\t',
        '\r\n',
        '\n',
        '\r',
        'order_number',
        '" "',
        '"x',
        '\ufeff',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        parse(pieces.join(''));
        parse(`order_number,customer_code\n${pieces.join('')}`);
      }),
      { numRuns: 300 },
    );
  },
  SLOW_MS,
);

test(
  'a text in pieces is the text in one, with the same error on the same line',
  () => {
    const piece = fc.constantFrom('"', '"', ',', '\n', ' ', 'a', '"b"', '5"', '""', ',"');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        (pieces, size) => {
          const text = `order_number,x\n${pieces.join('')}`;
          expect(parse(text, size)).toEqual(parse(text));
        },
      ),
      { numRuns: 1000 },
    );
  },
  SLOW_MS,
);

test('a badly closed quote is named by its row, whatever quotes stand in other rows', () => {
  const text = 'order_number,x\n7,"""a"""\n8,5" pipe\n9,"b\n" "\n10,c\n';
  for (const size of [1, 5, text.length]) {
    expect(parse(text, size)).toEqual({ error: 'csv_unclosed_quote', line: 4 });
  }
});
