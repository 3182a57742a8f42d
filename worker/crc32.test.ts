import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineCrc32, crc32 } from './crc32.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

test('the check value of CRC-32', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

test('it is what zlib says, at once and in parts', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const whole = Uint8Array.from([...first, ...second]);
      expect(crc32(whole)).toBe(zlib.crc32(whole));
      expect(crc32(second, crc32(first))).toBe(zlib.crc32(whole));
    }),
  );
});

test('two parts’ sums and the second’s length are enough for the sum of both', () => {
  fc.assert(
    fc.property(bytes, bytes, (first, second) => {
      const whole = Uint8Array.from([...first, ...second]);
      expect(combineCrc32(crc32(first), crc32(second), second.length)).toBe(zlib.crc32(whole));
    }),
  );
});

test('a rendition’s sum is that of its parts and its stamp, however large', () => {
  const before = new Uint8Array(5_000_001).fill(7);
  const slot = new TextEncoder().encode('2026-11-21 20:14 UTC');
  const after = new Uint8Array(70_000).fill(9);
  const sum = [slot, after].reduce(
    (crc, part) => combineCrc32(crc, crc32(part), part.length),
    crc32(before),
  );
  expect(sum).toBe([before, slot, after].reduce((crc, part) => zlib.crc32(part, crc), 0));
  // A second part that cannot be held: 3 GB of nothing, against zlib's own rule for zeros.
  const twoGb = combineCrc32(0x12345678, 0, 2 ** 31);
  expect(combineCrc32(twoGb, 0, 2 ** 30)).toBe(combineCrc32(0x12345678, 0, 2 ** 31 + 2 ** 30));
});
