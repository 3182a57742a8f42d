/** The tokens of a page's content (ISO 32000-2, 7.8.2), as far as operators of text have use for them. */
import { isBlank, keyword, startsWith } from './syntax.ts';

export type Token = {
  /** `[`: a list of strings and numbers. `other`: an operand that is none of these. */
  readonly kind: 'number' | 'name' | 'string' | '[' | 'other' | 'operator';
  readonly from: number;
  readonly to: number;
};

const LF = 0x0a;
const CR = 0x0d;
const code = (character: string) => character.charCodeAt(0);
const OPEN = code('(');
const CLOSE = code(')');
const LESS = code('<');
const GREATER = code('>');
const OPEN_LIST = code('[');
const CLOSE_LIST = code(']');
const SLASH = code('/');
const PERCENT = code('%');
const BACKSLASH = code('\\');
const DELIMITERS = new Set(Array.from('()<>[]{}/%', code));
const NUMBER_STARTS = new Set(Array.from('0123456789+-.', code));
const END_IMAGE = keyword('EI');
const IMAGE_DATA = keyword('ID');
/** Behind an image, this much must look like content again. */
const LOOK_BYTES = 12;

/** The content's tokens; inline images are passed over. */
export function* tokensOf(bytes: Uint8Array): Generator<Token> {
  let at = 0;
  for (;;) {
    at = behindBlank(bytes, at);
    if (at >= bytes.length) return;
    const token = tokenAt(bytes, at);
    at = token.to;
    if (token.kind === 'operator' && isImageData(bytes, token)) at = behindImage(bytes, at);
    yield token;
  }
}

function behindBlank(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    while (isBlank(bytes[at])) at += 1;
    if (bytes[at] !== PERCENT) return at;
    while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
  }
}

function tokenAt(bytes: Uint8Array, from: number): Token {
  const first = bytes[from] ?? 0;
  switch (first) {
    case OPEN:
      return { kind: 'string', from, to: behindString(bytes, from) };
    case LESS: {
      const isDict = bytes[from + 1] === LESS;
      const to = isDict ? from + 2 : behindHex(bytes, from);
      return { kind: isDict ? 'other' : 'string', from, to };
    }
    case OPEN_LIST:
      return listAt(bytes, from);
    case SLASH:
      return { kind: 'name', from, to: behindRegular(bytes, from + 1) };
  }
  if (DELIMITERS.has(first)) return { kind: 'other', from, to: from + 1 };
  const kind = NUMBER_STARTS.has(first) ? 'number' : 'operator';
  return { kind, from, to: behindRegular(bytes, from) };
}

function behindRegular(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && !isBlank(bytes[at]) && !DELIMITERS.has(bytes[at] ?? 0)) at += 1;
  return at;
}

function behindHex(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(GREATER, from);
  return end === -1 ? bytes.length : end + 1;
}

function behindString(bytes: Uint8Array, from: number): number {
  let open = 0;
  for (let at = from; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === BACKSLASH) at += 1;
    if (byte === OPEN) open += 1;
    if (byte === CLOSE) open -= 1;
    if (open === 0) return at + 1;
  }
  return bytes.length;
}

function listAt(bytes: Uint8Array, from: number): Token {
  let at = from + 1;
  for (;;) {
    at = behindBlank(bytes, at);
    if (at >= bytes.length) return { kind: 'other', from, to: at };
    if (bytes[at] === CLOSE_LIST) return { kind: '[', from, to: at + 1 };
    // Lists in lists are for other operators. No token is empty, so this ends.
    if (bytes[at] === OPEN_LIST) return { kind: 'other', from, to: at };
    const item = tokenAt(bytes, at);
    if (item.kind !== 'string' && item.kind !== 'number') return { kind: 'other', from, to: at };
    at = item.to;
  }
}

const isImageData = (bytes: Uint8Array, { from, to }: Token) =>
  to - from === IMAGE_DATA.length && startsWith(bytes, IMAGE_DATA, from);

/** Behind the `EI` of an image whose data begin here; its bytes may hold others by chance. */
function behindImage(bytes: Uint8Array, from: number): number {
  const first = END_IMAGE[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    const behind = at + END_IMAGE.length;
    const stands = isBlank(bytes[at - 1]) && (behind >= bytes.length || isBlank(bytes[behind]));
    if (stands && startsWith(bytes, END_IMAGE, at) && isContent(bytes, behind)) return behind;
  }
  return bytes.length;
}

const isContent = (bytes: Uint8Array, from: number) =>
  bytes
    .subarray(from, from + LOOK_BYTES)
    .every((byte) => isBlank(byte) || (byte > 0x20 && byte < 0x7f));
