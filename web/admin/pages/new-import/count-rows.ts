/** How many rows a CSV has below its header, counted here: nobody should confirm a blank. */

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
/** Bytes that leave a line empty: space, tab, CR, and the other half of UTF-16. */
const EMPTY = new Set([0x00, 0x09, 0x0d, 0x20, QUOTE]);

/**
 * Rows that hold something, quoted line breaks understood. Reads the bytes as they are, whatever
 * the encoding; null where there is nothing to count, such as a file whose lines have no line feed.
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
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    for (const byte of value) {
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED) {
        if (!isQuoted && isFilled && line > headerLine) rows++;
        if (!isQuoted) isFilled = false;
        line++;
      } else if (byte !== separator && !EMPTY.has(byte)) isFilled = true;
    }
  }
  if (isFilled && line > headerLine) rows++;
  return rows === 0 ? null : rows;
}
