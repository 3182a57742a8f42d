/**
 * The syntax of PDF objects (ISO 32000-2, 7.2 and 7.3), as pdf-lib reads it: what does not parse
 * there does not parse here, since pdf-lib goes on elsewhere then, and the two readers must never
 * part. Every byte looked at and every object made is counted.
 */
import { refuse } from './findings.ts';
import {
  HELD_BYTES,
  hold,
  holdName,
  holdReference,
  type Spending,
  spendSteps,
} from './spending.ts';
import type { Dict, List, Text, Value } from './values.ts';

export type Source = { readonly bytes: Uint8Array; at: number; readonly spending: Spending };

/** Deeper than any honest file; far from the end of the stack. */
const DEPTH_MAX = 64;
const NUMBER_CHARACTERS_USUAL = 20;
const ENTRIES_FREE = 4;

const BLANK = 1;
const DELIMITER = 2;
const DIGIT = 4;
const SIGN = 8;
const CLASS = new Uint8Array(256);
for (const byte of [0, 9, 10, 12, 13, 32]) CLASS[byte] = BLANK;
for (const character of '()<>[]{}/%') CLASS[character.charCodeAt(0)] = DELIMITER;
for (const character of '0123456789') CLASS[character.charCodeAt(0)] = DIGIT;
for (const character of '+-.') CLASS[character.charCodeAt(0)] = SIGN;

const encoder = new TextEncoder();
/** A keyword's bytes. */
export const keyword = (text: string): Uint8Array => encoder.encode(text);
const TRUE = keyword('true');
const FALSE = keyword('false');
const NULL = keyword('null');
const STREAM = keyword('stream');

const code = (character: string) => character.charCodeAt(0);
const LF = 0x0a;
const CR = 0x0d;
const PERCENT = code('%');
const SLASH = code('/');
const BACKSLASH = code('\\');
const HASH = code('#');
const POINT = code('.');
const LESS = code('<');
const GREATER = code('>');
const OPEN = code('(');
const CLOSE = code(')');
const OPEN_LIST = code('[');
const CLOSE_LIST = code(']');
const R = code('R');

const is = (byte: number | undefined, kind: number) =>
  byte !== undefined && ((CLASS[byte] ?? 0) & kind) !== 0;
export const isDigit = (byte: number | undefined) => is(byte, DIGIT);
export const isBlank = (byte: number | undefined) => is(byte, BLANK);

/** Whether a word stands here; the source is behind it then. */
export function take(source: Source, word: Uint8Array): boolean {
  if (!startsWith(source.bytes, word, source.at)) return false;
  source.at += word.length;
  return true;
}

/** Whether `bytes` hold a word at `at`. */
export function startsWith(bytes: Uint8Array, word: Uint8Array, at: number): boolean {
  for (let i = 0; i < word.length; i += 1) {
    if (bytes[at + i] !== word[i]) return false;
  }
  return true;
}

/** Passes over white space and comments. */
export function skipBlank(source: Source): void {
  const { bytes } = source;
  const from = source.at;
  let at = from;
  for (;;) {
    while (is(bytes[at], BLANK)) at += 1;
    if (bytes[at] !== PERCENT) break;
    while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  }
  source.at = at;
  spendSteps(source.spending, at - from + 1);
}

/** A row of digits, or undefined. Too long a one is infinite. */
export function readDigits(source: Source): number | undefined {
  const { bytes } = source;
  const from = source.at;
  let value = 0;
  while (isDigit(bytes[source.at])) {
    value = value * 10 + (bytes[source.at] ?? 0) - 0x30;
    source.at += 1;
  }
  spendSteps(source.spending, source.at - from + 1);
  return source.at === from ? undefined : value;
}

function readNumber(source: Source): number | undefined {
  const { bytes, spending } = source;
  const from = source.at;
  let text = '';
  for (let byte = bytes[source.at]; is(byte, DIGIT | SIGN); byte = bytes[source.at]) {
    text += String.fromCharCode(byte ?? 0);
    source.at += 1;
    if (byte === POINT) break;
  }
  while (isDigit(bytes[source.at])) {
    text += String.fromCharCode(bytes[source.at] ?? 0);
    source.at += 1;
  }
  const length = source.at - from;
  spendSteps(spending, length + 1);
  if (length === 0) return undefined;
  if (length > NUMBER_CHARACTERS_USUAL) hold(spending, length * HELD_BYTES.character);
  const number = Number(text);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) hold(spending, HELD_BYTES.unsafeNumber);
  return Number.isFinite(number) ? number : undefined;
}

function readNumberOrReference(source: Source): Value | undefined {
  const first = readNumber(source);
  if (first === undefined) return undefined;
  skipBlank(source);
  const behind = source.at;
  if (isDigit(source.bytes[behind])) {
    const second = readNumber(source);
    if (second === undefined) return undefined;
    skipBlank(source);
    if (source.bytes[source.at] === R) {
      source.at += 1;
      holdReference(source.spending, first, second);
      return { to: first };
    }
    source.at = behind;
  }
  hold(source.spending, HELD_BYTES.number);
  return first;
}

