/** A file is the same file in however many parts, and however it is written. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CANONICAL_FIELDS,
  type CanonicalField,
  DATE_ORDERS,
  type DateOrder,
  DECIMALS,
  DELIMITERS,
  type Decimal,
  type Delimiter,
  ENCODINGS,
  type Encoding,
} from '../vocabulary.ts';
import { detect, type Reading } from './reading.ts';
import { mergeParts, openCount, openStaging, type StagedPart } from './stage.ts';

/** Properties take a while where many tests share a machine. */
const SLOW_MS = 30_000;

const LINE_ENDS = ['\n', '\r\n', '\r'] as const;
const MARKS: Partial<Record<Encoding, string>> = { 'utf-16le': '\ufeff', 'utf-16be': '\ufeff' };

function encode(text: string, encoding: Encoding): Uint8Array {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const units = Array.from(text, (_, at) => text.charCodeAt(at));
  if (encoding === 'windows-1252') {
    return Uint8Array.from(units.map((unit) => (unit === 0x20ac ? 0x80 : unit)));
  }
  const little = encoding === 'utf-16le';
  return Uint8Array.from(
    units.flatMap((unit) => (little ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])),
  );
}

type Reader<T> = { push: (bytes: Uint8Array) => T; end: () => T };

/** Stages a file in parts of these sizes, over and over. */
function parts(reading: Reading, bytes: Uint8Array, sizes: readonly number[]) {
  return readIn(openStaging(reading), bytes, sizes);
}

function readIn<T>(staging: Reader<T>, bytes: Uint8Array, sizes: readonly number[]): T[] {
  const read: T[] = [];
  let from = 0;
  for (let turn = 0; from < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    read.push(staging.push(bytes.subarray(from, from + size)));
    from += size;
  }
  return [...read, staging.end()];
}

function stagedIn(reading: Reading, bytes: Uint8Array, sizes: readonly number[]): StagedPart[] {
  return parts(reading, bytes, sizes).map((part) => {
    if ('error' in part) throw new Error(`${part.error} at ${part.line}`);
    return part;
  });
}

const readingOf = (text: string): Reading => {
  const found = detect(new TextEncoder().encode(text));
  if ('error' in found) throw new Error(found.error);
  return found;
};

type Style = {
  encoding: Encoding;
  delimiter: Delimiter;
  end: (typeof LINE_ENDS)[number];
  quoted: boolean;
  lastEnd: boolean;
};

const style: fc.Arbitrary<Style> = fc.record({
  // What is not Polish is the same file in windows-1250.
  encoding: fc.constantFrom(...ENCODINGS.filter((name) => name !== 'windows-1250')),
  delimiter: fc.constantFrom(...DELIMITERS),
  end: fc.constantFrom(...LINE_ENDS),
  quoted: fc.boolean(),
  lastEnd: fc.boolean(),
});

function write(rows: readonly string[][], how: Style): Uint8Array {
  const cell = (text: string) => {
    const needed = how.quoted || /["\n,;|\t]/.test(text);
    return needed ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const text = rows.map((cells) => cells.map(cell).join(how.delimiter)).join('\n');
  const ended = (how.lastEnd ? `${text}\n` : text).replaceAll('\n', how.end);
  return encode(`${MARKS[how.encoding] ?? ''}${ended}`, how.encoding);
}

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 });
const text = fc
  .string({ unit: fc.constantFrom(...'ab ,;"|\n\t0é€-ü'), maxLength: 12 })
  .map((cell) => cell.trim());

test(
  'what a writer writes comes back cell for cell, in any encoding, style and parts',
  () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), style, sizes, (cells, how, pieces) => {
        const table = cells.map((cell, at) => ['C', `O-${at}`, 'é€', cell]);
        const bytes = write(
          [['customer_code', 'order_number', 'customer_name', 'delivery_address'], ...table],
          how,
        );
        const found = detect(bytes);
        if ('error' in found) throw new Error(found.error);
        const { delimiter, encoding, fields } = found;
        // Without a row there is nothing to tell windows-1252 by.
        expect(delimiter).toBe(how.delimiter);
        if (cells.length > 0) expect(encoding).toBe(how.encoding);
        expect(fields).not.toContain(null);
        expect(found.preview).toEqual(table.slice(0, 5));

        const whole = mergeParts(stagedIn(found, bytes, pieces));
        expect(whole).toMatchObject({ rows: cells.length, skipped: 0, problems: [] });
        const orders = whole.items.filter(({ kind }) => kind === 'order');
        expect(orders.map(({ fields: { delivery_address: address } }) => address ?? '')).toEqual(
          cells,
        );
        let line = 2;
        for (const [at, order] of orders.entries()) {
          expect(order.line).toBe(line);
          line += (table[at]?.[3] ?? '').split('\n').length;
        }
      }),
      { numRuns: 300 },
    );
  },
  SLOW_MS,
);

const WRITE_DATE: Record<DateOrder, (date: string, sign: string) => string> = {
  ymd: (date) => date,
  dmy: (date, sign) => date.split('-').reverse().join(sign),
  mdy: (date, sign) => {
    const [year = '', month = '', day = ''] = date.split('-');
    return [month, day, year].join(sign);
  },
};

/** A number as a person writes it. */
function writeAmount(cents: bigint, decimal: Decimal, group: string, how: number): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, group);
  const number = `${whole}${decimal}${digits.slice(-2)}`;
  if (cents >= 0n) return how === 0 ? number : `${number} €`;
  return [`-${number}`, `(${number})`, `${number}-`, `\u2212${number}`, `-€${number}`][how] ?? '';
}

