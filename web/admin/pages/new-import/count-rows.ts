/** How many rows a CSV has below its header, counted here: nobody should confirm a blank. */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** Bytes that leave a line empty: space, tab, CR, and the other half of UTF-16. */
const EMPTY = new Set([0x00, 0x09, 0x0d, 0x20, QUOTE]);

/** What a totals row begins with, in the languages of the headers. It is no row of anything. */
const TOTALS = /^(grand |sub|sub-)?(totals?|totales|sum|suma|razem|gesamt|summe)( total)?:?$/;
const TOTALS_CHARACTERS = 20;

/**
 * Rows that hold something, quoted line breaks understood, totals aside. Reads the bytes as they
 * are, whatever the encoding; null where there is nothing to count, such as a file whose lines have
 * no line feed.
 *
 * @param headerLine physical line of the header, from 1
 */
export async function countRows(
  file: Blob,
  { headerLine, delimiter }: { headerLine: number; delimiter: string },
): Promise<number | null> {
  const separator = delimiter.charCodeAt(0);
  let line = 1;
  let rows = 0;
  let isQuoted = false;
  let isFilled = false;
  // The row's first filled cell, as far as it is ASCII.
  let first = '';
  let isFirst = true;
  const endRow = () => {
    if (isFilled && line > headerLine && !TOTALS.test(first.trim().toLowerCase())) rows++;
    isFilled = false;
    first = '';
    isFirst = true;
  };
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (const byte of value) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED) {
        if (!isQuoted) endRow();
        line++;
      } else if (byte === separator && !isQuoted) {
        if (isFilled) isFirst = false;
      } else {
        if (!EMPTY.has(byte)) isFilled = true;
        if (isFirst && byte !== 0 && first.length <= TOTALS_CHARACTERS) {
          first += String.fromCharCode(byte);
        }
      }
    }
  }
  endRow();
  return rows === 0 ? null : rows;
}
