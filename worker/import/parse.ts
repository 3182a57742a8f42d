/** CSV text to rows of text cells, each with the physical line it starts on. */

import { CsvError, parse as parseCsv } from 'csv-parse/sync';
import type { ProblemCode } from '../vocabulary.ts';
import { excerpt } from './items.ts';
import { headerScore } from './map.ts';

export type Row = { line: number; cells: string[] };

type RowProblem = {
  code: Extract<ProblemCode, 'ragged_row' | 'cell_too_long'>;
  line: number;
  /** The start of the row, or of the cell, for a person to find it by. */
  value: string;
};

export type Parsed = {
  header: { line: number; names: string[] };
  /** Rows with as many cells as the header. */
  rows: Row[];
  /** One for each row that is not in `rows`. */
  problems: RowProblem[];
  /** Lines without a filled cell, and repeats of the header, that were passed over. */
  blank: number;
};

type ParseError = { error: 'csv_no_header' | 'csv_unclosed_quote'; line: number };

const DELIMITERS = [',', ';', '\t'] as const;
const HEADER_WITHIN_ROWS = 10;
const HEADER_WITHIN_LINES = 50;
const HEADER_WITHIN_CHARACTERS = 64 * 1024;
const CELL_MAX_CHARACTERS = 32 * 1024;

/**
 * Finds the header among the first 10 rows that are not blank (what stands above it is passed
 * over) and reads the rows below it. Cells are text, NFC, trimmed. Lines are counted as an editor
 * counts them, from 1, whatever the line ends and wherever a quoted cell breaks.
 *
 * The delimiter is the one of `,` `;` tab by which the header names the most fields.
 */
export function parse(text: string): Parsed | ParseError {
  // One line end everywhere keeps the line count right: csv-parse counts a quoted CRLF twice.
  const even = (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text).normalize('NFC');
  const found = findHeader(even);
  if ('error' in found) return found;

  const read = readRows(even.slice(found.offset), found.delimiter);
  const before = found.line - 1;
  if (read.unclosed !== undefined)
    return { error: 'csv_unclosed_quote', line: before + read.unclosed };

  const names = read.rows[0]?.cells ?? [];
  while (names.at(-1) === '') names.pop();
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  let blank = 0;
  for (const row of read.rows.slice(1)) {
    const { cells } = row;
    const line = before + row.line;
    if (isBlank(cells) || isRepeat(cells, names)) {
      blank++;
      continue;
    }
    // Empty cells past the last column are a spreadsheet's habit, not a mistake.
    while (cells.length > names.length && cells.at(-1) === '') cells.pop();
    const long = cells.find((cell) => cell.length > CELL_MAX_CHARACTERS);
    if (long !== undefined) {
      problems.push({ code: 'cell_too_long', line, value: excerpt(long) });
    } else if (cells.length !== names.length) {
      problems.push({ code: 'ragged_row', line, value: excerpt(cells.join(found.delimiter)) });
    } else {
      rows.push({ line, cells });
    }
  }
  return { header: { line: found.line, names }, rows, problems, blank };
}

/** Files put together from several exports bring their headers along. */
function isRepeat(cells: readonly string[], names: readonly string[]): boolean {
  return cells[0] === names[0] && names.every((name, column) => cells[column] === name);
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

type Header = { line: number; offset: number; delimiter: string };

function findHeader(text: string): Header | ParseError {
  const head = text.slice(0, HEADER_WITHIN_CHARACTERS);
  let best: { line: number; delimiter: string; score: number } | undefined;
  let unclosed: number | undefined;
  for (const delimiter of DELIMITERS) {
    const read = readWith(head, delimiter, { relaxQuotes: true, rows: HEADER_WITHIN_LINES });
    unclosed ??= read.unclosed;
    for (const row of read.rows
      .filter(({ cells }) => !isBlank(cells))
      .slice(0, HEADER_WITHIN_ROWS)) {
      const score = headerScore(row.cells);
      if (score === 0) continue;
      if (score > (best?.score ?? 0)) best = { line: row.line, delimiter, score };
      break;
    }
  }
  if (best !== undefined) return { ...best, offset: offsetOf(text, best.line) };
  // The head of a longer file may well end inside a quote.
  if (unclosed !== undefined && head.length === text.length) {
    return { error: 'csv_unclosed_quote', line: unclosed };
  }
  return { error: 'csv_no_header', line: 1 };
}

function offsetOf(text: string, line: number): number {
  let offset = 0;
  for (let at = 1; at < line; at++) offset = text.indexOf('\n', offset) + 1;
  return offset;
}

type Read = { rows: Row[]; unclosed?: number };

/**
 * Every row, blank ones too, and the line of a quote that never closes or closes in the middle of
 * a cell, if there is one: what follows it cannot be trusted.
 *
 * A quote inside a cell that does not begin with one (`5" pipe`) is part of the text. csv-parse
 * has one switch for that and for badly closed quotes, so the switch is only used once a strict
 * pass has seen no badly closed one.
 */
function readRows(text: string, delimiter: string): Read {
  const strict = readWith(text, delimiter, { relaxQuotes: false });
  return strict.stray ? readWith(text, delimiter, { relaxQuotes: true }) : strict;
}

function readWith(
  text: string,
  delimiter: string,
  how: { relaxQuotes: boolean; rows?: number },
): Read & { stray: boolean } {
  const rows: Row[] = [];
  let stray = false;
  let ended = 0;
  try {
    parseCsv(text, {
      bom: false,
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: how.relaxQuotes,
      skip_records_with_error: true,
      trim: true,
      to: how.rows ?? -1,
      on_skip: (error) => {
        if (error?.code !== 'INVALID_OPENING_QUOTE') throw error;
        stray = true;
        ended = Math.max(ended, Number(error.lines) - 1);
      },
      on_record: (cells: string[], { lines }) => {
        for (let at = 0; at < cells.length; at++) cells[at] = cells[at]?.trim() ?? '';
        rows.push({ line: ended + 1, cells });
        ended = lines;
        return undefined;
      },
    });
  } catch (error) {
    if (error instanceof CsvError) return { rows, stray, unclosed: ended + 1 };
    throw error;
  }
  return { rows, stray };
}
