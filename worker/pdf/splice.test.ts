import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patchOf, readRange, type Spliced, STAMP_LENGTH, stampText } from './splice.ts';

const STAMP = { at: '2026-11-21T20:14:59.9Z', linkLast4: 'ab3F', reference: '7A3F-09BC-41DE-55C0' };

test('a stamp says when, through which link, and its reference', () => {
  const text = stampText(STAMP);
  expect(text.trimEnd()).toBe('2026-11-21 20:14 UTC  link ab3F  ref 7A3F-09BC-41DE-55C0');
  expect(text).toHaveLength(STAMP_LENGTH);
});

test('the time is in UTC, whatever the zone it was told in', () => {
  expect(stampText({ ...STAMP, at: '2026-11-22T01:44:00+05:30' })).toContain(
    '2026-11-21 20:14 UTC',
  );
  expect(stampText({ ...STAMP, at: '2026-11-21 21:14:00.123456+01' })).toContain('11-21 20:14 UTC');
});

test('nothing gets into the stamp that could end its string', () => {
  const wrong = [
    { linkLast4: 'a)3F' },
    { linkLast4: 'ab3' },
    { linkLast4: 'ab3F\n' },
    { linkLast4: 'żółć' },
    { reference: '7a3f-09bc-41de-55c0' },
    { reference: '7A3F09BC41DE55C0' },
    { reference: '7A3F-09BC-41DE-55C0)' },
    { at: 'yesterday' },
    { at: '+012026-11-21T20:14:59Z' },
  ];
  for (const part of wrong) expect(() => stampText({ ...STAMP, ...part })).toThrow(RangeError);
});

/** A stored object, and what its spliced file is. */
const spliced = fc
  .record({
    stored: fc.uint8Array({ minLength: 0, maxLength: 60 }),
    offset: fc.nat(60),
    text: fc.string({ unit: fc.constantFrom('A', 'z', '7', ' '), maxLength: 60 }),
    plain: fc.boolean(),
  })
  .map(({ stored, offset, text, plain }) => {
    const at = Math.min(offset, stored.length);
    const fits = text.slice(0, stored.length - at);
    const whole = stored.slice();
    if (!plain) whole.set(new TextEncoder().encode(fits), at);
    const slot = plain ? null : { offset: at, text: fits };
    return { file: { length: stored.length, slot }, stored, whole };
  });

function read(stored: Uint8Array, file: Spliced, from: number, to: number): number[] {
  const bytes = stored.slice(from, to);
  const patch = patchOf(file, from, to);
  if (patch) bytes.set(patch.bytes, patch.at);
  return Array.from(bytes);
}

test('any cut of the file into ranges, put together, is the whole with its stamp', () => {
  fc.assert(
    fc.property(spliced, fc.array(fc.nat(60)), ({ file, stored, whole }, cuts) => {
      const inside = cuts.filter((cut) => cut <= file.length);
      const edges = [0, ...inside.sort((a, b) => a - b), file.length];
      const parts = edges.slice(1).map((to, i) => read(stored, file, edges[i] ?? 0, to));
      expect(parts.flat()).toEqual(Array.from(whole));
    }),
  );
});

test('nothing is written over a range beside the slot', () => {
  const file = { length: 10, slot: { offset: 4, text: 'abc' } };
  expect(patchOf(file, 0, 4)).toBeNull();
  expect(patchOf(file, 7, 10)).toBeNull();
  expect(patchOf(file, 5, 5)).toBeNull();
  expect(patchOf({ length: 10, slot: null }, 0, 10)).toBeNull();
});

test('bytes that the file does not have, and a slot beyond its end, are bugs', () => {
  const file: Spliced = { length: 10, slot: null };
  for (const [from, to] of [
    [-1, 3],
    [4, 3],
    [0, 11],
    [Number.NaN, 3],
  ] as const) {
    expect(() => patchOf(file, from, to)).toThrow(RangeError);
  }
  expect(() => patchOf({ length: 10, slot: { offset: 8, text: 'abc' } }, 0, 10)).toThrow();
  expect(() => patchOf({ length: 10, slot: { offset: 0, text: 'ż' } }, 0, 10)).toThrow();
});

test('a single range is honoured, and cut at the file’s end', () => {
  const of1000 = (header: string) => readRange(header, 1000);
  expect(of1000('bytes=0-499')).toEqual({ from: 0, to: 500 });
  expect(of1000('bytes=500-')).toEqual({ from: 500, to: 1000 });
  expect(of1000('bytes=-500')).toEqual({ from: 500, to: 1000 });
  expect(of1000('bytes=999-999')).toEqual({ from: 999, to: 1000 });
  expect(of1000('BYTES= 0-0 ')).toEqual({ from: 0, to: 1 });
  expect(of1000('bytes=0-99999999999999999999999')).toEqual({ from: 0, to: 1000 });
  expect(of1000('bytes=-5000')).toEqual({ from: 0, to: 1000 });
});

test('what is not one range of bytes is not heeded', () => {
  for (const header of [
    null,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-2',
    'bytes=0-1,5-6',
    'bytes=0-1, 5-6',
    'bytes=a-b',
    'bytes=1-2-3',
    'bytes=0x1-2',
    'bytes=+1-2',
    'bytes=1.5-2',
    'bytes =0-1',
    'lines=0-1',
    'none',
    ' bytes=0-1;',
  ]) {
    expect(readRange(header, 1000), String(header)).toBeNull();
  }
});

test('a range that begins beyond the end is unsatisfiable', () => {
  for (const header of [
    'bytes=1000-',
    'bytes=1000-1001',
    'bytes=99999999999999999999-',
    'bytes=-0',
  ]) {
    expect(readRange(header, 1000), header).toBe('unsatisfiable');
  }
  expect(readRange('bytes=0-', 0)).toBe('unsatisfiable');
  expect(readRange('bytes=-5', 0)).toBeNull();
});

test('whatever the header, the answer is within the file', () => {
  const header = fc.oneof(
    fc.string(),
    fc.tuple(fc.bigInt(), fc.bigInt()).map(([a, b]) => `bytes=${a}-${b}`),
    fc.tuple(fc.nat(40), fc.nat(40)).map(([a, b]) => `bytes=${a}-${b}`),
  );
  fc.assert(
    fc.property(header, fc.nat(40), (text, length) => {
      const range = readRange(text, length);
      if (range === null || range === 'unsatisfiable') return;
      expect(0 <= range.from && range.from < range.to && range.to <= length).toBe(true);
    }),
  );
});
