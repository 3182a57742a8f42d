/**
 * The stamp and where it goes. A stored rendition has a slot of {@link STAMP_LENGTH} bytes at a
 * known offset, near its beginning; what is served is the same file with another text in the slot.
 * The lengths are equal, so every byte keeps its place, and any range of the copy is that range of
 * the stored object with some of the text written over it. Pure: nothing here reads or writes.
 */
import { utf8 } from '../utf8.ts';

/** Bytes of the slot. Stored renditions have it: another length is another STAMP_VERSION. */
export const STAMP_LENGTH = 64;

const LINK_LAST_4 = /^[0-9A-Za-z]{4}$/;
const REFERENCE = /^[0-9A-F]{4}(?:-[0-9A-F]{4}){3}$/;
const MINUTE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;

/** Who took a document, when and through which link. */
export type Stamp = {
  /** ISO 8601, as the database gives it. */
  at: string;
  /** The last 4 characters of the access link's token. */
  linkLast4: string;
  /** 16 upper-case hex digits in 4 groups. */
  reference: string;
};

/**
 * What the slot holds: `2026-11-21 20:14 UTC  link ab3F  ref 7A3F-09BC-41DE-55C0` and spaces,
 * {@link STAMP_LENGTH} characters of ASCII. It stands between the parentheses of a PDF string, so
 * nothing may pass that could end the string; a RangeError for anything else is a bug's.
 */
export function stampText({ at, linkLast4, reference }: Stamp): string {
  const time = new Date(at);
  const minute = Number.isNaN(time.getTime()) ? undefined : MINUTE.exec(time.toISOString())?.[0];
  if (minute === undefined || !LINK_LAST_4.test(linkLast4) || !REFERENCE.test(reference)) {
    throw new RangeError('not a stamp');
  }
  const text = `${minute.replace('T', ' ')} UTC  link ${linkLast4}  ref ${reference}`;
  return text.padEnd(STAMP_LENGTH);
}

/** A stored object of `length` bytes with, for a rendition, what its slot is to hold. */
export type Spliced = { length: number; slot: { offset: number; text: string } | null };

/** Bytes that are written over what is stored, beginning `at` bytes into what is read. */
export type Patch = { at: number; bytes: Uint8Array };

/**
 * What of the stamp falls into bytes [from, to) of the spliced file, at its place in them; null when
 * nothing does.
 *
 * @throws RangeError for bytes that the file does not have, and for a text that is not ASCII or
 *   does not fit: a bug
 */
export function patchOf({ length, slot }: Spliced, from: number, to: number): Patch | null {
  if (!(from >= 0 && from <= to && to <= length)) {
    throw new RangeError(`bytes ${from} to ${to} of ${length}`);
  }
  if (!slot) {
    return null;
  }
  const text = utf8(slot.text);
  const end = slot.offset + text.length;
  if (!(slot.offset >= 0 && end <= length && text.length === slot.text.length)) {
    throw new RangeError(`a slot from ${slot.offset} to ${end} of ${length}`);
  }
  const [first, last] = [Math.max(from, slot.offset), Math.min(to, end)];
  return first < last
    ? { at: first - from, bytes: text.subarray(first - slot.offset, last - slot.offset) }
    : null;
}

/** One range of the unit `bytes`: `0-499`, `500-`, `-500`. */
const SINGLE_RANGE = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i;

/**
 * What a Range header asks of a file of `length` bytes (RFC 9110 §14.1.2, §14.2).
 *
 * @returns the one range as [from, to); null when there is none to honour (no header, another unit,
 *   several ranges, not a range at all), so that all of the file is the answer; `unsatisfiable`,
 *   for a 416, when it begins beyond the file's end
 */
export function readRange(
  header: string | null,
  length: number,
): { from: number; to: number } | null | 'unsatisfiable' {
  const [, first = '', last = ''] = SINGLE_RANGE.exec(header ?? '') ?? [];
  if (first === '' && last === '') {
    return null;
  }
  if (first === '') {
    // The last bytes, all of them if there are fewer. Of an empty file there is no range to name.
    const count = Math.min(Number(last), length);
    if (Number(last) === 0) return 'unsatisfiable';
    return length === 0 ? null : { from: length - count, to: length };
  }
  if (last !== '' && Number(last) < Number(first)) {
    return null;
  }
  if (Number(first) >= length) {
    return 'unsatisfiable';
  }
  return { from: Number(first), to: last === '' ? length : Math.min(Number(last) + 1, length) };
}
