/**
 * A file's objects, one after another, as pdf-lib finds them: from the front, whatever the
 * cross-reference tables say. The walk takes the same turns as pdf-lib (with mend.ts) and counts
 * its steps, so a file that leads pdf-lib round in circles is refused before pdf-lib sees it.
 * Viewers go by the tables instead; an object that they could find and the walk does not see, in
 * the body of a stream or in a comment, is refused too.
 */

import { indexOfBytes } from '../find-bytes.ts';
import { refuse } from './findings.ts';
import { refuseHidden } from './hidden.ts';
import { HELD_BYTES, hold, holdReference, type Spending, spendSteps } from './spending.ts';
import {
  isBlank,
  isDigit,
  keyword,
  readDict,
  readDigits,
  readValue,
  type Source,
  skipBlank,
  startsWith,
  take,
} from './syntax.ts';
import { type Dict, isDict, says, type Value } from './values.ts';

/** Half-open: the byte at `to` is not part of it. */
export type Span = { readonly from: number; readonly to: number };

export type Visitor = {
  /** `body`: the bytes of a stream, as they stand in the file. */
  object(number: number, value: Value, body: Span | null): void;
  trailer(dict: Dict): void;
  /** An object that does not parse: pdf-lib keeps it as it stands, viewers may make sense of it. */
  unreadable(span: Span): void;
};

export type Walked = {
  /** Where the last `startxref` section ends, with its `%%EOF`; null when there is none. */
  end: number | null;
  /** Where the last object or trailer begins. */
  last: number;
};

const HEADER = keyword('%PDF-');
const OBJ = keyword('obj');
const ENDOBJ = keyword('endobj');
const STREAM = keyword('stream');
const ENDSTREAM = keyword('endstream');
const XREF = keyword('xref');
const TRAILER = keyword('trailer');
const STARTXREF = keyword('startxref');
const EOF = keyword('%%EOF');
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TILDE = 0x7e;
const POINT = 0x2e;
const LETTER_N = 0x6e;
const LETTER_F = 0x66;

/** An exception is thrown, and caught, for each byte of gibberish: some 4 µs. */
const GIBBERISH_STEPS = 150;

/**
 * Visits every object and trailer.
 *
 * @throws Refusal pdf_damaged, pdf_too_complex
 */
export function walkObjects(bytes: Uint8Array, spending: Spending, visitor: Visitor): Walked {
  const source: Source = { bytes, at: 0, spending };
  const walk: Walk = {
    source,
    visitor,
    headers: new Set(),
    trailers: new Set(),
    end: null,
    last: 0,
  };
  readFileHeader(source);
  for (let before = -1; source.at < bytes.length; ) {
    readObjects(walk);
    readTable(walk);
    readTrailer(walk);
    readStart(walk);
    skipGibberish(source);
    if (source.at === before) refuse('pdf_damaged');
    before = source.at;
  }
  refuseHidden(bytes, walk);
  return walk;
}

type Walk = Walked & {
  readonly source: Source;
  readonly visitor: Visitor;
  /** Where each `obj` and `trailer` stands that the walk came by. */
  readonly headers: Set<number>;
  readonly trailers: Set<number>;
};

function readFileHeader(source: Source): void {
  if (!take(source, HEADER) || readDigits(source) === undefined) refuse('pdf_damaged');
  if (source.bytes[source.at] !== POINT) refuse('pdf_damaged');
  source.at += 1;
  if (readDigits(source) === undefined) refuse('pdf_damaged');
  skipBlank(source);
  const before = source.at;
  if (readObjectHeader(source) === undefined) {
    source.at = Math.min(source.at + 1, source.bytes.length);
    skipBlank(source);
  } else {
    source.at = before;
  }
}

type ObjectHeader = { number: number; generation: number; keywordAt: number };

/** `12 0 obj`; when it does not stand here, the source stays where it was. */
function readObjectHeader(source: Source): ObjectHeader | undefined {
  const before = source.at;
  skipBlank(source);
  const number = readDigits(source);
  skipBlank(source);
  const generation = number === undefined ? undefined : readDigits(source);
  skipBlank(source);
  const keywordAt = source.at;
  if (number !== undefined && generation !== undefined && take(source, OBJ)) {
    return { number, generation, keywordAt };
  }
  source.at = before;
  return undefined;
}

function readObjects(walk: Walk): void {
  const { source } = walk;
  skipBlank(source);
  while (isDigit(source.bytes[source.at])) {
    readObject(walk);
    skipBlank(source);
    skipGibberish(source);
  }
}

function readObject(walk: Walk): void {
  const { source, visitor } = walk;
  const { bytes, spending } = source;
  const from = source.at;
  const header = readObjectHeader(source);
  if (header === undefined || !Number.isSafeInteger(header.number)) refuse('pdf_damaged');
  walk.headers.add(header.keywordAt);
  walk.last = from;
  hold(spending, HELD_BYTES.object);
  holdReference(spending, header.number, header.generation);
  const behind = source.at;
  const value = readValue(source);
  if (value === undefined) {
    source.at = behind;
    const to = skipUnreadable(source);
    if (to !== null) visitor.unreadable({ from: behind, to });
    return;
  }
  skipBlank(source);
  const body = isDict(value) && take(source, STREAM) ? readBody(source, value) : null;
  skipBlank(source);
  take(source, ENDOBJ);
  // An `endobj` inside would be where pdf-lib goes on after a stream that it fails to decode.
  if (body !== null && isRead(value) && holds(bytes, ENDOBJ, body)) refuse('pdf_damaged');
  visitor.object(header.number, value, body);
}

