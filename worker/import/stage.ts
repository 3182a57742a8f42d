/** An index CSV, from bytes to staged items: decode, parse, map, check. */

import type { ErrorCode } from '../errors.ts';
import { check } from './check.ts';
import { decode } from './decode.ts';
import type { Problem, StagedItem } from './items.ts';
import { mapColumns } from './map.ts';
import { parse } from './parse.ts';

export type { Problem, StagedItem } from './items.ts';

export type StagedImport = {
  items: StagedItem[];
  /** Problems that no item carries, by line: of rows that made none, or of cells without a home. */
  problems: Problem[];
  /** Rows of the file: those that made or repeated an item, and the skipped. */
  rows: number;
  /** Rows that made nothing; each has at least one problem in `problems`. */
  skipped: number;
  /** Lines without a filled cell, and repeats of the header: not counted as rows. */
  blank: number;
  unknownColumns: string[];
  duplicateColumns: string[];
};

export type StageError = {
  error: Extract<
    ErrorCode,
    'csv_empty' | 'csv_binary' | 'csv_not_utf8' | 'csv_no_header' | 'csv_unclosed_quote'
  >;
  /** Physical line of the file, from 1, where one can be named. */
  line?: number;
};

/** Stages a CSV file, or says why it cannot be read at all. Never throws. */
export function stage(bytes: Uint8Array): StagedImport | StageError {
  const decoded = decode(bytes);
  if ('error' in decoded) return decoded;
  const parsed = parse(decoded.text);
  if ('error' in parsed) return parsed;
  const columns = mapColumns(parsed.header.names);
  const checked = check(parsed.rows, columns.fields);
  return {
    items: checked.items,
    problems: [...parsed.problems, ...checked.problems].sort((a, b) => a.line - b.line),
    rows: parsed.rows.length + parsed.problems.length,
    skipped: parsed.problems.length + checked.skipped,
    blank: parsed.blank,
    unknownColumns: columns.unknown,
    duplicateColumns: columns.duplicates,
  };
}
