import { expect, test } from 'vitest';
import { decode } from './decode.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

test('UTF-8 text comes out whole, without its byte order mark', () => {
  expect(decode(utf8('\ufeffZażółć;€\r\n'))).toEqual({ text: 'Zażółć;€\r\n' });
});

test('a file with nothing in it is empty', () => {
  for (const text of ['', '\ufeff', ' \r\n\n']) {
    expect(decode(utf8(text))).toEqual({ error: 'csv_empty' });
  }
});

test('a workbook, a PDF and an old Office file are not text', () => {
  for (const magic of ['PK\x03\x04', '%PDF-1.7']) {
    expect(decode(utf8(`${magic} and more`))).toEqual({ error: 'csv_binary' });
  }
  expect(decode(Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1))).toEqual({ error: 'csv_binary' });
});

test('a NUL is named by its line', () => {
  expect(decode(utf8('a\r\nb\r\nc\0d\r\n'))).toEqual({ error: 'csv_binary', line: 3 });
});

test('bytes that are not UTF-8 are named by their line, whatever the line ends', () => {
  for (const [end, line] of [
    ['\n', 3],
    ['\r\n', 3],
  ] as const) {
    const good = utf8(`name${end}Zoë${end}`);
    const latin1 = Uint8Array.of(0x5a, 0x6f, 0xeb, 0x0a);
    expect(decode(new Uint8Array([...good, ...latin1]))).toEqual({ error: 'csv_not_utf8', line });
  }
});

test('a character cut off at the end of the file is named by its line', () => {
  expect(decode(new Uint8Array([...utf8('a\nb\nc'), 0xc3]))).toEqual({
    error: 'csv_not_utf8',
    line: 3,
  });
});

test('UTF-16 is answered as another encoding, not as a binary file', () => {
  expect(decode(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toEqual({ error: 'csv_not_utf8', line: 1 });
});
