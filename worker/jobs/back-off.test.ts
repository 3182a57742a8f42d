import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backOffSeconds } from './back-off.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

test('each wait doubles, up to an hour', () => {
  expect([1, 2, 3, 7, 8, 40].map((attempts) => backOffSeconds(attempts, undefined, 1))).toEqual([
    30, 60, 120, 1920, 3600, 3600,
  ]);
});

test('never less than half of the full wait, never more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), chance, (attempts, random) => {
      const full = backOffSeconds(attempts, undefined, 1);
      const seconds = backOffSeconds(attempts, undefined, random);
      expect(seconds).toBeGreaterThanOrEqual(full / 2);
      expect(seconds).toBeLessThanOrEqual(full);
    }),
  );
});

test('never sooner than the provider asked', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 90_000 }), chance, (asked, random) => {
      const seconds = backOffSeconds(3, asked, random);
      expect(seconds).toBeGreaterThanOrEqual(asked);
      expect(seconds).toBeLessThanOrEqual(asked + 1);
    }),
  );
});
