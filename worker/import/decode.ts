/** Bytes to text: the first wall of an import. Only UTF-8 passes. */

type Decoded =
  | { text: string }
  | { error: 'csv_empty' | 'csv_binary' | 'csv_not_utf8'; line?: number };

const LF = 0x0a;
const CR = 0x0d;

// Files people upload in place of a CSV: zip (xlsx, ods), PDF, the old Office formats, gzip.
const MAGICS = [
  [0x50, 0x4b, 0x03, 0x04],
  [0x25, 0x50, 0x44, 0x46],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x1f, 0x8b],
];
const UTF16_BOMS = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/**
 * The text of a UTF-8 file, without its byte order mark. Otherwise why not: nothing in it, not a
 * text file (a known format's first bytes, or a NUL), or not UTF-8; with the physical line, from
 * 1, where one can be named.
 */
export function decode(bytes: Uint8Array): Decoded {
  if (bytes.length === 0) return { error: 'csv_empty' };
  if (MAGICS.some((magic) => startsWith(bytes, magic))) return { error: 'csv_binary' };
  // UTF-16 is full of NULs, but it is a text file and deserves the better answer.
  if (UTF16_BOMS.some((mark) => startsWith(bytes, mark))) return { error: 'csv_not_utf8', line: 1 };
  const nul = bytes.indexOf(0);
  if (nul !== -1) return { error: 'csv_binary', line: lineAt(bytes, nul) };

  let text: string;
  try {
    text = strictUtf8().decode(bytes);
  } catch {
    return { error: 'csv_not_utf8', line: firstBadLine(bytes) };
  }
  return text.trim() === '' ? { error: 'csv_empty' } : { text };
}

function strictUtf8(): TextDecoder {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = 0; at < offset; at++) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) line++;
  }
  return line;
}

/** A multi-byte sequence never holds a line feed, so each line stands or falls alone. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = strictUtf8();
  let from = 0;
  for (;;) {
    const feed = bytes.indexOf(LF, from);
    const to = feed === -1 ? bytes.length : feed;
    try {
      decoder.decode(bytes.subarray(from, to));
    } catch {
      return lineAt(bytes, from);
    }
    if (feed === -1) return lineAt(bytes, from);
    from = feed + 1;
  }
}
