/** The rows with problems, mended, are the rest of the file that was meant. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openProblemRows, type RowTold } from './problem-rows.ts';
import { problemWords } from './problem-words.ts';
import { detect, type Reading } from './reading.ts';
import { openStaging, type StagedPart, type StageError } from './stage.ts';

/** Properties take a while where many tests share a machine. */
const SLOW_MS = 30_000;

const bytesOf = (text: string) => new TextEncoder().encode(text);
const readingOf = (text: string): Reading => {
  const found = detect(bytesOf(text));
  if ('error' in found) throw new Error(found.error);
  return found;
};
function sure<T extends object>(read: T | StageError): T {
  if ('error' in read) throw new Error(read.error);
  return read;
}
function inParts<T extends object>(
  reader: { push: (bytes: Uint8Array) => T | StageError; end: () => T | StageError },
  text: string,
  size: number,
): T[] {
  const bytes = bytesOf(text);
  const read: T[] = [];
  for (let from = 0; from < bytes.length; from += size) {
    read.push(sure(reader.push(bytes.subarray(from, from + size))));
  }
  return [...read, sure(reader.end())];
}

function problemRows(reading: Reading, text: string, parts: readonly StagedPart[], size: number) {
  const told = new Map<number, RowTold>();
  for (const { items, problems } of parts) {
    for (const problem of [...problems, ...items.flatMap((item) => item.problems)]) {
      const known = told.get(problem.line)?.problems ?? [];
      told.set(problem.line, { problems: [...known, problemWords(problem)], isUnplaced: false });
    }
  }
  const texts = inParts(openProblemRows(reading, told), text, size);
  return texts.map(({ text: part }) => part).join('');
}

/** Items as the database keeps them, one import over another; but for those that no key names. */
function kept(...imports: StagedPart[][]) {
  const all = new Map<string, Record<string, unknown>>();
  for (const parts of imports) {
    const own = new Map<string, Record<string, unknown>>();
    for (const { kind, key, customerKey, orderKey, fields } of parts.flatMap(
      ({ items }) => items,
    )) {
      const name = `${kind} ${key}`;
      own.set(name, { ...fields, customerKey, orderKey, ...own.get(name) });
    }
    for (const [name, fields] of own) all.set(name, { ...all.get(name), ...fields });
  }
  return Object.fromEntries([...all].filter(([name]) => !name.includes('#?')).sort());
}

type Damage = 'none' | 'total' | 'date' | 'invoice' | 'short' | 'long';
const NUMBER = 5;
function damaged(cells: readonly string[], damage: Damage): string[] {
  if (damage === 'short') return cells.slice(0, -1);
  if (damage === 'long') return [...cells, 'x'];
  const at = { none: -1, date: 3, invoice: 4, total: 8 }[damage];
  const cell = damage === 'invoice' ? '1.23E+11' : '7.x0';
  return cells.map((old, column) => (column === at ? cell : old));
}
const row = fc.record({
  order: fc.constantFrom('O1', 'O2', 'O3'),
  numbered: fc.boolean(),
  line: fc.boolean(),
  damage: fc.constantFrom<Damage>('none', 'none', 'total', 'date', 'invoice', 'short', 'long'),
});
const COLUMNS =
  'Colour,customer_code,order_number,order_date,invoice_number,line_number,line_description,line_quantity,line_total';

test(
  'a file with problems, and its rows with problems mended, are what the mended file would have been',
  () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 14 }),
        fc.boolean(),
        fc.integer({ min: 5, max: 200 }),
        (rows, hasNumbers, size) => {
          const without = <T>(cells: readonly T[]) =>
            hasNumbers ? cells : cells.filter((_, column) => column !== NUMBER);
          const write = (all: readonly (readonly string[])[]) =>
            [COLUMNS.split(','), ...all].map((cells) => without(cells).join(',')).join('\n');
          const meant = rows.map(({ order, numbered, line }, at) => {
            const number = hasNumbers && numbered ? String(100 + at) : '';
            const of = line ? [number, `part ${at}`, String(at), '1.50'] : ['', '', '', ''];
            return [`row ${at}`, 'A', order, '2026-05-13', `I-${at}`, ...of];
          });
          const broken = meant.map((cells, at) => {
            const { damage = 'none', line = false } = rows[at] ?? {};
            // A total where no line is would make one.
            return damaged(cells, damage === 'total' && !line ? 'none' : damage);
          });

          const reading = readingOf(write(meant));
          const whole = inParts(openStaging(reading), write(meant), size);
          const first = inParts(openStaging(reading), write(broken), size);
          const toMend = problemRows(reading, write(broken), first, size)
            .split('\r\n')
            .slice(0, -1);
          const [header = '', ...wrong] = toMend;
          const ours = hasNumbers ? 1 : 2;
          expect(header.split(',').slice(ours).join(',')).toBe(
            without(COLUMNS.split(',')).join(','),
          );
          const mended = wrong.map((text) => {
            // Our words have commas only within quotes.
            const cells = text.replace(/"[^"]*"/g, '').split(',');
            const own = cells.slice(ours);
            const right = meant.find(([name]) => name === own[0]) ?? [];
            const numbered = right.map((cell, at) => (at === NUMBER ? (own[at] ?? cell) : cell));
            return [...cells.slice(0, ours), ...without(numbered)].join(',');
          });
          const again = [header, ...mended].join('\n');
          const found = readingOf(again);
          expect(found.fields).toEqual(reading.fields);
          const second = inParts(openStaging({ ...reading, headerLine: 1 }), again, size);
          expect(kept(first, second)).toEqual(kept(whole));
        },
      ),
      { numRuns: 400 },
    );
  },
  SLOW_MS,
);
