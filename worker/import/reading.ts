/** How a file is read: what its beginning says, and what only a person can. */

import type { Delimiter, Encoding } from '../vocabulary.ts';
import { type CanonicalField, READING_QUESTIONS, type ReadingQuestion } from '../vocabulary.ts';
import type { Conventions } from './convention.ts';
import { encodingOf, isOtherFormat, openDecoder } from './decode.ts';
import { guessConventions, type RuledOut, ruledOutBy } from './guess.ts';
import { findHeader } from './header.ts';
import { excerpt, type StageError } from './items.ts';
import { isPolish } from './letters.ts';
import { fieldsOf, hasAmbiguous, headerScore, KEY_FIELDS, suggestedFields } from './map.ts';
import { openParser } from './parse.ts';
import { fold } from './words.ts';

/** What a person confirms. Safe as JSON. */
export type Reading = Conventions & {
  encoding: Encoding;
  delimiter: Delimiter;
  /** Physical line, from 1. */
  headerLine: number;
  /** By column; null where it is not read. */
  fields: (CanonicalField | null)[];
};

/** What a file's beginning says: a reading to confirm, and what it rests on. */
export type Detected = Reading & {
  /** `samples`: up to 3 different filled cells, cut to 100 characters. */
  columns: { name: string; samples: string[] }[];
  /** A short hash over the columns' names, in order: the same for files of one make. */
  fingerprint: string;
  questions: ReadingQuestion[];
  /** By column. */
  ruledOut: RuledOut[];
  /** Up to 5 rows below the header as they stand, each cell cut to 100 characters. */
  preview: string[][];
  /** Lines above the header, which are passed over. */
  preamble: number;
};

/** What stands against a reading. */
export type ReadingProblem = {
  code: 'key_unmapped' | 'field_twice' | 'columns_differ';
  field?: CanonicalField;
};

/** So much of a file's beginning is looked at. What is shorter is taken for the whole file. */
export const HEAD_BYTES = 1_000_000;

const SAMPLES = 3;
const PREVIEW_ROWS = 5;

/**
 * Looks at a file's first {@link HEAD_BYTES}; `given` is what a person has said already. Gives how
 * the file is to be read, as far as it says, or why it cannot be read at all. Never throws.
 */
export function detect(
  head: Uint8Array,
  given: {
    encoding?: Encoding | undefined;
    delimiter?: Delimiter | undefined;
    headerLine?: number | undefined;
  } = {},
): Detected | StageError {
  if (head.length === 0) return { error: 'csv_empty' };
  if (isOtherFormat(head)) return { error: 'csv_binary' };
  const whole = head.length < HEAD_BYTES;
  const bytes = head.subarray(0, HEAD_BYTES);
  const found = given.encoding
    ? { encoding: given.encoding, sure: true }
    : encodingOf(bytes, whole);
  const { sure } = found;
  const encoding = sure ? found.encoding : windowsOf(bytes, whole, given);
  const text = textOf(bytes, encoding, whole);
  if (typeof text !== 'string') return text;
  if (text.trim() === '') return { error: 'csv_empty' };

  const header = findHeader(text.normalize('NFC'), given);
  if (header === undefined) return noHeader(text, whole, given.headerLine ?? 1);
  const { line: headerLine, delimiter, names, below } = header;
  const rows = rowsOf(text, { delimiter, headerLine }, whole);
  if ('error' in rows) return rows;

  const fields = suggestedFields(names, fieldsOf(names));
  const guessed = guessConventions(rows, fields, delimiter);
  const questions = new Set<ReadingQuestion>(guessed.questions);
  if (!sure) questions.add('encoding');
  if (!hasKey(fields) || hasAmbiguous(names)) questions.add('columns');
  return {
    encoding,
    delimiter,
    headerLine,
    dateOrder: guessed.dateOrder,
    decimal: guessed.decimal,
    fields,
    columns: names.map((name, column) => ({ name, samples: samplesOf(rows, column) })),
    fingerprint: fingerprintOf(names),
    questions: READING_QUESTIONS.filter((question) => questions.has(question)),
    ruledOut: ruledOutBy(rows, names.length),
    preview: below.slice(0, PREVIEW_ROWS).map(({ cells }) => cells.map(excerpt)),
    preamble: headerLine - 1,
  };
}

/**
 * What stands against staging a file of so many `columns` by this reading; nothing, if it may be.
 */
export function checkReading(reading: Reading, columns: number): ReadingProblem[] {
  const { fields } = reading;
  const problems: ReadingProblem[] = [];
  if (fields.length !== columns) problems.push({ code: 'columns_differ' });
  if (!hasKey(fields)) problems.push({ code: 'key_unmapped' });
  const twice = fields.filter((field, column) => field !== null && fields.indexOf(field) < column);
  for (const field of new Set(twice)) {
    if (field !== null) problems.push({ code: 'field_twice', field });
  }
  return problems;
}

function hasKey(fields: Reading['fields']): boolean {
  return fields.some((field) => field !== null && KEY_FIELDS.has(field));
}

/** Windows-1250 where its letters name more columns, or are those of Polish; else windows-1252. */
function windowsOf(
  bytes: Uint8Array,
  whole: boolean,
  given: Parameters<typeof findHeader>[1],
): Encoding {
  const as1250 = textOf(bytes, 'windows-1250', whole);
  const as1252 = textOf(bytes, 'windows-1252', whole);
  if (typeof as1250 !== 'string' || typeof as1252 !== 'string') return 'windows-1252';
  const named = (text: string): number =>
    headerScore(findHeader(text.normalize('NFC'), given)?.names ?? []);
  const more = named(as1250) - named(as1252);
  return more > 0 || (more === 0 && isPolish(as1250, as1252)) ? 'windows-1250' : 'windows-1252';
}

function textOf(bytes: Uint8Array, encoding: Encoding, whole: boolean): string | StageError {
  const decoder = openDecoder(encoding);
  const begun = decoder.push(bytes);
  if ('error' in begun || !whole) return 'error' in begun ? begun : begun.text;
  const rest = decoder.end();
  return 'error' in rest ? rest : begun.text + rest.text;
}

function rowsOf(
  text: string,
  how: { delimiter: Delimiter; headerLine: number },
  whole: boolean,
): string[][] | StageError {
  const parser = openParser(how);
  const parsed = whole ? parser.end(text) : parser.push(text);
  return 'error' in parsed ? parsed : parsed.rows.map(({ cells }) => cells);
}

/** A file without a header, or one whose header is inside a quote that never closes. */
function noHeader(text: string, whole: boolean, line: number): StageError {
  if (whole) {
    const parsed = openParser({ delimiter: ',', headerLine: 1 }).end(text);
    if ('error' in parsed && parsed.error === 'csv_unclosed_quote') return parsed;
  }
  return { error: 'csv_no_header', line };
}

function samplesOf(rows: readonly string[][], column: number): string[] {
  const samples = new Set<string>();
  for (const cells of rows) {
    const cell = cells[column];
    if (cell) samples.add(excerpt(cell));
    if (samples.size === SAMPLES) break;
  }
  return [...samples];
}

/** FNV-1a over the folded names, in two halves of 32 bits: nobody gains by a collision. */
function fingerprintOf(names: readonly string[]): string {
  const text = names.map(fold).join('\n');
  const half = (start: number): string => {
    let hash = start;
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
    return (hash >>> 0).toString(16).padStart(8, '0');
  };
  return half(0x811c9dc5) + half(0x2f0b4c47);
}
