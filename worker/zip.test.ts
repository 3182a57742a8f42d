import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { planZip, uniqueNames } from './zip.ts';

const NOON = new Date('2026-11-21T12:34:56Z');
const UTF8 = new TextDecoder('utf-8', { fatal: true });

type File = { name: string; bytes: Uint8Array };

function zip(files: readonly File[], modifiedAt = NOON): { archive: Uint8Array; length: number } {
  const entries = files.map(({ name, bytes }) => ({
    name,
    size: bytes.length,
    crc32: crc32(bytes),
    modifiedAt,
  }));
  const { headers, end, length } = planZip(entries);
  const parts = files.flatMap(({ bytes }, i) => [...(headers[i] ?? []), ...bytes]);
  return { archive: Uint8Array.from([...parts, ...end]), length };
}

/** A reader that goes by the central directory and believes the local headers only if they agree. */
function unzip(archive: Uint8Array): (File & { date: number; time: number })[] {
  const view = new DataView(archive.buffer);
  const u16 = (at: number) => view.getUint16(at, true);
  const u32 = (at: number) => view.getUint32(at, true);
  const last = archive.length - 22;
  expect(u32(last)).toBe(0x06054b50);
  expect(u16(last + 8)).toBe(u16(last + 10));
  let at = u32(last + 16);
  expect(at + u32(last + 12)).toBe(last);
  return Array.from({ length: u16(last + 10) }, () => {
    expect(u32(at)).toBe(0x02014b50);
    const local = u32(at + 42);
    const length = u16(at + 28);
    const size = u32(at + 24);
    // From "version needed" to "extra length" both headers say the same.
    expect(archive.slice(at + 6, at + 32)).toEqual(archive.slice(local + 4, local + 30));
    expect([u32(local), u16(at + 8), u16(at + 10)]).toEqual([0x04034b50, 0x0800, 0]);
    expect(u32(at + 20)).toBe(size);
    const name = UTF8.decode(archive.subarray(at + 46, at + 46 + length));
    const bytes = archive.slice(local + 30 + length, local + 30 + length + size);
    expect(u32(at + 16)).toBe(crc32(bytes));
    const file = { name, bytes, time: u16(at + 12), date: u16(at + 14) };
    at += 46 + length;
    return file;
  });
}

const files = fc.array(
  fc.record({ name: fc.string({ unit: 'grapheme' }), bytes: fc.uint8Array({ maxLength: 50 }) }),
  { maxLength: 20 },
);

test('an archive holds what was put in, and its length is the one that was told', () => {
  fc.assert(
    fc.property(files, (given) => {
      const { archive, length } = zip(given);
      expect(archive.length).toBe(length);
      expect(unzip(archive).map(({ name, bytes }) => ({ name, bytes }))).toEqual(given);
    }),
  );
});

test('an archive of nothing is an archive', () => {
  expect(unzip(zip([]).archive)).toEqual([]);
});

test('the same entries make the same bytes', () => {
  const given = [{ name: 'a.pdf', bytes: Uint8Array.of(1, 2, 3) }];
  expect(zip(given).archive).toEqual(zip(given).archive);
});

test('times are UTC, and those that DOS cannot say are its first and last', () => {
  const stamped = (at: string) => {
    const [file] = unzip(zip([{ name: 'a', bytes: new Uint8Array() }], new Date(at)).archive);
    const { date = 0, time = 0 } = file ?? {};
    const day = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
    return [...day, time >> 11, (time >> 5) & 63, (time & 31) * 2].join(' ');
  };
  expect(stamped('2026-11-21T12:34:57Z')).toBe('2026 11 21 12 34 56');
  expect(stamped('1970-01-01T00:00:00Z')).toBe('1980 1 1 0 0 0');
  expect(stamped('2500-01-01T00:00:00Z')).toBe('2107 12 31 23 59 58');
  expect(stamped('never')).toBe('1980 1 1 0 0 0');
});

