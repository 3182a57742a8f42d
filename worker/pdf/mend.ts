/**
 * Two of pdf-lib's private methods, mended for all who use it in this isolate: one that is slow, one
 * that loses objects.
 */
import { PDFCrossRefStream, PDFObjectParser, type PDFRef } from '@cantoo/pdf-lib';
import { utf8 } from '../utf8.ts';
import { indexOfBytes } from './find-bytes.ts';

type Entries = { entries: { ref: PDFRef }[] };
type Parser = {
  bytes: {
    bytes: Uint8Array;
    offset(): number;
    moveTo(offset: number): void;
  };
};

const END_OF_STREAM = utf8('endstream');
const LF = 0x0a;
const CR = 0x0d;

/**
 * Entries come in order, so the end is the place. pdf-lib looks for the place from the front, which
 * takes 8 s for a file of 90,000 objects.
 */
function appendEntry(this: Entries, entry: { ref: PDFRef }): void {
  const { objectNumber } = entry.ref;
  const last = this.entries.at(-1);
  if (!last || last.ref.objectNumber <= objectNumber) {
    this.entries.push(entry);
    return;
  }
  const at = this.entries.findIndex(({ ref }) => ref.objectNumber > objectNumber);
  this.entries.splice(at, 0, entry);
}

/**
 * Where the bytes end of a stream whose length is told elsewhere: at the next `endstream`. pdf-lib
 * counts every `stream` as one that opens another, so a page that names the Downstream Ltd takes
 * the objects behind it for its own, and they are gone.
 */
function findEndOfStreamFallback(this: Parser): number {
  const { bytes } = this.bytes;
  const start = this.bytes.offset();
  const found = indexOfBytes(bytes, END_OF_STREAM, start);
  if (found === -1) {
    throw new Error('a stream that does not end');
  }
  this.bytes.moveTo(found + END_OF_STREAM.length);
  const line = found > start && bytes[found - 1] === LF ? 1 : 0;
  const before = found - line;
  return before > start && bytes[before - 1] === CR ? before - 1 : before;
}

/** Another version of pdf-lib may name them otherwise; that must not pass unseen. */
function mend(prototype: object, name: string, mended: unknown): void {
  if (!Reflect.has(prototype, name)) {
    throw new Error(`pdf-lib has no ${name} to mend`);
  }
  Reflect.set(prototype, name, mended);
}

mend(PDFCrossRefStream.prototype, 'appendEntry', appendEntry);
mend(PDFObjectParser.prototype, 'findEndOfStreamFallback', findEndOfStreamFallback);
