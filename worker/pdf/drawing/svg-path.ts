/**
 * Path data (SVG 2, §9.3) read by its grammar and written out long: one letter for each command and
 * one space between numbers. Short forms, such as arcs' flags without spaces, are read wrongly by
 * what draws the path.
 */

const COMMAND = /[\s,]*([MmLlHhVvCcSsQqTtAaZz])/y;
const NUMBER = /[\s,]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?)/y;
const FLAG = /[\s,]*([01])/y;

const ARGUMENTS: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7 };
/** A smooth curve leans on the curve before it; after anything else it is drawn wrongly. */
const LEANS_ON: Record<string, string> = { S: 'CS', T: 'QT' };
const DECIMALS = 4;
const LIMIT = 1e6;

/** The path and how many commands it has; null when it cannot be read, or not be drawn truly. */
export function pathOf(source: string): { path: string; commands: number } | null {
  const text = source.trimEnd();
  const written: string[] = [];
  let at = 0;
  let before = '';
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) at = pattern.lastIndex;
    return found;
  };

  while (at < text.length) {
    const command = take(COMMAND);
    const kind = command?.toUpperCase();
    if (command === undefined || kind === undefined || (before === '' && kind !== 'M')) return null;
    const count = ARGUMENTS[kind];
    if (count === undefined) {
      written.push('Z');
      before = 'Z';
      continue;
    }
    // The first command has nothing to be relative to.
    let letter = before === '' ? 'M' : command;
    for (let sets = 0; ; sets += 1) {
      const numbers = takeNumbers(take, kind, count);
      if (numbers === null || (numbers.length === 0 && sets === 0)) return null;
      if (numbers.length === 0) break;
      if (LEANS_ON[kind]?.includes(before) === false) return null;
      if (kind === 'A' && (numbers[0] === 0 || numbers[1] === 0)) return null;
      written.push(`${letter} ${numbers.map(plain).join(' ')}`);
      before = kind;
      if (kind === 'M') letter = command === 'm' ? 'l' : 'L';
    }
  }
  return written.length === 0 ? null : { path: written.join(' '), commands: written.length };
}

/** One set of arguments; none when no number follows, null when a set is broken off or too far. */
function takeNumbers(
  take: (pattern: RegExp) => string | undefined,
  kind: string,
  count: number,
): number[] | null {
  const numbers: number[] = [];
  for (let place = 0; place < count; place += 1) {
    const text = take(kind === 'A' && (place === 3 || place === 4) ? FLAG : NUMBER);
    if (text === undefined) return place === 0 ? [] : null;
    const value = Number(text);
    if (!(Math.abs(value) < LIMIT)) return null;
    numbers.push(value);
  }
  return numbers;
}

function plain(value: number): string {
  return String(Number(value.toFixed(DECIMALS)));
}