/** Whether pdf-lib decodes the stream while it loads the file. */
const isRead = (value: Value) =>
  isDict(value) && (says(value, 'Type', 'ObjStm') || says(value, 'Type', 'XRef'));

function holds(bytes: Uint8Array, word: Uint8Array, { from, to }: Span): boolean {
  return indexOfBytes(bytes.subarray(from, to), word) !== -1;
}

/** Passes over an object that does not parse; null when it does not end. */
function skipUnreadable(source: Source): number | null {
  const { bytes, spending } = source;
  skipBlank(source);
  const from = source.at;
  const found = indexOfBytes(bytes, ENDOBJ, from);
  const to = found === -1 ? bytes.length : found;
  spendSteps(spending, 2 * (to - from));
  hold(spending, to - from);
  // A stream whose dictionary nobody can tell.
  if (holds(bytes, STREAM, { from, to })) refuse('pdf_damaged');
  if (found === -1) return null;
  source.at = to + ENDOBJ.length;
  return to;
}

/** The bytes of a stream, from behind its keyword. */
function readBody(source: Source, dict: Dict): Span {
  const { bytes, spending } = source;
  if (bytes[source.at] === SPACE && bytes[source.at + 1] === CR && bytes[source.at + 2] === LF) {
    source.at += 3;
  } else if (bytes[source.at] === CR) {
    source.at += bytes[source.at + 1] === LF ? 2 : 1;
  } else if (bytes[source.at] === LF) {
    source.at += 1;
  }
  const from = source.at;
  const length = dict.entries.findLast(([key]) => key === 'Length')?.[1];
  if (typeof length === 'number') {
    if (length < 0) refuse('pdf_damaged');
    const to = from + length;
    if (Number.isInteger(to) && to <= bytes.length) {
      source.at = to;
      skipBlank(source);
      if (take(source, ENDSTREAM)) return { from, to };
    }
  }
  const end = indexOfBytes(bytes, ENDSTREAM, from);
  if (end === -1) refuse('pdf_damaged');
  spendSteps(spending, end - from);
  source.at = end + ENDSTREAM.length;
  const line = end > from && bytes[end - 1] === LF ? end - 1 : end;
  return { from, to: line > from && bytes[line - 1] === CR ? line - 1 : line };
}

/** A cross-reference table: pdf-lib keeps it, and goes by none of it. */
function readTable({ source }: Walk): void {
  const { bytes, spending } = source;
  skipBlank(source);
  if (!take(source, XREF)) return;
  skipBlank(source);
  for (let number = -1; isDigit(bytes[source.at]); ) {
    const first = readDigits(source);
    skipBlank(source);
    if (!isDigit(bytes[source.at])) return;
    const second = readDigits(source);
    if (!Number.isFinite(first) || !Number.isFinite(second)) refuse('pdf_damaged');
    skipBlank(source);
    if (bytes[source.at] === LETTER_N || bytes[source.at] === LETTER_F) {
      source.at += 1;
      hold(spending, HELD_BYTES.object);
      holdReference(spending, number, second ?? 0);
      number += 1;
    } else {
      number = first ?? 0;
    }
    skipBlank(source);
  }
}

function readTrailer(walk: Walk): void {
  const { source, visitor } = walk;
  skipBlank(source);
  const at = source.at;
  if (!take(source, TRAILER)) return;
  walk.trailers.add(at);
  walk.last = at;
  skipBlank(source);
  const dict = readDict(source);
  if (dict === undefined) refuse('pdf_damaged');
  visitor.trailer(dict);
}

function readStart(walk: Walk): void {
  const { source } = walk;
  const { bytes } = source;
  skipBlank(source);
  if (!take(source, STARTXREF)) return;
  skipBlank(source);
  const offset = readDigits(source);
  if (offset === undefined || !Number.isFinite(offset)) refuse('pdf_damaged');
  walk.end = source.at;
  while (isBlank(bytes[source.at])) source.at += 1;
  if (startsWith(bytes, EOF, source.at)) walk.end = source.at + EOF.length;
  skipBlank(source);
}

/** Looks for the next object, table or trailer from every byte on, as pdf-lib does. */
function skipGibberish(source: Source): void {
  const { bytes, spending } = source;
  skipBlank(source);
  for (; source.at < bytes.length; source.at += 1) {
    const byte = bytes[source.at] ?? 0;
    if (byte < SPACE || byte > TILDE) {
      spendSteps(spending, 1);
      continue;
    }
    const at = source.at;
    const found =
      startsWith(bytes, XREF, at) ||
      startsWith(bytes, TRAILER, at) ||
      startsWith(bytes, STARTXREF, at) ||
      readObjectHeader(source) !== undefined;
    source.at = at;
    if (found) return;
    spendSteps(spending, GIBBERISH_STEPS);
  }
}