const hexDigit = (byte: number | undefined) =>
  byte === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(byte), 16);

/** A name from its slash on, with `#4c` and `#4C` decoded alike. */
export function readName(source: Source): string {
  const { bytes, spending } = source;
  const from = source.at;
  let name = '';
  let at = from + 1;
  for (; at < bytes.length && !is(bytes[at], BLANK | DELIMITER); at += 1) {
    const byte = bytes[at] ?? 0;
    const escaped = byte === HASH ? hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]) : NaN;
    if (Number.isNaN(escaped)) {
      name += String.fromCharCode(byte);
    } else {
      name += String.fromCharCode(escaped);
      at += 2;
    }
  }
  source.at = at;
  spendSteps(spending, at - from);
  holdName(spending, name);
  return name;
}

function readHexText(source: Source): Text | undefined {
  const { bytes, spending } = source;
  const from = source.at + 1;
  const to = bytes.indexOf(GREATER, from);
  spendSteps(spending, (to === -1 ? bytes.length : to) - from + 1);
  if (to === -1) return undefined;
  hold(spending, HELD_BYTES.text + (to - from) * HELD_BYTES.character);
  source.at = to + 1;
  return { of: bytes, from, to, hex: true };
}

function readText(source: Source): Text | undefined {
  const { bytes, spending } = source;
  const from = source.at;
  let open = 0;
  let escaped = false;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (!escaped && byte === OPEN) open += 1;
    if (!escaped && byte === CLOSE) open -= 1;
    escaped = byte === BACKSLASH && !escaped;
    if (open === 0) {
      spendSteps(spending, at - from + 1);
      hold(spending, HELD_BYTES.text + (at - from) * HELD_BYTES.character);
      source.at = at + 1;
      return { of: bytes, from: from + 1, to: at, hex: false };
    }
  }
  // pdf-lib has joined it all by now.
  spendSteps(spending, bytes.length - from);
  hold(spending, (bytes.length - from) * HELD_BYTES.character);
  return undefined;
}

function readList(source: Source, depth: number): List | undefined {
  const { bytes, spending } = source;
  source.at += 1;
  skipBlank(source);
  hold(spending, HELD_BYTES.list);
  const list: Value[] = [];
  while (bytes[source.at] !== CLOSE_LIST) {
    const value = readValue(source, depth + 1);
    if (value === undefined) return undefined;
    list.push(value);
    skipBlank(source);
  }
  source.at += 1;
  return list;
}

/** A dictionary from its `<<` on; undefined when it does not parse. */
export function readDict(source: Source, depth = 0): Dict | undefined {
  const { bytes, spending } = source;
  if (bytes[source.at] !== LESS || bytes[source.at + 1] !== LESS) return undefined;
  source.at += 2;
  skipBlank(source);
  hold(spending, HELD_BYTES.dict);
  const entries: [string, Value][] = [];
  while (
    source.at < bytes.length &&
    bytes[source.at] !== GREATER &&
    bytes[source.at + 1] !== GREATER
  ) {
    if (bytes[source.at] !== SLASH) return undefined;
    const key = readName(source);
    const value = readValue(source, depth + 1);
    if (value === undefined) return undefined;
    if (entries.length >= ENTRIES_FREE) hold(spending, HELD_BYTES.entry);
    entries.push([key, value]);
    skipBlank(source);
  }
  if (bytes[source.at] !== GREATER || bytes[source.at + 1] !== GREATER) return undefined;
  source.at += 2;
  if (depth > 0) refuseInnerStream(source);
  return { entries };
}

/** pdf-lib reads a stream wherever a dictionary may stand. The standard has none inside an object. */
function refuseInnerStream(source: Source): void {
  const behind = source.at;
  skipBlank(source);
  if (startsWith(source.bytes, STREAM, source.at)) refuse('pdf_damaged');
  source.at = behind;
}

/**
 * The object that begins here; undefined when it does not parse.
 *
 * @throws Refusal pdf_damaged for one that is too deep, pdf_too_complex when too much is spent
 */
export function readValue(source: Source, depth = 0): Value | undefined {
  if (depth > DEPTH_MAX) refuse('pdf_damaged');
  skipBlank(source);
  if (take(source, TRUE) || take(source, FALSE) || take(source, NULL)) return null;
  const { bytes, at } = source;
  switch (bytes[at]) {
    case LESS:
      return bytes[at + 1] === LESS ? readDict(source, depth) : readHexText(source);
    case OPEN:
      return readText(source);
    case SLASH:
      return { name: readName(source) };
    case OPEN_LIST:
      return readList(source, depth);
    default:
      return is(bytes[at], DIGIT | SIGN) ? readNumberOrReference(source) : undefined;
  }
}
