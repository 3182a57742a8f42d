/**
 * Fonts as far as text needs them: how codes become characters, and how wide they are. No font
 * program is kept, and no number that pdf.js would count up to. Loads pdf-lib.
 */
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  type PDFRef,
} from '@cantoo/pdf-lib';
import { decodeFrom } from './contents.ts';
import { type CodesLeft, rewriteToUnicode } from './to-unicode.ts';

/** A map of two-byte codes has up to 65,536. */
const CODES_MAX = 400_000;
const MAP_BYTES_MAX = 1_000_000;
const PROGRAM_BYTES_MAX = 1_000_000;
const FONTS_MAX = 400;
const ITEMS_MAX = 70_000;
const CID_MAX = 0xffff;
const BYTE_MAX = 0xff;

/** No glyph of any font. */
const NAMELESS = PDFName.of('xx');

const FONT_KEYS = ['Subtype', 'BaseFont', 'Name', 'FontMatrix', 'FontBBox'];
const DESCRIPTOR_KEYS = [
  'FontName',
  'Flags',
  'FontBBox',
  'ItalicAngle',
  'Ascent',
  'Descent',
  'CapHeight',
  'XHeight',
  'StemV',
  'MissingWidth',
];

/** Copies fonts out of one file into another, each once. */
export function copyingFonts(from: PDFContext, to: PDFContext) {
  const copies = new Map<PDFDict, PDFRef>();
  const left: CodesLeft = { codes: CODES_MAX };

  const lookup = (dict: PDFDict, key: string) => dict.lookup(PDFName.of(key));
  /** A name, a number, or numbers. */
  const plain = (value: PDFObject | undefined): PDFObject | undefined => {
    if (value instanceof PDFName || value instanceof PDFNumber) return value;
    return value instanceof PDFArray ? numbers(value) : undefined;
  };
  const numbers = (list: PDFArray): PDFArray => {
    const copy = PDFArray.withContext(to);
    for (const item of list.asArray().slice(0, ITEMS_MAX)) {
      const number = from.lookup(item);
      copy.push(number instanceof PDFNumber ? number : PDFNumber.of(0));
    }
    return copy;
  };
  const pick = (dict: PDFDict, keys: readonly string[]): PDFDict => {
    const copy = to.obj({});
    for (const key of keys) {
      const value = plain(lookup(dict, key));
      if (value) copy.set(PDFName.of(key), value);
    }
    return copy;
  };
  const set = (dict: PDFDict, key: string, value: PDFObject | undefined) => {
    if (value) dict.set(PDFName.of(key), value);
  };

  /** Names for codes: 0 to 255, since a list may begin anywhere. */
  const differences = (list: PDFObject | undefined): Map<number, PDFName> => {
    const names = new Map<number, PDFName>();
    let code = 0;
    for (const item of list instanceof PDFArray ? list.asArray().slice(0, ITEMS_MAX) : []) {
      const value = from.lookup(item);
      if (value instanceof PDFNumber) {
        code = value.asNumber();
      } else if (value instanceof PDFName) {
        if (isIn(code, BYTE_MAX)) names.set(code, value);
        code += 1;
      }
    }
    return names;
  };
  /** TeX leaves the encoding to the font program. */
  const programNames = (font: PDFDict): Map<number, PDFName> => {
    const found = lookup(font, 'FontDescriptor');
    const program = found instanceof PDFDict ? lookup(found, 'FontFile') : undefined;
    const bytes =
      program instanceof PDFRawStream ? decodeFrom(program, PROGRAM_BYTES_MAX) : undefined;
    return new Map(bytes ? type1Encoding(bytes) : []);
  };
  /** @param codes those that have text: pdf.js draws a blank for a code without a name. */
  const encodingOf = (font: PDFDict, codes: Iterable<number>): PDFObject => {
    const value = lookup(font, 'Encoding');
    const names = value instanceof PDFDict ? differences(lookup(value, 'Differences')) : undefined;
    const named = names ?? (value === undefined ? programNames(font) : new Map<number, PDFName>());
    for (const code of codes) {
      if (!named.has(code)) named.set(code, NAMELESS);
    }
    const base = value instanceof PDFDict ? lookup(value, 'BaseEncoding') : value;
    return to.obj({
      Type: 'Encoding',
      ...(base instanceof PDFName ? { BaseEncoding: base } : {}),
      Differences: Array.from(named, ([code, name]) => [PDFNumber.of(code), name]).flat(),
    });
  };
  const toUnicodeOf = (font: PDFDict): { value?: PDFObject; codes: Set<number> } => {
    const value = lookup(font, 'ToUnicode');
    if (value instanceof PDFName) return { value, codes: new Set() };
    const bytes = value instanceof PDFRawStream ? decodeFrom(value, MAP_BYTES_MAX) : undefined;
    const rewritten = bytes && rewriteToUnicode(bytes, left);
    if (!rewritten) return { codes: new Set() };
    return { value: to.register(to.stream(rewritten.map)), codes: rewritten.codes };
  };

  /** `first [w …]` and `first last w`; a range may not be longer than there are codes. */
  const cidWidths = (list: PDFObject | undefined): PDFArray | undefined => {
    if (!(list instanceof PDFArray)) return undefined;
    const items = list
      .asArray()
      .slice(0, ITEMS_MAX)
      .map((item) => from.lookup(item));
    const copy = PDFArray.withContext(to);
    for (let at = 0; at + 1 < items.length; ) {
      const [first, second, third] = items.slice(at, at + 3);
      if (!(first instanceof PDFNumber) || !isIn(first.asNumber(), CID_MAX)) break;
      if (second instanceof PDFArray) {
        if (second.size() > CID_MAX) break;
        copy.push(first);
        copy.push(numbers(second));
        at += 2;
        continue;
      }
      if (!(second instanceof PDFNumber && third instanceof PDFNumber)) break;
      const codes = second.asNumber() - first.asNumber() + 1;
      if (!isIn(second.asNumber(), CID_MAX) || codes > left.codes) break;
      left.codes -= Math.max(0, codes);
      for (const item of [first, second, third]) copy.push(item);
      at += 3;
    }
    return copy;
  };

  const descriptor = (font: PDFDict): PDFDict | undefined => {
    const found = lookup(font, 'FontDescriptor');
    return found instanceof PDFDict ? pick(found, DESCRIPTOR_KEYS) : undefined;
  };
  const descendant = (font: PDFDict): PDFArray | undefined => {
    const list = lookup(font, 'DescendantFonts');
    const found = list instanceof PDFArray && list.size() > 0 ? list.lookup(0) : undefined;
    if (!(found instanceof PDFDict)) return undefined;
    const copy = pick(found, ['Subtype', 'BaseFont', 'DW']);
    set(copy, 'FontDescriptor', descriptor(found));
    set(copy, 'W', cidWidths(lookup(found, 'W')));
    return to.obj([copy]);
  };
  const copyFont = (font: PDFDict): PDFDict => {
    const copy = pick(font, FONT_KEYS);
    const toUnicode = toUnicodeOf(font);
    set(copy, 'Type', PDFName.of('Font'));
    set(copy, 'ToUnicode', toUnicode.value);
    set(copy, 'FontDescriptor', descriptor(font));
    if (lookup(font, 'Subtype') === PDFName.of('Type0')) {
      const encoding = lookup(font, 'Encoding');
      // A map of a font's own is almost always one to one.
      set(copy, 'Encoding', encoding instanceof PDFName ? encoding : PDFName.of('Identity-H'));
      set(copy, 'DescendantFonts', descendant(font));
      return copy;
    }
    set(copy, 'Encoding', encodingOf(font, toUnicode.codes));
    for (const key of ['FirstChar', 'LastChar']) {
      const code = lookup(font, key);
      if (code instanceof PDFNumber && isIn(code.asNumber(), BYTE_MAX)) set(copy, key, code);
    }
    const widths = lookup(font, 'Widths');
    if (widths instanceof PDFArray && widths.size() <= BYTE_MAX + 1) {
      set(copy, 'Widths', numbers(widths));
    }
    return copy;
  };

  /** The copy of a font, or undefined for one too many. */
  return (font: PDFDict): PDFRef | undefined => {
    const known = copies.get(font);
    if (known || copies.size >= FONTS_MAX) return known;
    const ref = to.register(copyFont(font));
    copies.set(font, ref);
    return ref;
  };
}

const isIn = (value: number, max: number) => Number.isInteger(value) && value >= 0 && value <= max;

/** The clear part of a Type 1 program ends here (Adobe Type 1 Font Format, 2.2 and 7). */
const ENCRYPTED_PART = 'eexec';
const CLEAR_BYTES_MAX = 50_000;
const ENCODED = /dup\s+(\d{1,3})\s*\/([A-Za-z0-9._]{1,40})\s+put/g;

/** The names that a Type 1 program gives to codes. */
function type1Encoding(program: Uint8Array): [code: number, name: PDFName][] {
  const text = new TextDecoder().decode(program.subarray(0, CLEAR_BYTES_MAX));
  return Array.from(
    (text.split(ENCRYPTED_PART)[0] ?? '').matchAll(ENCODED),
    ([, code, name]): [number, PDFName] => [Number(code), PDFName.of(name ?? '')],
  ).filter(([code]) => isIn(code, BYTE_MAX));
}
