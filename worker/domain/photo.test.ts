import { describe, expect, test } from 'vitest';
import { photoName, photoType } from './photo.ts';

const bytes = (...parts: (string | number)[]) =>
  new Uint8Array(
    parts.flatMap((part) =>
      typeof part === 'number' ? [part] : [...part].map((letter) => letter.charCodeAt(0)),
    ),
  );

describe('the type of a photo is what its bytes say', () => {
  test.each([
    ['image/jpeg', bytes(0xff, 0xd8, 0xff, 0xe0)],
    ['image/png', bytes(0x89, 'PNG\r\n', 0x1a, '\n')],
    ['image/webp', bytes('RIFF', 1, 2, 3, 4, 'WEBPVP8 ')],
    ['image/heic', bytes(0, 0, 0, 24, 'ftypheic')],
    ['image/heif', bytes(0, 0, 0, 24, 'ftypmif1')],
    [null, bytes('GIF89a')],
    [null, bytes('MZ', 0x90, 0)],
    [null, bytes('%PDF-1.7')],
    [null, bytes('<svg xmlns="http://www.w3.org/2000/svg">')],
    [null, bytes(0, 0, 0, 24, 'ftypisom')],
    [null, bytes('RIFF', 1, 2, 3, 4, 'AVI ')],
    [null, bytes(0xff, 0xd8)],
    [null, bytes()],
  ])('%s', (type, given) => {
    expect(photoType(given)).toBe(type);
  });
});

describe('a photo is called', () => {
  test.each([
    ['by its name', 'IMG_0042.HEIC', 'IMG_0042.HEIC'],
    ['without its folders', 'C:\\fakepath\\a.jpg', 'a.jpg'],
    ['without marks that turn the writing around', 'invoice\u202egnp.exe', 'invoicegnp.exe'],
    ['photo where nothing is left', '\u0007 ', 'photo'],
    ['by the beginning of a long name', 'ł'.repeat(500), 'ł'.repeat(200)],
  ])('%s', (_, given, name) => {
    expect(photoName(given)).toBe(name);
  });
});
