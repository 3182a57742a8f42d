/**
 * The rendition: the copy of a customer's document that is stored and served, stamped once. The
 * customer's name is drawn on every page, and beside it stands a slot that is filled in flight: one
 * uncompressed form, which all pages show, holds both. See splice.ts for what fills it.
 */
import { crc32 } from '../crc32.ts';
import { utf8 } from '../utf8.ts';
import { indexOfBytes } from './find-bytes.ts';
import { STAMP_LENGTH } from './splice.ts';
import type { Box } from './stamping/place.ts';

/** Part of a rendition's key: renditions of another version are made again. */
export const STAMP_VERSION = 2;

export type Rendition = {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where the slot begins in `bytes`. */
  slotOffset: number;
  slotLength: number;
  /** What the stamp covers, page by page: outside it, a page looks as it did. */
  boxes: Box[];
};

const LETTERS = 26;
const TAG_LENGTH = 6;

/** Six capitals that other names and files are unlikely to have. */
function tagOf(text: string): string {
  let rest = crc32(utf8(text));
  let tag = '';
  for (let letter = 0; letter < TAG_LENGTH; letter += 1) {
    tag += String.fromCharCode(65 + (rest % LETTERS));
    rest = Math.floor(rest / LETTERS);
  }
  return tag;
}

/**
 * The stamped-once copy: the customer's name on every page, and a slot of STAMP_LENGTH bytes of
 * ASCII at slotOffset. The same input gives the same bytes. A name that is too long for the
 * narrowest page is cut, with an ellipsis; a page too narrow for 25 letters of it and the slot has
 * a smaller stamp.
 *
 * @param stamped `fileId`: whoever made the file cannot have known it, so the slot's mark, which is
 *   made of it, is nowhere else in the file
 * @throws Error when the file cannot be read, has no page, or its slot is not found exactly once
 */
export async function makeRendition(
  original: Uint8Array,
  stamped: { customerName: string; fileId: string },
): Promise<Rendition> {
  const { rewrite } = await import('./stamping/rewrite.ts');
  const id = stamped.fileId.replace(/[^0-9A-Za-z-]/g, '');
  const mark = `the slot of ${id}`.slice(0, STAMP_LENGTH).padEnd(STAMP_LENGTH, '.');
  const tag = tagOf(`${stamped.customerName} ${id}`);
  const { bytes, boxes } = await rewrite(original, {
    customerName: stamped.customerName,
    slot: mark,
    tag,
  });
  const wanted = utf8(mark);
  const slotOffset = indexOfBytes(bytes, wanted);
  if (slotOffset === -1 || indexOfBytes(bytes, wanted, slotOffset + 1) !== -1) {
    throw new Error('the slot was not found exactly once');
  }
  return { bytes, slotOffset, slotLength: STAMP_LENGTH, boxes };
}
