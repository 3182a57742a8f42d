/**
 * A font's map from codes to text (ISO 32000-2, 9.10.3), read and written anew. Forty bytes of such
 * a map may ask for sixteen million entries, and pdf.js makes them.
 */

/** Fonts have codes of one byte or two. */
const CODE_MAX = 0xffff;
const BYTE_MAX = 0xff;
/** A code may stand for a ligature, not for a paragraph. */
const TEXT_DIGITS_MAX = 64;

const SECTION = /beginbf(char|range)([\s\S]*?)endbf/g;
const TOKEN = /<([\s0-9A-Fa-f]*)>|[[\]]/g;

/** Codes that maps may still have: what they cost is the sum of their ranges. */
export type CodesLeft = { codes: number };

export type ToUnicode = {
  /** The same map in plain words. */
  map: string;
  /** Which codes of one byte it has. */
  codes: Set<number>;
};

/**
 * Reads a map and writes it anew; undefined when nothing in it is of use.
 *
 * @param map decoded
 */
export function rewriteToUnicode(map: Uint8Array, left: CodesLeft): ToUnicode | undefined {
  const lines: string[] = [];
  const codes = new Set<number>();
  const add = (first: string, last: string, text: string) => {
    const [from, to] = [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    if (!(from <= to && to <= CODE_MAX && to - from < left.codes) || text === '') return;
    left.codes -= to - from + 1;
    for (let code = from; code <= Math.min(to, BYTE_MAX); code += 1) codes.add(code);
    const digits = text.slice(0, TEXT_DIGITS_MAX);
    lines.push(`1 beginbfrange <${hex(from)}> <${hex(to)}> <${digits}> endbfrange`);
  };
  for (const [, kind, section] of new TextDecoder().decode(map).matchAll(SECTION)) {
    const tokens = Array.from((section ?? '').matchAll(TOKEN), ([token, digits]) =>
      digits === undefined ? token : digits.replace(/\s/g, ''),
    );
    if (kind === 'char') addPairs(tokens, add);
    else addRanges(tokens, add);
  }
  const head = 'begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange';
  return lines.length === 0 ? undefined : { map: [head, ...lines, 'endcmap'].join('\n'), codes };
}

type Add = (first: string, last: string, text: string) => void;

function addPairs(tokens: readonly string[], add: Add): void {
  for (let at = 0; at + 1 < tokens.length; at += 2) {
    const [code = '', text = ''] = tokens.slice(at, at + 2);
    add(code, code, text);
  }
}

/** `<first> <last> <text of the first>`, or a list with the text of each. */
function addRanges(tokens: readonly string[], add: Add): void {
  for (let at = 0; at + 2 < tokens.length; ) {
    const [first = '', last = '', text = ''] = tokens.slice(at, at + 3);
    at += 3;
    if (text !== '[') {
      add(first, last, text);
      continue;
    }
    for (let code = Number.parseInt(first, 16); at < tokens.length; at += 1, code += 1) {
      const item = tokens[at] ?? '';
      if (item === ']') break;
      add(code.toString(16), code.toString(16), item);
    }
    at += 1;
  }
}

const hex = (code: number) => code.toString(16).padStart(4, '0');
