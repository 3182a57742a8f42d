/** What stands before and behind a document in its file. */
import { indexOfBytes } from '../find-bytes.ts';
import type { Walked } from './objects.ts';
import { isBlank, keyword, startsWith } from './syntax.ts';

const HEADER = keyword('%PDF-');
const EOF = keyword('%%EOF');
const ZIP_END = Uint8Array.of(0x50, 0x4b, 5, 6);
const ZIP_ENTRY = Uint8Array.of(0x50, 0x4b, 1, 2);
/** A ZIP's end has 22 bytes and a comment of up to 65,535 behind it; some readers look further. */
const ZIP_END_BYTES_MAX = 66_000;
/** What DOS ends a file with. */
const CONTROL_Z = 0x1a;

/** Whether bytes claim to be a PDF, at their very beginning: a ZIP or a page of HTML does not. */
export function looksLikePdf(bytes: Uint8Array): boolean {
  return startsWith(bytes, HEADER, 0);
}

/**
 * How a file ends. One that stops before its last `startxref`, or goes on with objects behind it,
 * was cut off; one that lacks only the `%%EOF` is whole, as viewers see it.
 */
export function endOf(bytes: Uint8Array, { end, last }: Walked): 'clean' | 'cut off' | 'followed' {
  if (end === null || last >= end) return 'cut off';
  let at = end;
  for (;;) {
    while (isBlank(bytes[at]) || bytes[at] === CONTROL_Z) at += 1;
    if (!startsWith(bytes, EOF, at)) break;
    at += EOF.length;
  }
  return at < bytes.length || isZip(bytes) ? 'followed' : 'clean';
}

/** Whether a reader of ZIPs, which begins at the end, would find one: inside a stream, say. */
function isZip(bytes: Uint8Array): boolean {
  const tail = bytes.subarray(Math.max(0, bytes.length - ZIP_END_BYTES_MAX));
  return indexOfBytes(tail, ZIP_END) !== -1 && indexOfBytes(bytes, ZIP_ENTRY) !== -1;
}
