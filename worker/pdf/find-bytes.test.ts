import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexOfBytes } from './find-bytes.ts';

const few = (maxLength: number) => fc.uint8Array({ min: 1, max: 3, minLength: 1, maxLength });

test('bytes are found where text would be', () => {
  fc.assert(
    fc.property(few(40), few(4), fc.nat(45), (bytes, wanted, from) => {
      const text = (part: Uint8Array) => String.fromCharCode(...part);
      expect(indexOfBytes(bytes, wanted, from)).toBe(text(bytes).indexOf(text(wanted), from));
    }),
  );
});
