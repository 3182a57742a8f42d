/** A line that only its place names overwrites no other line. */
import { expect, test } from 'vitest';
import { type StagedItem, stage } from './stage.ts';
import { holdUnplaced, placedLines } from './unplaced.ts';

function linesOf(columns: string, ...rows: string[]): StagedItem[] {
  const csv = [`customer_code,order_number,${columns}`, ...rows.map((row) => `C,7,${row}`)];
  const found = stage(new TextEncoder().encode(csv.join('\n')));
  if ('error' in found) throw new Error(found.error);
  const lines = placedLines(found);
  expect(lines.length).toBe(rows.length);
  return lines;
}

/** The keys of a later file's lines, beside those of an earlier one. */
function placed(
  columns: string,
  earlier: string[],
  later: string[],
  laterColumns = columns,
): string[] {
  const lines = linesOf(laterColumns, ...later);
  const standing = linesOf(columns, ...earlier).map(({ key, fields }) => ({
    key,
    orderKey: '7',
    fields,
  }));
  holdUnplaced(lines, standing);
  return lines.map(({ key }) => key);
}

test('a whole order that is sent again takes its own places', () => {
  expect(placed('sku,qty', ['A,1', 'B,1', 'A,2'], ['a,1', 'B,9', 'A,2'])).toEqual([
    '7#1',
    '7#2',
    '7#3',
  ]);
  expect(placed('line_description,qty', ['Bolt,1'], ['BOLT,2'])).toEqual(['7#1']);
});

test('a line at the end of it is a new one', () => {
  expect(placed('sku', ['A'], ['A', 'B'])).toEqual(['7#1', '7#2']);
});

test('some of its lines are not taken for those that stand in their places', () => {
  expect(placed('sku', ['A', 'B', 'D'], ['D'])).toEqual(['7#?2']);
  expect(placed('sku', ['A', 'B', 'D'], ['A', 'D'])).toEqual(['7#1', '7#?3']);
  // One more in the middle: nothing behind it is where it was.
  expect(placed('sku', ['A', 'B'], ['A', 'X', 'B'])).toEqual(['7#1', '7#?3', '7#?4']);
});

test('of two lines of one article, it is the one that says the same', () => {
  expect(placed('sku,qty', ['A,1', 'A,2'], ['A,2'])).toEqual(['7#?2']);
  expect(placed('sku,qty', ['A,1', 'A,2'], ['A,1'])).toEqual(['7#1']);
});

test('lines without an article are told by what they say', () => {
  expect(placed('qty,line_total', ['1,', '2,5'], ['1,3', '2,5'])).toEqual(['7#1', '7#2']);
  expect(placed('qty,line_total', ['1,3', '2,5'], ['2,5'])).toEqual(['7#?2']);
});

test('lines with nothing to compare are not taken for each other', () => {
  const other = 'line_description,line_total';
  expect(placed('sku,qty', ['BOLT,5'], ['Nut,2.00'], other)).toEqual(['7#?2']);
  // Nor for another: this one may be the bolt.
  expect(placed('sku,qty', ['BOLT,5'], ['Nut,2.00', 'Bolt,1.00'], other)).toEqual(['7#?2', '7#?3']);
  expect(placed('sku,line_total', ['BOLT,2.00'], ['Bolt,2.00'], other)).toEqual(['7#1']);
  // One that says its article is told from those that do not.
  expect(placed('sku,line_description,qty', ['A,,1', ',B,1'], ['a,,9'])).toEqual(['7#1']);
});

test('what says nothing is nothing to overwrite', () => {
  expect(placed('line_total', ['7.x0', '8.00'], ['7.50', '8.00'])).toEqual(['7#1', '7#2']);
  expect(placed('sku,line_total', [',7.x0', 'A,'], ['A,1.00'])).toEqual(['7#?2']);
});

test('what is held says so, and has no number', () => {
  const [line] = linesOf('sku', 'B');
  if (line === undefined) throw new Error('no line');
  holdUnplaced([line], [{ key: '7#1', orderKey: '7', fields: { line_item_code: 'A' } }]);
  expect(line.fields).toEqual({ line_item_code: 'B' });
  expect(line.problems).toEqual([
    { code: 'line_unplaced', line: 2, field: 'line_number', value: '1' },
  ]);
});
