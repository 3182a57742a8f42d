/** PDF objects as values, and how one is told from another. */

export type Name = { readonly name: string };
/** By the object's number; generations are not told apart. */
export type Reference = { readonly to: number };
/** A string, as it stands in the file between its brackets. */
export type Text = {
  readonly of: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly hex: boolean;
};
export type List = readonly Value[];
/** Every entry: where a key comes twice, readers differ in which one they heed. */
export type Dict = { readonly entries: readonly (readonly [key: string, value: Value])[] };
/** Null stands for booleans too. */
export type Value = number | null | Name | Reference | Text | List | Dict;

export const isList = (value: Value): value is List => Array.isArray(value);
export const isName = (value: Value): value is Name => isRecord(value) && 'name' in value;
export const isReference = (value: Value): value is Reference =>
  isRecord(value) && 'to' in value && !('of' in value);
export const isText = (value: Value): value is Text => isRecord(value) && 'of' in value;
export const isDict = (value: Value): value is Dict => isRecord(value) && 'entries' in value;

function isRecord(value: Value): value is Name | Reference | Text | Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every value of a key. */
export function valuesOf(dict: Dict, key: string): Value[] {
  const values: Value[] = [];
  for (const [name, value] of dict.entries) {
    if (name === key) values.push(value);
  }
  return values;
}

/** Whether a key has this name as a value. */
export function says(dict: Dict, key: string, name: string): boolean {
  return dict.entries.some(([k, value]) => k === key && isName(value) && value.name === name);
}

const UTF8 = new TextDecoder('utf-8');
const UTF16 = new TextDecoder('utf-16be');
/** Longer than any file's name or address that is worth reading. */
const TEXT_BYTES_MAX = 2_000;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** What a string says, or how it begins: UTF-16 and UTF-8 by their marks, else as Latin-1. */
export function textOf({ of, from, to, hex }: Text): string {
  // Not TextDecoder: what it calls latin1 is Windows-1252.
  const raw = String.fromCharCode(...of.subarray(from, Math.min(to, from + TEXT_BYTES_MAX)));
  const plain = hex ? fromHex(raw) : withoutEscapes(raw);
  const bytes = Uint8Array.from(plain, (character) => character.charCodeAt(0));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return UTF16.decode(bytes);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return UTF8.decode(bytes);
  return plain;
}

function fromHex(raw: string): string {
  const digits = raw.replace(/[^0-9A-Fa-f]/g, '');
  return digits.replace(/..?/g, (pair) =>
    String.fromCharCode(Number.parseInt(pair.padEnd(2, '0'), 16)),
  );
}

/** ISO 32000-2, 7.3.4.2. */
function withoutEscapes(raw: string): string {
  return raw.replace(/\\([0-7]{1,3}|\r\n|[\s\S])/g, (_, escaped: string) => {
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
    if (/^[\r\n]/.test(escaped)) return '';
    return ESCAPES[escaped] ?? escaped;
  });
}

/**
 * Visits every dictionary inside a value, itself included; a stream's is the value of its object.
 *
 * @param visit `under`: the key whose value the dictionary is, or is in a list of; '' at the top
 */
export function forEachDict(
  value: Value,
  visit: (dict: Dict, under: string) => void,
  under = '',
): void {
  if (isList(value)) {
    for (const item of value) forEachDict(item, visit, under);
  } else if (isDict(value)) {
    visit(value, under);
    for (const [key, inner] of value.entries) forEachDict(inner, visit, key);
  }
}

/** The references that a value is, or lists. */
export function referencesIn(value: Value): number[] {
  if (isReference(value)) return [value.to];
  return isList(value) ? value.flatMap(referencesIn) : [];
}
