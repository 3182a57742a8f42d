/** Where a file's header is, and what stands between its cells. */

import { DELIMITERS, type Delimiter } from '../vocabulary.ts';
import { peekRows, type Row } from './csv.ts';
import { headerScore } from './map.ts';
import { headerOf, isBlank, ownRow } from './parse.ts';

export type Header = { line: number; delimiter: Delimiter; names: string[]; below: Row[] };

/** What a person has said already. */
type Given = { delimiter?: Delimiter | undefined; headerLine?: number | undefined };

const WITHIN_ROWS = 10;
const WITHIN_CHARACTERS = 64 * 1024;
const SAMPLE_ROWS = 300;
const A_NUMBER = /^[\p{Sc}(+-]?\s?\d[\d\s.,:/'’-]*[%)\p{Sc}]?$/u;

/**
 * Finds the header among the first 10 rows that are not blank. The delimiter is the one by which
 * it names the most fields, and by which the rows below it fit it best. A header of which nothing
 * is recognised is the first row without a number that is as wide as most rows. Undefined when there is
 * none: a person's delimiter or line is taken as said, whatever stands there.
 */
export function findHeader(text: string, given: Given): Header | undefined {
  const head = text.slice(0, WITHIN_CHARACTERS);
  let best: { header: Header; score: number } | undefined;
  for (const delimiter of given.delimiter === undefined ? DELIMITERS : [given.delimiter]) {
    const rows = peekRows(head, delimiter, SAMPLE_ROWS).rows.filter(({ cells }) => !isBlank(cells));
    const at = headerAt(rows, given);
    const row = rows[at];
    if (row === undefined) continue;
    const own = headerOf(row.cells);
    const { names } = own;
    const below = rows.slice(at + 1).map((each) => ownRow(each, own));
    const score = headerScore(names) + fit(below, names.length);
    if (best !== undefined && score <= best.score) continue;
    best = { header: { line: row.line, delimiter, names, below }, score };
  }
  return best?.header;
}

function headerAt(rows: readonly Row[], given: Given): number {
  const { headerLine } = given;
  if (headerLine !== undefined) return rows.findIndex(({ line }) => line === headerLine);
  const first = rows.slice(0, WITHIN_ROWS);
  // Above a header there may be single names with their values: `Customer ID,17`.
  const scores = first.map(({ cells }) => headerScore(cells));
  const most = Math.max(0, ...scores);
  if (most > 0) return scores.indexOf(most);
  const width = usualWidth(rows);
  if (width < 2 && given.delimiter === undefined) return -1;
  return first.findIndex(
    ({ cells }) => widthOf(cells) === width && !cells.some((cell) => A_NUMBER.test(cell)),
  );
}

/** How many of the rows have as many cells as the header, from 0 to 1; more columns fit better. */
function fit(rows: readonly Row[], width: number): number {
  const fitting = rows.filter(
    ({ cells }) => widthOf(cells) <= width && cells.length >= width,
  ).length;
  const share = rows.length === 0 ? 0.5 : fitting / rows.length;
  return share * (1 - 1 / (width + 1));
}

function usualWidth(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of rows) {
    const width = widthOf(cells);
    counts.set(width, (counts.get(width) ?? 0) + 1);
  }
  let usual = 0;
  for (const [width, count] of counts) {
    if (count > (counts.get(usual) ?? 0)) usual = width;
  }
  return usual;
}

/** The cells up to the last filled one. */
function widthOf(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell !== '') + 1;
}
