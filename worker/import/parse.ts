/** A CSV's text to rows under its header, each with the physical line on which it starts. */

import type { CanonicalField, Delimiter, ProblemCode } from '../vocabulary.ts';
import type { Row } from './csv.ts';
import { excerpt, type StageError } from './items.ts';
import { openRows } from './rows.ts';

type RowProblem = {
  code: Extract<ProblemCode, 'ragged_row' | 'cell_too_long'>;
  line: number;
  /** The start of the row, or of the cell, for a person to find it by. */
  value: string;
};

/** A row's cells, without what the list of problems has put before them. */
export type OwnRow = Row & {
  /** The line number that the list of problems says it was given; absent where it says none. */
  place?: string;
};

export type Parsed = {
  /** Rows with as many cells as the header. */
  rows: OwnRow[];
  /** One for each row that is not in `rows`. */
  problems: RowProblem[];
  /** The rows of `problems`, as far as they can be told apart. */
  unread: OwnRow[];
  /** Lines without a filled cell, and repeats of the header, that were passed over. */
  blank: number;
};

export type Parser = {
  /** The rows that this text makes whole. What is begun waits for the next text. */
  push: (text: string) => Parsed | StageError;
  /** The rows of the last text, and what had waited. */
  end: (text: string) => Parsed | StageError;
};

const CELL_MAX_CHARACTERS = 32 * 1024;
/** The first column of the list of problems that is given for correction: it is not the file's. */
export const PROBLEM_COLUMN = 'problem';
/**
 * Stands before {@link PROBLEM_COLUMN} where the file does not number its lines: the numbers that they
 * were given. Left alone by somebody who takes out the other, it is a column like any other of that name.
 */
export const PLACE_COLUMN = 'line_number' satisfies CanonicalField;

/** Sorts out the rows of a text under its header, as {@link openRows} gives them. */
export function openParser(how: { delimiter: Delimiter; headerLine: number }): Parser {
  const reader = openRows(how);
  let isBlankSoFar = true;
  let header: Header | undefined;

  const sorted = (rows: Row[] | StageError): Parsed | StageError => {
    if ('error' in rows) return rows;
    const parsed: Parsed = { rows: [], problems: [], unread: [], blank: 0 };
    for (const row of rows) {
      if (header === undefined) header = headerOf(row.cells);
      else sortOut(row, header, how.delimiter, parsed);
    }
    return parsed;
  };
  return {
    push(text) {
      isBlankSoFar &&= text.trim() === '';
      return sorted(reader.push(text));
    },
    end(text) {
      isBlankSoFar &&= text.trim() === '';
      const parsed = sorted(reader.end(text));
      if (header !== undefined || 'error' in parsed) return parsed;
      return isBlankSoFar ? { error: 'csv_empty' } : { error: 'csv_no_header', line: 1 };
    },
  };
}

type Header = {
  names: string[];
  /** Columns of ours before the file's own: none, that of problems, or that of line numbers too. */
  added: 0 | 1 | 2;
};

/** The names of a header's columns: without what stands empty at its end, and the columns of ours. */
export function headerOf(cells: readonly string[]): Header {
  const names = [...cells];
  while (names.at(-1) === '') names.pop();
  let added: Header['added'] = 0;
  // As we write them: a supplier's own column may well be called `Problem`.
  if (names[0] === PROBLEM_COLUMN) added = 1;
  else if (names[0] === PLACE_COLUMN && names[1] === PROBLEM_COLUMN) added = 2;
  return names.length > added ? { names: names.slice(added), added } : { names, added: 0 };
}

/** A row without the cells that are ours. */
export function ownRow(row: Row, { added }: Header): OwnRow {
  if (added === 0) return row;
  const { line, cells } = row;
  const [place = ''] = cells;
  const own: OwnRow = { line, cells: cells.slice(added) };
  return added === 2 && place !== '' ? { ...own, place } : own;
}

function sortOut(whole: Row, header: Header, delimiter: string, into: Parsed): void {
  const row = ownRow(whole, header);
  const { line, cells } = row;
  const { names } = header;
  if (isBlank(cells) || isRepeat(cells, names)) {
    into.blank++;
    return;
  }
  // Empty cells past the last column are a spreadsheet's habit, not a mistake.
  while (cells.length > names.length && cells.at(-1) === '') cells.pop();
  const long = cells.find((cell) => cell.length > CELL_MAX_CHARACTERS);
  if (long !== undefined) {
    into.problems.push({ code: 'cell_too_long', line, value: excerpt(long) });
    into.unread.push(row);
  } else if (cells.length !== names.length) {
    into.problems.push({ code: 'ragged_row', line, value: excerpt(cells.join(delimiter)) });
    into.unread.push(row);
  } else {
    into.rows.push(row);
  }
}

/** Files put together from several exports bring their headers along. */
function isRepeat(cells: readonly string[], names: readonly string[]): boolean {
  return cells[0] === names[0] && names.every((name, column) => cells[column] === name);
}

/** Whether a row has nothing in any cell. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}