test('what only Zip64 could hold is refused', () => {
  const entry = { name: 'a', size: 1, crc32: 0, modifiedAt: NOON };
  expect(() => planZip([{ ...entry, size: 2 ** 32 }])).toThrow(RangeError);
  expect(() => planZip([{ ...entry, size: -1 }])).toThrow(RangeError);
  expect(() => planZip([{ ...entry, size: 1.5 }])).toThrow(RangeError);
  expect(() => planZip(Array.from({ length: 65_535 }, () => entry))).toThrow(RangeError);
  const full = planZip([{ ...entry, size: 2 ** 32 - 200 }, entry]);
  expect(full.length).toBe(2 ** 32 - 200 + 1 + 2 * (31 + 47) + 22);
});

test('a name that nobody else has stays as it is', () => {
  const names = [
    'INV-1.pdf',
    'Faktura nr 7.pdf',
    'zażółć.pdf',
    'año 2026 (copia).PDF',
    'no extension',
  ];
  expect(uniqueNames(names)).toEqual(names);
});

test('names that differ in case alone are told apart, and nobody’s name is taken', () => {
  expect(uniqueNames(['INV-1.pdf', 'inv-1.PDF', 'INV-1 (2).pdf', 'INV-1.pdf'])).toEqual([
    'INV-1.pdf',
    'inv-1 (3).PDF',
    'INV-1 (2).pdf',
    'INV-1 (4).pdf',
  ]);
  expect(uniqueNames(['ﬁle.pdf', 'file.pdf', 'FILE.pdf'])[1]).not.toBe('file.pdf');
});

test('a name cannot lead out of the folder, name a device or look like another', () => {
  const hostile: Record<string, string> = {
    '../../etc/passwd': '_.._etc_passwd',
    'C:\\Windows\\evil.pdf': 'C__Windows_evil.pdf',
    '.htaccess': 'htaccess',
    '..': 'document',
    '': 'document',
    ' ': 'document',
    'a\0b.pdf': 'a_b.pdf',
    'line\nbreak.pdf': 'line_break.pdf',
    'con.pdf': '_con.pdf',
    LPT1: '_LPT1',
    'console.pdf': 'console.pdf',
    'what?*.pdf': 'what__.pdf',
    'invoice\u202efdp.exe': 'invoicefdp.exe',
    'zero\u200bwidth.pdf': 'zerowidth.pdf',
    'half\ud800.pdf': 'half_.pdf',
    'dots...': 'dots',
    'two  spaces .pdf': 'two spaces.pdf',
    'Z\u0307al.pdf': 'Żal.pdf',
  };
  for (const [given, safe] of Object.entries(hostile)) {
    expect(uniqueNames([given]), JSON.stringify(given)).toEqual([safe]);
  }
});

test('a long name is cut, and keeps its extension', () => {
  const [latin = '', emoji = ''] = uniqueNames([
    `${'x'.repeat(400)}.pdf`,
    `${'🧾'.repeat(400)}.pdf`,
  ]);
  expect(latin).toBe(`${'x'.repeat(156)}.pdf`);
  expect(emoji).toBe(`${'🧾'.repeat(39)}.pdf`);
});

const RESERVED = /[\p{Cc}/\\:*?"<>|]|^\.|[. ]$/u;

test('whatever the names: safe, unique, and nothing to mend in them', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('a.pdf', 'A.pdf', 'a (2).pdf', 'con', '..', '.pdf', 'ą.pdf', 'a\u0328.pdf'),
  );
  fc.assert(
    fc.property(fc.array(name, { maxLength: 30 }), (names) => {
      const unique = uniqueNames(names);
      expect(unique).toHaveLength(names.length);
      expect(new Set(unique.map((each) => each.toLowerCase())).size).toBe(names.length);
      for (const each of unique) {
        expect(each).not.toMatch(RESERVED);
        expect(each.isWellFormed() && each.normalize('NFC') === each).toBe(true);
        expect(new TextEncoder().encode(each).length).toBeLessThanOrEqual(170);
      }
      expect(uniqueNames(unique)).toEqual(unique);
    }),
  );
});
