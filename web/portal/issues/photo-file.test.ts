import { describe, expect, it } from 'vitest';
import { photoType } from '../../../worker/domain/photo.ts';
import { fitted, imageKind } from './photo-file.ts';

const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('an image that the form takes is one that the Worker takes', () => {
  it.each([
    '\xff\xd8\xff\xe0',
    '\x89PNG\r\n\x1a\n',
    'RIFF\x01\x02\n\x04WEBPVP8 ',
    '\0\0\0\x18ftypheic',
    '\0\0\0\x18ftypmif1',
    'GIF89a',
    'MZ\x90\0',
    '<svg xmlns="',
    '\0\0\0\x18ftypisom',
    'RIFF\x01\x02\x03\x04AVI ',
    '',
  ])('%j', (head) => {
    expect(imageKind(bytes(head)) !== undefined).toBe(photoType(bytes(head)) !== null);
  });
});

describe('a photo', () => {
  it('is drawn at 2560 pixels at most, in its own shape', () => {
    expect(fitted(5120, 3840)).toEqual({ width: 2560, height: 1920 });
    expect(fitted(3000, 4000)).toEqual({ width: 1920, height: 2560 });
    expect(fitted(800, 600)).toEqual({ width: 800, height: 600 });
    expect(fitted(100_000, 1)).toEqual({ width: 2560, height: 1 });
  });
});
