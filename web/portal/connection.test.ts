import { describe, expect, it } from 'vitest';
import { pauseBefore } from './connection.ts';
import { monthOf } from './feedback.ts';

describe('pauseBefore', () => {
  it('asks less and less often, and once a minute at last', () => {
    const pauses = Array.from({ length: 8 }, (_, tries) => pauseBefore(tries) / 1000);
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });
});

describe('monthOf', () => {
  it('is the same for a whole month, and another in the next', () => {
    expect(monthOf(new Date('2026-01-01T00:00:00Z'))).toBe('2026-01');
    expect(monthOf(new Date('2026-01-31T23:59:59Z'))).toBe('2026-01');
    expect(monthOf(new Date('2026-02-01T00:00:00Z'))).toBe('2026-02');
  });
});
