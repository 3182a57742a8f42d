/** Text in lines of a width. What measures the text decides the unit. */

type Measure = (text: string) => number;

const HARD_BREAK = /\r\n?|\n/;
const SOFT_SPACE = /[ \t]+/;
/** Where a word that is wider than its column is best broken: after these. */
const BREAKABLE = new Set(['-', '/', '_', '.', ',', ';', ':', ')', '@']);
const ELLIPSIS = '…';

/** Words in lines no wider than `width`; breaks stay. A word too wide for a line is broken. */
export function wrap(text: string, width: number, measure: Measure): string[] {
  return text.split(HARD_BREAK).flatMap((part) => wrapPart(part, width, measure));
}

function wrapPart(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(SOFT_SPACE)) {
    if (word === '') continue;
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, width, measure);
    line = pieces.pop() ?? '';
    lines.push(...pieces);
  }
  return line === '' ? lines : [...lines, line];
}

/** A piece has one character at least, however narrow the line. */
function breakWord(word: string, width: number, measure: Measure): string[] {
  const pieces: string[] = [];
  let piece: string[] = [];
  for (const character of word) {
    if (piece.length > 0 && measure(piece.join('') + character) > width) {
      const sign = piece.findLastIndex((one) => BREAKABLE.has(one));
      const at = sign > piece.length / 2 ? sign + 1 : piece.length;
      pieces.push(piece.slice(0, at).join(''));
      piece = piece.slice(at);
    }
    piece.push(character);
  }
  return [...pieces, piece.join('')];
}

/** The text on one line: cut, with an ellipsis, where it is wider than `width`. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && measure(characters.join('').trimEnd() + ELLIPSIS) > width) {
    characters.pop();
  }
  return characters.join('').trimEnd() + ELLIPSIS;
}
