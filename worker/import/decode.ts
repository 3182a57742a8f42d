/** Bytes to text: the first wall of an import. */

import type { Encoding } from '../vocabulary.ts';
import type { StageError } from './items.ts';

type Decoded = { text: string } | StageError;

export type Decoder = {
  /** The text of these bytes, as far as they make whole characters and line ends. */
  push: (bytes: Uint8Array) => Decoded;
  /** What is left; a character that was cut off is an error. */
  end: () => Decoded;
};

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = new Uint8Array(0);

// Files people upload in place of a CSV: zip (xlsx, ods), PDF, the old Office formats, gzip.
const MAGICS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x25, 0x50, 0x44, 0x46],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x1f, 0x8b],
];
const UTF16_BOMS = [
  { encoding: 'utf-16le', mark: [0xff, 0xfe] },
  { encoding: 'utf-16be', mark: [0xfe, 0xff] },
] as const;

/**
 * The encoding of a file by its beginning: what its byte order mark says, else UTF-8 where it is
 * that, else windows-1252, which nothing can prove, as it cannot windows-1250: then `sure` is
 * false. (Not latin-1, whose place for € is empty.) `whole` says that nothing follows, so that no character is cut off.
 */
export function encodingOf(
  head: Uint8Array,
  whole: boolean,
): { encoding: Encoding; sure: boolean } {
  const marked = UTF16_BOMS.find(({ mark }) => startsWith(head, mark));
  if (marked !== undefined) return { encoding: marked.encoding, sure: true };
  try {
    strict('utf-8').decode(head, { stream: !whole });
    return { encoding: 'utf-8', sure: true };
  } catch {
    return { encoding: 'windows-1252', sure: false };
  }
}

/** Whether these are the first bytes of a format that is no text at all. */
export function isOtherFormat(head: Uint8Array): boolean {
  return MAGICS.some((magic) => startsWith(head, magic));
}

/**
 * Reads a file's bytes, in as many pieces as one likes: its text without the byte order mark, with
 * `\n` for every line end. A NUL and bytes that are not of the encoding are named by their
 * physical line.
 */
export function openDecoder(encoding: Encoding): Decoder {
  const decoder = strict(encoding);
  let lineEnds = 0;
  let held = '';
  let begun: Uint8Array = NOTHING;

  const read = (bytes: Uint8Array, last: boolean): Decoded => {
    let text: string;
    try {
      text = held + decoder.decode(bytes, { stream: !last });
    } catch {
      if (encoding !== 'utf-8') return { error: 'csv_binary' };
      const passed = lineEnds + (held !== '' && bytes[0] !== LF ? 1 : 0);
      return undecodable(join(begun, bytes), passed);
    }
    begun = unfinished(join(begun, bytes.subarray(-3)));
    // A CR may be half of a line end.
    held = !last && text.endsWith('\r') ? '\r' : '';
    if (held !== '') text = text.slice(0, -1);
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
    const nul = text.indexOf('\0');
    if (nul !== -1) {
      return { error: 'csv_binary', line: lineEnds + lineEndsIn(text.slice(0, nul)) + 1 };
    }
    lineEnds += lineEndsIn(text);
    return { text };
  };
  return { push: (bytes) => read(bytes, false), end: () => read(NOTHING, true) };
}

function strict(encoding: Encoding): TextDecoder {
  return new TextDecoder(encoding, { fatal: true, ignoreBOM: false });
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function lineEndsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** The bytes at the end that begin a UTF-8 character and do not finish it. */
function unfinished(bytes: Uint8Array): Uint8Array {
  const lead = bytes.findLastIndex((byte) => byte >= 0xc0);
  const first = bytes[lead] ?? 0;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  return lead !== -1 && bytes.length - lead < length ? bytes.slice(lead) : NOTHING;
}

/** Why bytes are not UTF-8, and on which line; `passed` line ends came before them. */
function undecodable(bytes: Uint8Array, passed: number): StageError {
  const nul = bytes.indexOf(0);
  const at = nul === -1 ? firstBad(bytes) : nul;
  const line = passed + lineEndsOf(bytes.subarray(0, at)) + 1;
  return { error: nul === -1 ? 'csv_not_utf8' : 'csv_binary', line };
}

/**
 * Where the line begins, or the last one ended, that is not UTF-8: a multi-byte sequence never
 * holds a line end, so each line stands or falls alone.
 */
function firstBad(bytes: Uint8Array): number {
  const decoder = strict('utf-8');
  let from = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== LF && bytes[at] !== CR) continue;
    try {
      decoder.decode(bytes.subarray(from, at));
    } catch {
      return from;
    }
    from = at + 1;
  }
  return from;
}

function lineEndsOf(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) count++;
  }
  return count;
}
