/** CSV text to rows of cells, by csv-parse: what a quote means, and which one is wrong. */

import { CsvError, parse } from 'csv-parse/sync';
import type { Delimiter } from './convention.ts';

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
 * pass has seen a quote inside a cell; what the strict pass found broken stays so.
 */
export function readRows(text: string, delimiter: Delimiter): Read {
  const strict = readWith(text, delimiter, { relaxQuotes: false });
  if (!strict.stray) return strict;
  const relaxed = readWith(text, delimiter, { relaxQuotes: true });
  if (strict.brokenAt === undefined) return relaxed;
  const { brokenAt } = strict;
  const from = [...relaxed.rows.map(({ line }) => line), relaxed.unclosed ?? 1];
  return { rows: [], broken: Math.max(...from.filter((line) => line <= brokenAt)) };
}

/** The first rows of a text, with quotes read generously: to find out what kind of text it is. */
export function peekRows(text: string, delimiter: Delimiter, rows: number): Read {
  return readWith(text, delimiter, { relaxQuotes: true, rows });
}

type Attempt = Read & { stray: boolean; brokenAt?: number };

function readWith(
  text: string,
  delimiter: Delimiter,
  how: { relaxQuotes: boolean; rows?: number },
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
      relax_quotes: how.relaxQuotes,
      skip_records_with_error: true,
      trim: true,
      to: how.rows ?? -1,
      on_skip: (error) => {
        if (error?.code !== 'INVALID_OPENING_QUOTE') throw error;
        stray = true;
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
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return { rows, stray, unclosed: ended + 1 };
    return { rows, stray, broken: ended + 1, brokenAt: Number(error.lines) };
  }
  return tooLong === undefined ? { rows, stray } : { rows, stray, broken: tooLong };
}
