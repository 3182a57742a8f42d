/** A CSV's text to its rows as they stand, from the header on, each with its physical line. */

import { utf8 } from '../utf8.ts';
import type { Delimiter } from '../vocabulary.ts';
import { ROW_MAX_BYTES, type Row, readRows } from './csv.ts';
import type { StageError } from './items.ts';
import { plainRows } from './plain-rows.ts';

export type RowReader = {
  /** The rows that this text makes whole. What is begun waits for the next text. */
  push: (text: string) => Row[] | StageError;
  /** The rows of the last text, and what had waited. */
  end: (text: string) => Row[] | StageError;
};

/**
 * Reads a text, in as many pieces as one likes, whose line ends are `\n` and whose header begins
 * on `headerLine`, from 1; what stands above is passed over. Cells are text, NFC, trimmed. Lines
 * are counted as an editor counts them, wherever a quoted cell breaks. A quote that does not
 * close, or closes in the middle of a cell, ends the reading with the line of its row; a row of
 * more than {@link ROW_MAX_BYTES} is taken for one.
 */
export function openRows(how: { delimiter: Delimiter; headerLine: number }): RowReader {
  let pending = '';
  /** The line on which `pending` begins. */
  let line = 1;

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

  const read = (text: string, last: boolean): Row[] | StageError => {
    pending += text;
    if (line < how.headerLine) skipPreamble();
    let found: Row[] = [];
    const cut = last ? pending.length : pending.lastIndexOf('\n') + 1;
    if (cut > 0 && line >= how.headerLine) {
      const whole = pending.slice(0, cut).normalize('NFC');
      const { rows, unclosed, broken } =
        plainRows(whole, how.delimiter) ?? readRows(whole, how.delimiter);
      const wrong = broken ?? (last ? unclosed : undefined);
      if (wrong !== undefined) return { error: 'csv_unclosed_quote', line: line + wrong - 1 };
      for (const row of rows) row.line += line - 1;
      found = rows;
      const from = unclosed === undefined ? whole.length : startOf(whole, unclosed);
      line += unclosed === undefined ? countLineEnds(whole) : unclosed - 1;
      pending = whole.slice(from) + pending.slice(cut);
    }
    return isTooLong(pending) ? { error: 'csv_unclosed_quote', line } : found;
  };
  return { push: (text) => read(text, false), end: (text) => read(text, true) };
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
  return utf8(pending).length > ROW_MAX_BYTES;
}
