/**
 * The filters of streams (ISO 32000-2, 7.4) but for the one that everybody uses, each fed in chunks
 * and handing on in chunks.
 */
import type { Sink } from './inflate.ts';

/** Bytes that a filter gathers before it hands them on. */
const CHUNK_BYTES = 16_384;

/** Gathers bytes into chunks for the next sink. */
function gather(next: Sink) {
  const chunk = new Uint8Array(CHUNK_BYTES);
  let length = 0;
  const flush = () => {
    if (length > 0) next.push(chunk.subarray(0, length));
    length = 0;
  };
  return {
    byte(byte: number) {
      if (length === CHUNK_BYTES) flush();
      chunk[length] = byte;
      length += 1;
    },
    end() {
      flush();
      next.end();
    },
  };
}

const END_OF_RUNS = 128;

export function runLengths(next: Sink): Sink {
  const out = gather(next);
  let copy = 0;
  let repeat = 0;
  let ended = false;
  return {
    push(chunk) {
      for (const byte of chunk) {
        if (ended) return;
        if (copy > 0) {
          out.byte(byte);
          copy -= 1;
        } else if (repeat > 0) {
          for (; repeat > 0; repeat -= 1) out.byte(byte);
        } else if (byte === END_OF_RUNS) {
          ended = true;
        } else if (byte < END_OF_RUNS) {
          copy = byte + 1;
        } else {
          repeat = 257 - byte;
        }
      }
    },
    end: out.end,
  };
}

const GREATER = 0x3e;

export function asciiHex(next: Sink): Sink {
  const out = gather(next);
  let high = -1;
  let ended = false;
  return {
    push(chunk) {
      for (const byte of chunk) {
        ended ||= byte === GREATER;
        if (ended) return;
        const digit = Number.parseInt(String.fromCharCode(byte), 16);
        if (Number.isNaN(digit)) continue;
        if (high === -1) {
          high = digit;
        } else {
          out.byte(high * 16 + digit);
          high = -1;
        }
      }
    },
    end() {
      if (high !== -1) out.byte(high * 16);
      out.end();
    },
  };
}

const TILDE = 0x7e;
const LETTER_Z = 0x7a;
const ZERO_85 = 0x21;
const DIGITS_85 = 5;

export function ascii85(next: Sink): Sink {
  const out = gather(next);
  let digits: number[] = [];
  let ended = false;
  const write = (bytes: number) => {
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    for (let byte = 0; byte < bytes; byte += 1) {
      out.byte(Math.floor(value / 256 ** (3 - byte)) & 255);
    }
    digits = [];
  };
  return {
    push(chunk) {
      for (const byte of chunk) {
        ended ||= byte === TILDE;
        if (ended) return;
        if (byte === LETTER_Z && digits.length === 0) {
          digits = [0, 0, 0, 0, 0];
          write(4);
        } else if (byte >= ZERO_85 && byte < ZERO_85 + 85) {
          digits.push(byte - ZERO_85);
          if (digits.length === DIGITS_85) write(4);
        }
      }
    },
    end() {
      const left = digits.length;
      if (left > 1) {
        while (digits.length < DIGITS_85) digits.push(84);
        write(left - 1);
      }
      out.end();
    },
  };
}

const CLEAR = 256;
const END_OF_CODES = 257;
const CODES_MAX = 4096;

/** @param early 1 where codes grow one code early, as they do unless a file says 0 */
export function lzw(next: Sink, early: 0 | 1): Sink {
  const out = gather(next);
  const prefixes = new Uint16Array(CODES_MAX);
  const suffixes = new Uint8Array(CODES_MAX);
  const word = new Uint8Array(CODES_MAX);
  for (let code = 0; code < CLEAR; code += 1) suffixes[code] = code;
  let size = END_OF_CODES + 1;
  let width = 9;
  let before = -1;
  let bits = 0;
  let bitCount = 0;
  let ended = false;
  const write = (code: number) => {
    let from = CODES_MAX;
    for (let rest = code; ; rest = prefixes[rest] ?? 0) {
      from -= 1;
      word[from] = suffixes[rest] ?? 0;
      if (rest < CLEAR) break;
    }
    for (let at = from; at < CODES_MAX; at += 1) out.byte(word[at] ?? 0);
  };
  const firstOf = (code: number): number => {
    let rest = code;
    while (rest >= CLEAR) rest = prefixes[rest] ?? 0;
    return rest;
  };
  const read = (code: number) => {
    if (code === CLEAR) {
      size = END_OF_CODES + 1;
      width = 9;
      before = -1;
    } else if (code === END_OF_CODES || code > size || (code === size && before === -1)) {
      ended = true;
    } else {
      if (before !== -1 && size < CODES_MAX) {
        prefixes[size] = before;
        suffixes[size] = firstOf(code === size ? before : code);
        size += 1;
      } else if (code >= size) {
        ended = true;
        return;
      }
      write(code);
      before = code;
      if (size + early >= 2 ** width && width < 12) width += 1;
    }
  };
  return {
    push(chunk) {
      for (const byte of chunk) {
        if (ended) return;
        bits = ((bits << 8) | byte) & 0xfffff;
        bitCount += 8;
        if (bitCount >= width) {
          bitCount -= width;
          read((bits >> bitCount) & (2 ** width - 1));
        }
      }
    },
    end: out.end,
  };
}
