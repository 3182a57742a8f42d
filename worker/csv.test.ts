import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvFile, figure } from './csv.ts';

const cellOf = (text: string): string[][] => parse(csvFile([[text, 'x']]), { bom: true });

describe('a text that a spreadsheet would run', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['＝1', "'＝1"],
    ['Bolt;=1+1', "Bolt;'=1+1"],
    ['Bolt\t-1', "Bolt\t'-1"],
    ['Bolt; "+1', 'Bolt; "\'+1'],
    ['Bolt\n@SUM', "Bolt\n'@SUM"],
    ['=a;=b', "'=a;'=b"],
  ])('%j is disarmed, and one text still', (text, safe) => {
    expect(cellOf(text)).toEqual([[safe, 'x']]);
  });

  test('begins no cell of ours, whatever stands between cells', () => {
    const parts = fc.constantFrom('=', '+', '-', '@', ';', '\t', '\n', '"', ' ', ',', 'a', '1');
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 12 }).map((all) => all.join('')),
        (text) => {
          for (const end of [/[;\r\n]/, /[\t\r\n]/]) {
            for (const cell of csvFile([['x', text]]).split(end)) {
              expect(cell.replace(/^[\s"]*/, '')).not.toMatch(/^[=+\-@]/);
            }
          }
          const [row] = cellOf(text);
          expect(row?.[1]).toBe('x');
          // Nothing but the guard is added.
          expect(row?.[0]?.replaceAll("'", '')).toBe(text);
        },
      ),
    );
  });

  test('is no figure, whose minus is a minus', () => {
    expect(csvFile([[figure('-1.00')]])).toBe('\ufeff-1.00\r\n');
    expect(() => figure('=1')).toThrow(RangeError);
  });
});
