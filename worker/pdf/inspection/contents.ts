/** Contents decoded. Loads pdf-lib. */
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
