/** CSV text to rows of cells, by csv-parse: what a quote means, and which one is wrong. */

import { CsvError, parse } from 'csv-parse/sync';
import type { Delimiter } from '../vocabulary.ts';

/** A row as it stands; `line` is the line on which it begins. */
export type Row = { line: number; cells: string[] };

export type Read = {
  /** Every row, blank ones too. */
  rows: Row[];
  /** The line of the row whose quote does not close before the text ends; it is not in `rows`. */
  unclosed?: number;
  /** The line of the row where a quote closes in the middle of a cell, or that is too long. */
  broken?: number;
};

/** A row of more bytes is a quote that was never closed; without a bound it would fill the memory. */
export const ROW_MAX_BYTES = 1_000_000;

/**
 * The rows of a text whose line ends are `\n`. Cells are trimmed. Lines are counted from 1. What
 * follows a broken row cannot be trusted, and is not read.
 *
 * A quote inside a cell that does not begin with one (`5" pipe`) is part of the text. csv-parse
 * has one switch for that and for badly closed quotes, so the switch is only used once a strict
 * pass has met a quote inside a cell. It leaves the opening quote of a badly closed cell in place;
 * where a cell has one, a second strict pass over all rows says whether that is why.
 */
export function readRows(text: string, delimiter: Delimiter): Read {
  const strict = readWith(text, delimiter, { quotes: 'strict, to the first stray one' });
  if (!strict.stray) return strict;
  const relaxed = readWith(text, delimiter, { quotes: 'relaxed' });
  if (!relaxed.rows.some(({ cells }) => cells.some((cell) => cell.startsWith('"')))) return relaxed;
  const { brokenAt } = readWith(text, delimiter, { quotes: 'strict' });
  if (brokenAt === undefined) return relaxed;
  const last = relaxed.unclosed ?? relaxed.broken ?? 1;
  const from = [...relaxed.rows.map(({ line }) => line), last];
  return { rows: [], broken: Math.max(...from.filter((line) => line <= brokenAt)) };
}

/** The first rows of a text, with quotes read generously: to find out what kind of text it is. */
export function peekRows(text: string, delimiter: Delimiter, rows: number): Read {
  return readWith(text, delimiter, { quotes: 'relaxed', rows });
}

type Attempt = Read & { stray: boolean; brokenAt?: number };

function readWith(
  text: string,
  delimiter: Delimiter,
  how: { quotes: 'strict' | 'strict, to the first stray one' | 'relaxed'; rows?: number },
): Attempt {
  const rows: Row[] = [];
  let stray = false;
  let ended = 0;
  let bytesRead = 0;
  let tooLong: number | undefined;
  try {
    parse(text, {
      bom: false,
      delimiter,
      record_delimiter: '\n',
      relax_column_count: true,
      relax_quotes: how.quotes === 'relaxed',
      skip_records_with_error: true,
      trim: true,
      to: how.rows ?? -1,
      on_skip: (error) => {
        stray ||= error?.code === 'INVALID_OPENING_QUOTE';
        if (error?.code !== 'INVALID_OPENING_QUOTE' || how.quotes !== 'strict') throw error;
      },
      on_record: (cells: string[], { lines, bytes }) => {
        if (bytes - bytesRead > ROW_MAX_BYTES) tooLong ??= ended + 1;
        for (let at = 0; at < cells.length; at++) cells[at] = cells[at]?.trim() ?? '';
        rows.push({ line: ended + 1, cells });
        ended = lines;
        bytesRead = bytes;
        return undefined;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'INVALID_OPENING_QUOTE') return { rows, stray };
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return { rows, stray, unclosed: ended + 1 };
    return { rows, stray, broken: ended + 1, brokenAt: Number(error.lines) };
  }
  return tooLong === undefined ? { rows, stray } : { rows, stray, broken: tooLong };
}
