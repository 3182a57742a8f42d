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
import { decodeFrom } from './content-copy.ts';
import { type CodesLeft, rewriteToUnicode } from './to-unicode.ts';

/** A map of two-byte codes has up to 65,536. */
const CODES_MAX = 400_000;
const MAP_BYTES_MAX = 1_000_000;
const FONTS_MAX = 400;
const ITEMS_MAX = 70_000;
const CID_MAX = 0xffff;
const BYTE_MAX = 0xff;

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
  const differences = (list: PDFObject | undefined): PDFArray | undefined => {
    if (!(list instanceof PDFArray)) return undefined;
    const copy = PDFArray.withContext(to);
    let code = 0;
    for (const item of list.asArray().slice(0, ITEMS_MAX)) {
      const value = from.lookup(item);
      if (value instanceof PDFNumber) {
        code = value.asNumber();
        if (isIn(code, BYTE_MAX)) copy.push(value);
      } else if (value instanceof PDFName && isIn(code, BYTE_MAX)) {
        copy.push(value);
        code += 1;
      }
    }
    return copy;
  };
  const encoding = (value: PDFObject | undefined, composite: boolean): PDFObject | undefined => {
    if (value instanceof PDFName) return value;
    // A map of a font's own: almost always one to one.
    if (composite) return PDFName.of('Identity-H');
    if (!(value instanceof PDFDict)) return undefined;
    const copy = pick(value, ['BaseEncoding']);
    set(copy, 'Differences', differences(lookup(value, 'Differences')));
    return copy;
  };
  const toUnicode = (value: PDFObject | undefined): PDFObject | undefined => {
    if (value instanceof PDFName) return value;
    const map = value instanceof PDFRawStream ? decodeFrom(value, MAP_BYTES_MAX) : undefined;
    const text = map && rewriteToUnicode(map, left);
    return text === undefined ? undefined : to.register(to.stream(text));
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
    const composite = lookup(font, 'Subtype') === PDFName.of('Type0');
    set(copy, 'Type', PDFName.of('Font'));
    set(copy, 'ToUnicode', toUnicode(lookup(font, 'ToUnicode')));
    set(copy, 'Encoding', encoding(lookup(font, 'Encoding'), composite));
    set(copy, 'FontDescriptor', descriptor(font));
    if (composite) {
      set(copy, 'DescendantFonts', descendant(font));
      return copy;
    }
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
