import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Encoding } from '../vocabulary.ts';
import { encodingOf, isOtherFormat, openDecoder } from './decode.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

function decode(bytes: Uint8Array, encoding: Encoding = 'utf-8', piece = bytes.length || 1) {
  const decoder = openDecoder(encoding);
  let text = '';
  for (let from = 0; from < bytes.length; from += piece) {
    const decoded = decoder.push(bytes.subarray(from, from + piece));
    if ('error' in decoded) return decoded;
    text += decoded.text;
  }
  const decoded = decoder.end();
  return 'error' in decoded ? decoded : { text: text + decoded.text };
}

const PIECES = [1, 2, 3, 5, 1000];

test('UTF-8 text comes out whole, without its byte order mark', () => {
  for (const piece of PIECES) {
    expect(decode(utf8('\ufeffZażółć;€\r\n'), 'utf-8', piece)).toEqual({ text: 'Zażółć;€\n' });
  }
});

test('windows-1252 has its €, its quotes and its dashes, which latin-1 has not', () => {
  const bytes = Uint8Array.of(0x80, 0x92, 0x96, 0xfc, 0x0d, 0x0a);
  expect(encodingOf(bytes, true)).toEqual({ encoding: 'windows-1252', sure: false });
  expect(decode(bytes, 'windows-1252', 1)).toEqual({ text: '€’–ü\n' });
});

test('UTF-16 of either order is known by its mark and read in any pieces', () => {
  const text = 'Zażółć 😀\r\n';
  const le = Uint8Array.from([
    0xff,
    0xfe,
    ...new Uint8Array(
      Uint16Array.from([...text].flatMap((c) => c.split('').map((u) => u.charCodeAt(0)))).buffer,
    ),
  ]);
  const be = le.map((_, at) => le[at ^ 1] ?? 0);
  for (const [bytes, encoding] of [
    [le, 'utf-16le'],
    [be, 'utf-16be'],
  ] as const) {
    expect(encodingOf(bytes, true)).toEqual({ encoding, sure: true });
    for (const piece of PIECES) {
      expect(decode(bytes, encoding, piece)).toEqual({ text: 'Zażółć 😀\n' });
    }
    expect(decode(bytes.subarray(0, -1), encoding)).toEqual({ error: 'csv_binary' });
  }
});

test('a UTF-8 file whose beginning is cut through a character is UTF-8 all the same', () => {
  const bytes = utf8('a€').subarray(0, -1);
  expect(encodingOf(bytes, false)).toEqual({ encoding: 'utf-8', sure: true });
  expect(encodingOf(bytes, true)).toEqual({ encoding: 'windows-1252', sure: false });
});

test('every line end is one line feed, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('\r\n', '\r', '\n', 'a', 'é', '😀')),
      fc.integer({ min: 1, max: 7 }),
      (units, piece) => {
        const text = units.join('');
        expect(decode(utf8(text), 'utf-8', piece)).toEqual({
          text: text.replace(/\r\n?/g, '\n'),
        });
      },
    ),
  );
});

test('a workbook, a PDF and an old Office file are not text', () => {
  for (const magic of ['PK\x03\x04', '%PDF-1.7']) {
    expect(isOtherFormat(utf8(`${magic} and more`))).toBe(true);
  }
  expect(isOtherFormat(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toBe(true);
  expect(isOtherFormat(utf8('order_number'))).toBe(false);
});

test('a NUL is named by its line', () => {
  for (const piece of PIECES) {
    const decoded = decode(utf8('a\r\nb\r\nc\0d\r\n'), 'utf-8', piece);
    expect(decoded).toEqual({ error: 'csv_binary', line: 3 });
  }
});

test('bytes that are not UTF-8 are named by their line, whatever the line ends and the pieces', () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const good = utf8(`name${end}Zoë€😀${end}`);
    const latin1 = Uint8Array.of(0x5a, 0x6f, 0xeb, 0x0a);
    for (const piece of PIECES) {
      const decoded = decode(new Uint8Array([...good, ...latin1]), 'utf-8', piece);
      expect(decoded).toEqual({ error: 'csv_not_utf8', line: 3 });
    }
  }
});

test('a character cut off at the end of the file is named by its line', () => {
  for (const piece of PIECES) {
    expect(decode(new Uint8Array([...utf8('a\nb\nc'), 0xc3]), 'utf-8', piece)).toEqual({
      error: 'csv_not_utf8',
      line: 3,
    });
  }
});
