/** Stand-in until the engine lands. */
import { CANONICAL_FIELDS, type CanonicalField } from '../vocabulary.ts';
import { decode } from './decode.ts';
import { mapColumns } from './map.ts';
import { parse } from './parse.ts';
import type { StageError } from './stage.ts';

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export const DELIMITERS = [',', ';', '\t', '|'] as const;
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export const DECIMALS = ['.', ','] as const;
export type Reading = {
  encoding: (typeof ENCODINGS)[number];
  delimiter: (typeof DELIMITERS)[number];
  headerLine: number;
  dateOrder: (typeof DATE_ORDERS)[number];
  decimal: (typeof DECIMALS)[number];
  fields: (CanonicalField | null)[];
};
export type Question = 'encoding' | 'dates' | 'decimals' | 'columns';
export type Detected = Reading & {
  columns: { name: string; samples: string[] }[];
  fingerprint: string;
  questions: Question[];
  preview: string[][];
  preamble: number;
};

export function detect(
  head: Uint8Array,
  _given: Partial<Pick<Reading, 'encoding' | 'delimiter' | 'headerLine'>> = {},
): Detected | StageError {
  const decoded = decode(head);
  if ('error' in decoded) return decoded;
  const parsed = parse(decoded.text);
  if ('error' in parsed) return parsed;
  const { names, line } = parsed.header;
  return {
    encoding: 'utf-8',
    delimiter: ',',
    headerLine: line,
    dateOrder: 'ymd',
    decimal: '.',
    fields: mapColumns(names).fields.map((field) => field ?? null),
    columns: names.map((name) => ({ name, samples: [] })),
    fingerprint: names.join('|').toLowerCase(),
    questions: [],
    preview: [],
    preamble: line - 1,
  };
}

export type ReadingProblem = {
  code: 'key_unmapped' | 'field_twice' | 'columns_differ';
  field?: CanonicalField;
};
export function checkReading(reading: Reading, columns: number): ReadingProblem[] {
  const fields = reading.fields.filter((field) => field !== null);
  const twice = fields.filter((field, at) => fields.indexOf(field) !== at);
  return [
    ...(reading.fields.length === columns ? [] : [{ code: 'columns_differ' as const }]),
    ...twice.map((field) => ({ code: 'field_twice' as const, field })),
    ...(fields.some((field) => CANONICAL_FIELDS[field] === 'identifier')
      ? []
      : [{ code: 'key_unmapped' as const }]),
  ];
}
