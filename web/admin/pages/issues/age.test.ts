import { describe, expect, it } from 'vitest';
import { ageWords } from './age.ts';

const NOW = Date.parse('2026-03-10T12:00:00Z');

describe('an age in words', () => {
  it.each([
    ['2026-03-10T11:59:30.000000Z', 'en', 'now'],
    ['2026-03-10T11:01:00.000000Z', 'en', '59 minutes ago'],
    ['2026-03-09T12:00:01.000000Z', 'en', '23 hours ago'],
    ['2026-03-09T12:00:00.000000Z', 'en', 'yesterday'],
    ['2026-02-10T12:00:00.000000Z', 'en', '28 days ago'],
    ['2026-03-07T12:00:00.000000Z', 'es', 'hace 3 días'],
    ['2026-03-05T12:00:00.000000Z', 'pl', '5 dni temu'],
  ])('of %s in %s is “%s”', (at, locale, words) => {
    expect(ageWords(at, NOW, locale)).toBe(words);
  });

  it('is never of the future, whatever the clocks say', () => {
    expect(ageWords('2026-03-10T12:00:30Z', NOW, 'en')).toBe('now');
  });
});
