/** Contents decoded, and what drawing them would come to. Loads pdf-lib. */
import {
  PDFArray,
  PDFDict,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
} from '@cantoo/pdf-lib';
import { decode, longNameOf } from './streams.ts';

const list = (value: PDFObject | undefined): (PDFObject | undefined)[] =>
  value instanceof PDFArray ? value.asArray().map((_, at) => value.lookup(at)) : [value];

/** The bytes of a stream; undefined when they are more than `most`, or not to be decoded here. */
export function decodeFrom(
  { dict, contents }: PDFRawStream,
  most: number,
): Uint8Array<ArrayBuffer> | undefined {
  const filters = list(dict.lookup(PDFName.of('Filter'))).filter((name) => name !== undefined);
  const parameters = list(dict.lookup(PDFName.of('DecodeParms')));
  const says = (key: string, wrong: (value: number) => boolean) =>
    parameters.some((each) => {
      const value = each instanceof PDFDict ? each.lookup(PDFName.of(key)) : undefined;
      return value instanceof PDFNumber && wrong(value.asNumber());
    });
  // Predictors are for images.
  if (says('Predictor', (predictor) => predictor > 1)) return undefined;
  const names = filters.map((name) => (name instanceof PDFName ? name.decodeText() : ''));
  const early = says('EarlyChange', (change) => change === 0) ? 0 : 1;
  return decode(contents, { filters: names.map(longNameOf), early }, most);
}

/** What a page's Contents come to, joined as the standard says; undefined when it is too much. */
export function joinContents(
  contents: PDFObject | undefined,
  most: number,
): Uint8Array<ArrayBuffer> | undefined {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const part of list(contents)) {
    if (!(part instanceof PDFRawStream)) continue;
    const bytes = decodeFrom(part, most - length);
    if (!bytes) return undefined;
    length += bytes.length + 1;
    parts.push(bytes);
    if (length > most) return undefined;
  }
  const joined = new Uint8Array(length).fill(NEWLINE);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length + 1;
  }
  return joined;
}

const NEWLINE = 0x0a;
const LETTER_D = 0x44;
const LETTER_O = 0x6f;
const REGULAR = /[^\s()<>[\]{}/%\0]/;
const BLANK = /[\s\0]/;
const NAME_CHARACTERS_MAX = 128;

/**
 * How often each form may be drawn by a content: `/Name Do`, by name. A `Do` that has no name right
 * before it counts under ''. Words in strings count as well: it is an upper bound.
 */
export function drawnIn(content: Uint8Array): Map<string, number> {
  const drawn = new Map<string, number>();
  const at = (place: number) => String.fromCharCode(content[place] ?? 0x20);
  for (let d = content.indexOf(LETTER_D); d !== -1; d = content.indexOf(LETTER_D, d + 1)) {
    if (content[d + 1] !== LETTER_O || REGULAR.test(at(d + 2)) || REGULAR.test(at(d - 1))) continue;
    let end = d;
    while (end > 0 && d - end < NAME_CHARACTERS_MAX && BLANK.test(at(end - 1))) end -= 1;
    let start = end;
    while (start > 0 && end - start < NAME_CHARACTERS_MAX && REGULAR.test(at(start - 1)))
      start -= 1;
    const isName = start > 0 && start < end && at(start - 1) === '/';
    const name = isName ? String.fromCharCode(...content.subarray(start, end)) : '';
    drawn.set(name, (drawn.get(name) ?? 0) + 1);
  }
  return drawn;
}
