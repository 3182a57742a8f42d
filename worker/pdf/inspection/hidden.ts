import { indexOfBytes } from '../find-bytes.ts';
import { refuse } from './findings.ts';
import { isBlank, isDigit, keyword, startsWith } from './syntax.ts';

const OBJ = keyword('obj');
const TRAILER = keyword('trailer');
const DICT = keyword('<<');
const LF = 0x0a;
const CR = 0x0d;
const PERCENT = 0x25;
const LETTER_D = 0x64;
const DELIMITERS = '<[(/';

/** How far blanks and comments are followed behind a keyword. */
const BLANKS_MAX = 512;

/**
 * Refuses a file with an object or a trailer that only a cross-reference table could lead to: in
 * the body of a stream, in a string, in a comment. By chance, in compressed bytes, it does not
 * happen: one file of 25 MB in some ten thousand.
 *
 * @param seen where the objects' and trailers' keywords stand that were read in order
 * @throws Refusal pdf_damaged
 */
export function refuseHidden(
  bytes: Uint8Array,
  seen: { readonly headers: ReadonlySet<number>; readonly trailers: ReadonlySet<number> },
): void {
  for (let at = indexOfBytes(bytes, OBJ); at !== -1; at = indexOfBytes(bytes, OBJ, at + 1)) {
    if (seen.headers.has(at) || bytes[at - 1] === LETTER_D) continue;
    const behind = at + OBJ.length;
    if (leadsToDict(bytes, behind) || (isNumbered(bytes, at) && isWordEnd(bytes[behind]))) {
      refuse('pdf_damaged');
    }
  }
  const next = (from: number) => indexOfBytes(bytes, TRAILER, from);
  for (let at = next(0); at !== -1; at = next(at + 1)) {
    if (!seen.trailers.has(at) && leadsToDict(bytes, at + TRAILER.length)) refuse('pdf_damaged');
  }
}

const isWordEnd = (byte: number | undefined) =>
  byte !== undefined && (isBlank(byte) || DELIMITERS.includes(String.fromCharCode(byte)));

/** Whether `<<` is next, behind blanks and comments; a comment that does not end counts as well. */
function leadsToDict(bytes: Uint8Array, from: number): boolean {
  const to = Math.min(bytes.length, from + BLANKS_MAX);
  let comment = false;
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (byte === LF || byte === CR) {
      comment = false;
    } else if (!comment && byte === PERCENT) {
      comment = true;
    } else if (!comment && !isBlank(byte)) {
      return startsWith(bytes, DICT, at);
    }
  }
  return comment && to < bytes.length;
}

/** Whether two whole numbers stand before `at`. */
function isNumbered(bytes: Uint8Array, at: number): boolean {
  let before = at;
  const pass = (accept: (byte: number | undefined) => boolean) => {
    const from = before;
    while (before > 0 && accept(bytes[before - 1])) before -= 1;
    return from - before;
  };
  pass(isBlank);
  return pass(isDigit) > 0 && pass(isBlank) > 0 && pass(isDigit) > 0;
}
