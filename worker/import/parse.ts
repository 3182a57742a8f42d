/** A CSV's text to rows under its header, each with the physical line on which it starts. */

import type { ProblemCode } from '../vocabulary.ts';
import type { Delimiter } from './convention.ts';
import { ROW_MAX_BYTES, type Row, readRows } from './csv.ts';
import { excerpt, type StageError } from './items.ts';
import { fold } from './words.ts';

type RowProblem = {
  code: Extract<ProblemCode, 'ragged_row' | 'cell_too_long'>;
  line: number;
  /** The start of the row, or of the cell, for a person to find it by. */
  value: string;
};

export type Parsed = {
  /** Rows with as many cells as the header. */
  rows: Row[];
  /** One for each row that is not in `rows`. */
  problems: RowProblem[];
  /** Lines without a filled cell, and repeats of the header, that were passed over. */
  blank: number;
};

export type Parser = {
  /** The rows that this text makes whole. What is begun waits for the next text. */
  push: (text: string) => Parsed | StageError;
  /** The rows of the last text, and what had waited. */
  end: (text: string) => Parsed | StageError;
  /** Names of the columns; undefined until the header has been read. */
  names: () => readonly string[] | undefined;
};

const CELL_MAX_CHARACTERS = 32 * 1024;
/** The last column of the list of problems that the console gives for correction: not the file's. */
const OUR_COLUMN = 'problem';

/**
 * Reads a text, in as many pieces as one likes, whose line ends are `\n` and whose header begins
 * on `headerLine`, from 1; what stands above is passed over. Cells are text, NFC, trimmed. Lines
 * are counted as an editor counts them, wherever a quoted cell breaks.
 */
export function openParser(how: { delimiter: Delimiter; headerLine: number }): Parser {
  let pending = '';
  /** The line on which `pending` begins. */
  let line = 1;
  let isBlankSoFar = true;
  let header: Header | undefined;

  /** Takes the lines above the header away. */
  const skipPreamble = (): void => {
    let from = 0;
    while (line < how.headerLine) {
      const end = pending.indexOf('\n', from);
      if (end === -1) break;
      from = end + 1;
      line++;
    }
    pending = pending.slice(from);
  };

  const read = (text: string, last: boolean): Parsed | StageError => {
    pending += text;
    isBlankSoFar &&= text.trim() === '';
    if (header === undefined) skipPreamble();
    const parsed: Parsed = { rows: [], problems: [], blank: 0 };
    const cut = last ? pending.length : pending.lastIndexOf('\n') + 1;
    if (cut > 0 && line >= how.headerLine) {
      const whole = pending.slice(0, cut).normalize('NFC');
      const { rows, unclosed, broken } = readRows(whole, how.delimiter);
      const wrong = broken ?? (last ? unclosed : undefined);
      if (wrong !== undefined) return { error: 'csv_unclosed_quote', line: line + wrong - 1 };
      for (const row of rows) {
        row.line += line - 1;
        if (header === undefined) header = headerOf(row.cells);
        else sortOut(row, header, how.delimiter, parsed);
      }
      const from = unclosed === undefined ? whole.length : startOf(whole, unclosed);
      line += unclosed === undefined ? countLineEnds(whole) : unclosed - 1;
      pending = whole.slice(from) + pending.slice(cut);
    }
    if (isTooLong(pending)) return { error: 'csv_unclosed_quote', line };
    if (last && header === undefined) {
      return isBlankSoFar ? { error: 'csv_empty' } : { error: 'csv_no_header', line: 1 };
    }
    return parsed;
  };
  return {
    push: (text) => read(text, false),
    end: (text) => read(text, true),
    names: () => header?.names,
  };
}

type Header = { names: string[]; hasOurColumn: boolean };

/** The names of a header's columns: without what stands empty at its end, and our own column. */
export function headerOf(cells: readonly string[]): Header {
  const names = [...cells];
  while (names.at(-1) === '') names.pop();
  const hasOurColumn = names.length > 1 && fold(names.at(-1) ?? '') === OUR_COLUMN;
  if (hasOurColumn) names.pop();
  return { names, hasOurColumn };
}

function sortOut(row: Row, header: Header, delimiter: string, into: Parsed): void {
  const { line, cells } = row;
  const { names } = header;
  if (header.hasOurColumn && cells.length > names.length) cells.splice(names.length, 1);
  if (isBlank(cells) || isRepeat(cells, names)) {
    into.blank++;
    return;
  }
  // Empty cells past the last column are a spreadsheet's habit, not a mistake.
  while (cells.length > names.length && cells.at(-1) === '') cells.pop();
  const long = cells.find((cell) => cell.length > CELL_MAX_CHARACTERS);
  if (long !== undefined) {
    into.problems.push({ code: 'cell_too_long', line, value: excerpt(long) });
  } else if (cells.length !== names.length) {
    into.problems.push({ code: 'ragged_row', line, value: excerpt(cells.join(delimiter)) });
  } else {
    into.rows.push(row);
  }
}

/** Files put together from several exports bring their headers along. */
function isRepeat(cells: readonly string[], names: readonly string[]): boolean {
  return cells[0] === names[0] && names.every((name, column) => cells[column] === name);
}

export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

function startOf(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) offset = text.indexOf('\n', offset) + 1;
  return offset;
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Whether what waits for its end is one row beyond the bound; a character is up to 3 bytes. */
function isTooLong(pending: string): boolean {
  if (pending.length * 3 <= ROW_MAX_BYTES) return false;
  return new TextEncoder().encode(pending).length > ROW_MAX_BYTES;
}
