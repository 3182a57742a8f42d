import { describe, expect, it } from 'vitest';
import { formatAgo } from './ago.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('formatAgo', () => {
  it.each([
    ['2026-11-20T12:00:10Z', 'en', 'now'],
    ['2026-11-20T11:59:01Z', 'en', 'now'],
    ['2026-11-20T11:48:00Z', 'en', '12 minutes ago'],
    ['2026-11-20T11:00:01.000000Z', 'pl', '59 minut temu'],
    ['2026-11-20T09:30:00Z', 'es', 'hace 2 horas'],
    ['2026-11-19T12:00:00Z', 'en', 'yesterday'],
    ['2026-11-17T12:00:00Z', 'pl', '3 dni temu'],
  ])('says of %s in %s: %s', (moment, locale, words) => {
    expect(formatAgo(moment, NOW, locale)).toBe(words);
  });
});
