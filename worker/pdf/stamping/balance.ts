/**
 * How a page's content leaves the graphics state. A content stream may save more states than it
 * restores, restore more than it saved, or end inside a text object or a marked sequence; viewers
 * draw it all the same, and what is drawn after it would inherit the rest. Here content is read for
 * that alone: operators are told from operands, strings, comments and inline images.
 * ISO 32000-2: 7.2, 7.8.2, 8.4.2, 8.9.7, 9.4.1, 14.6.
 */

/** A count that goes up and down through a stream: where it ends and its lowest, from 0. */
type Course = { end: number; low: number };

/** What one content stream does, seen on its own. */
export type Balance = {
  /** States saved and restored: q and Q. */
  saves: Course;
  /** Marked sequences: BMC or BDC, and EMC. */
  marks: Course;
  /** Whether it ends between BT and ET; undefined when it has neither. */
  inText: boolean | undefined;
  /** What closes the string or inline image that it was cut off in. */
  closing: string;
};

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const PERCENT = 0x25;
const OPEN = 0x28;
const CLOSE = 0x29;
const SLASH = 0x2f;
const LESS = 0x3c;
const MORE = 0x3e;
const BACKSLASH = 0x5c;

const REGULAR = 0;
const WHITE = 1;
const DELIMITER = 2;
const KIND = new Uint8Array(256);
for (const byte of [0, 9, LF, 12, CR, SPACE]) KIND[byte] = WHITE;
for (const sign of '()<>[]{}/%') KIND[sign.charCodeAt(0)] = DELIMITER;

/** How many bytes after an inline image's EI must look like content, lest it is the image's own. */
const LOOK_AHEAD = 10;

/** The byte after the literal string that opens at `at`, and how many parentheses stayed open. */
function afterString(bytes: Uint8Array, at: number): { next: number; open: number } {
  let open = 0;
  for (let next = at; next < bytes.length; next += 1) {
    const byte = bytes[next];
    if (byte === BACKSLASH) next += 1;
    else if (byte === OPEN) open += 1;
    else if (byte === CLOSE) {
      open -= 1;
      if (open === 0) return { next: next + 1, open };
    }
  }
  return { next: bytes.length, open };
}

function kindAt(bytes: Uint8Array, at: number): number {
  return at < bytes.length ? (KIND[bytes[at] ?? 0] ?? REGULAR) : WHITE;
}

/** The byte after an inline image's EI; the image's bytes begin at `at`. Undefined: it has none. */
function afterImage(bytes: Uint8Array, at: number): number | undefined {
  for (let e = bytes.indexOf(0x45, at); e !== -1; e = bytes.indexOf(0x45, e + 1)) {
    const stands =
      bytes[e + 1] === 0x49 && kindAt(bytes, e - 1) === WHITE && kindAt(bytes, e + 2) === WHITE;
    const follows = bytes.subarray(e + 2, e + 2 + LOOK_AHEAD);
    if (stands && follows.every((byte) => (byte >= SPACE && byte < 0x7f) || KIND[byte] === WHITE)) {
      return e + 2;
    }
  }
  return undefined;
}

/**
 * Calls `operator` with each token that is no operand of another shape (numbers too), and its
 * place; returns what closes the token that the stream was cut off in.
 */
function readOperators(
  bytes: Uint8Array,
  operator: (at: number, length: number) => void,
): Balance['closing'] {
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    const kind = KIND[byte] ?? REGULAR;
    if (kind === WHITE) {
      at += 1;
    } else if (kind === REGULAR || byte === SLASH) {
      const from = at;
      at += 1;
      while (kindAt(bytes, at) === REGULAR) at += 1;
      if (kind !== REGULAR) continue;
      if (at - from === 2 && bytes[from] === 0x49 && bytes[from + 1] === 0x44) {
        const next = afterImage(bytes, at);
        if (next === undefined) return '\nEI';
        at = next;
      } else {
        operator(from, at - from);
      }
    } else if (byte === OPEN) {
      const { next, open } = afterString(bytes, at);
      if (open > 0) return ')'.repeat(open);
      at = next;
    } else if (byte === PERCENT) {
      while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at += 1;
    } else if (byte === LESS && bytes[at + 1] !== LESS) {
      const end = bytes.indexOf(MORE, at);
      if (end === -1) return '>';
      at = end + 1;
    } else {
      at += byte === LESS ? 2 : 1;
    }
  }
  return '';
}

const [q, Q, B, C, D, E, M, T] = [0x71, 0x51, 0x42, 0x43, 0x44, 0x45, 0x4d, 0x54];

/** What a decoded content stream does to the graphics state, as if nothing came before it. */
export function balanceOf(bytes: Uint8Array): Balance {
  const saves = { end: 0, low: 0 };
  const marks = { end: 0, low: 0 };
  const move = (course: Course, by: number) => {
    course.end += by;
    course.low = Math.min(course.low, course.end);
  };
  let inText: boolean | undefined;
  const closing = readOperators(bytes, (at, length) => {
    const first = bytes[at];
    const second = bytes[at + 1];
    if (length === 1) {
      if (first === q) move(saves, 1);
      else if (first === Q) move(saves, -1);
    } else if (length === 2 && second === T) {
      if (first === B) inText = true;
      else if (first === E) inText = false;
    } else if (length === 3 && bytes[at + 2] === C) {
      if (first === B && (second === M || second === D)) move(marks, 1);
      else if (first === E && second === M) move(marks, -1);
    }
  });
  return { saves, marks, inText, closing };
}

/** The count after a stream that began at `depth`, where what falls below 0 is ignored. */
export function depthAfter(depth: number, { end, low }: Course): number {
  return Math.max(depth, -low) + end;
}

/**
 * The content without the Q that restore nothing when it begins with `depth` states saved: viewers
 * ignore them, but would not once a q of ours stands before the content.
 */
export function withoutStrayRestores(content: Uint8Array, depth: number): Uint8Array {
  const bytes = content.slice();
  let saved = depth;
  readOperators(content, (at, length) => {
    if (length !== 1) return;
    if (content[at] === q) saved += 1;
    else if (content[at] === Q && saved > 0) saved -= 1;
    else if (content[at] === Q) bytes[at] = SPACE;
  });
  return bytes;
}