test(
  'dates and amounts of any convention come back as they were meant, and are recognised',
  () => {
    const day = fc
      .date({
        min: new Date('1990-01-01T00:00:00Z'),
        max: new Date('2100-12-31T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString().slice(0, 10));
    const row = fc.record({
      day,
      cents: fc.bigInt({ min: -99999999999n, max: 99999999999n }),
      how: fc.integer({ min: 0, max: 4 }),
    });
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(...DATE_ORDERS),
        fc.constantFrom(...DECIMALS),
        fc.constantFrom('', ' ', '\u00a0', '\u202f', "'", 'other'),
        fc.constantFrom('/', '.', '-'),
        (rows, dateOrder, decimal, group, sign) => {
          const between = group === 'other' ? (decimal === '.' ? ',' : '.') : group;
          // One day that says which number is the day, as the larger files have.
          const all = [...rows, { day: '2026-05-31', cents: 125n, how: 0 }];
          const lines = all.map(({ day: date, cents, how }, at) =>
            [
              'C',
              `O-${at}`,
              WRITE_DATE[dateOrder](date, sign),
              writeAmount(cents, decimal, between, how),
            ].join('|'),
          );
          const file = ['customer_code|order_number|order_date|order_total', ...lines].join('\n');
          const bytes = new TextEncoder().encode(file);
          const found = readingOf(file);
          expect(found).toMatchObject({ dateOrder, decimal, questions: [] });
          const { items } = mergeParts(stagedIn(found, bytes, [bytes.length]));
          const orders = items.filter(({ kind }) => kind === 'order');
          expect(orders.map(({ fields }) => [fields.order_date, fields.order_total])).toEqual(
            all.map(({ day: date, cents }) => {
              const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
              const amount = `${digits.slice(0, -2)}.${digits.slice(-2)}`;
              return [date, cents < 0n ? `-${amount}` : amount];
            }),
          );
        },
      ),
      { numRuns: 300 },
    );
  },
  SLOW_MS,
);

const names = Object.keys(CANONICAL_FIELDS) as CanonicalField[]; // sound: a const record's keys
const anyCell = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  fc.constantFrom('7', '8', 'C', 'D', 'I1', 'a@b.example', 'x.pdf', '1.5', '2026-05-01', '1E+9'),
  fc.constantFrom('invoice', 'POD', 'credit note', 'EUR', 'shipped', 'Total', 'a\nb', '..', '5"'),
  fc.constantFrom('2026-05-01 10:00', '2026-05-01T10:00Z', 'delivered', 'En tránsito'),
);
const anyColumns = fc.oneof(
  { weight: 3, arbitrary: fc.subarray(names, { minLength: 2, maxLength: 12 }) },
  fc.constantFrom<CanonicalField[]>(
    ['payment_number', 'invoice_number', 'payment_amount', 'payment_allocated'],
    ['payment_number', 'invoice_number', 'payment_amount', 'paid'],
    ['tracking_number', 'event_time', 'event_status', 'event_city'],
  ),
);
const anyFile = anyColumns.chain((columns) =>
  fc.record({
    columns: fc.constant([...new Set([...columns, 'customer_code', 'order_number'])]),
    rows: fc.array(fc.array(anyCell, { minLength: 1, maxLength: columns.length + 3 }), {
      maxLength: 14,
    }),
  }),
);

/** What a person reads of the items; of contradictions, the field, since lines depend on parts. */
const essence = ({ items, problems, rows, skipped, blank }: StagedPart) => ({
  items: items
    .map(({ position, problems: found, ...item }) => ({
      ...item,
      problems: [...new Set(found.map(({ code, field }) => `${code} ${field ?? ''}`))].sort(),
    }))
    .sort((a, b) => `${a.kind} ${a.key}`.localeCompare(`${b.kind} ${b.key}`)),
  problems: problems.map(({ code, line, field }) => `${line} ${code} ${field ?? ''}`).sort(),
  rows,
  skipped,
  blank,
});

test(
  'a file in parts of any size is the file in one part, and every row is counted once, beforehand too',
  () => {
    fc.assert(
      fc.property(anyFile, sizes, ({ columns, rows }, pieces) => {
        const lines = rows.map((row) =>
          [...row, ...columns.map(() => '')]
            .slice(0, columns.length)
            .map((cell) => (cell.includes('\n') ? `"${cell}"` : cell))
            .join(','),
        );
        const file = [columns.join(','), ...lines].join('\n');
        const bytes = new TextEncoder().encode(file);
        const reading = readingOf(file);
        const inOne = stagedIn(reading, bytes, [bytes.length]);
        const inMany = stagedIn(reading, bytes, pieces);
        expect(essence(mergeParts(inMany))).toEqual(essence(mergeParts(inOne)));
        expect(readIn(openCount(reading), bytes, pieces)).toEqual(inMany.map((part) => part.rows));
        const positions = inMany.flatMap(({ items }) => items.map(({ position }) => position));
        expect(positions).toEqual(positions.map((_, at) => at + 1));
        for (const part of [...inOne, ...inMany]) {
          const counted = part.items.reduce((sum, item) => sum + item.rows, 0);
          expect(counted + part.skipped).toBe(part.rows);
        }
      }),
      { numRuns: 500 },
    );
  },
  SLOW_MS,
);
