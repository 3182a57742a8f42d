/** A CSV's records as they stand: cut where a record ends, with not a character read or changed. */

export type RawRecord = {
  /** Physical line that it begins on, from 1. */
  line: number;
  /** Its text without its line end; a quoted cell may hold lines of its own. */
  text: string;
};

const LF = 10;
const CR = 13;
const QUOTE = 34;

/**
 * Cuts a text that comes in pieces into records. A cell that begins with a quote runs to its closing
 * one, whatever lines it holds; a quote inside another cell is part of its text (RFC 4180, and what
 * spreadsheets write). Lines end in LF, CRLF or CR.
 */
export function openRecords(delimiter: string): {
  push(text: string): RawRecord[];
  end(): RawRecord[];
} {
  const separator = delimiter.charCodeAt(0);
  let rest = '';
  let line = 1;

  /** Whole records of the text; what is left of it begins the next piece. */
  const cut = (text: string, isLast: boolean): RawRecord[] => {
    const records: RawRecord[] = [];
    let from = 0;
    let firstLine = line;
    let isQuoted = false;
    let isCellStart = true;
    let at = 0;
    // The last character may be half of a CRLF or of a doubled quote.
    const until = isLast ? text.length : text.length - 1;
    while (at < until) {
      const code = text.charCodeAt(at);
      if (code === LF || code === CR) {
        const length = code === CR && text.charCodeAt(at + 1) === LF ? 2 : 1;
        line += 1;
        if (!isQuoted) {
          records.push({ line: firstLine, text: text.slice(from, at) });
          from = at + length;
          firstLine = line;
          isCellStart = true;
        }
        at += length;
        continue;
      }
      if (isQuoted) {
        if (code === QUOTE) {
          if (text.charCodeAt(at + 1) === QUOTE) {
            at += 1;
          } else {
            isQuoted = false;
          }
        }
      } else if (code === separator) {
        isCellStart = true;
      } else if (isCellStart && code === QUOTE) {
        isQuoted = true;
        isCellStart = false;
      } else if (code !== 32) {
        isCellStart = false;
      }
      at += 1;
    }
    if (isLast && from < text.length) {
      records.push({ line: firstLine, text: text.slice(from) });
      from = text.length;
    }
    rest = text.slice(from);
    // The rest is looked at again, from its first character.
    line = firstLine;
    return records;
  };

  return {
    push: (text) => cut(rest + text, false),
    end: () => cut(rest, true),
  };
}

/** How many cells a record has, and its text without the last one. */
export function lastCell(text: string, delimiter: string): { cells: number; before: string } {
  let cells = 1;
  let end = text.length;
  let isQuoted = false;
  let isCellStart = true;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' && (isQuoted || isCellStart)) {
      // A doubled quote closes and opens: nothing comes of it.
      isQuoted = !isQuoted;
      isCellStart = isQuoted ? false : isCellStart;
    } else if (character === delimiter && !isQuoted) {
      cells += 1;
      end = at;
      isCellStart = true;
    } else if (character !== ' ') {
      isCellStart = false;
    }
  }
  return { cells, before: text.slice(0, end) };
}
