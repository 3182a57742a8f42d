import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cursorOf, dayKey, page, writeCursor } from './cursor.ts';

const text = cursorOf(z.string().max(300));

describe('a cursor', () => {
  test('comes back as it was written, whatever the sort key holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), fc.uuid(), (key, id) => {
        expect(text.parse(writeCursor(key, id))).toEqual([key, id]);
      }),
    );
  });

  test('of another list, or made up, is refused', () => {
    const days = cursorOf(dayKey);
    expect(days.parse('2026-01-31~0198c0de-0000-7000-8000-00000000000a')).toEqual([
      '2026-01-31',
      '0198c0de-0000-7000-8000-00000000000a',
    ]);
    for (const cursor of [
      '',
      '~',
      '2026-01-31',
      '0198c0de-0000-7000-8000-00000000000a',
      '2026-02-31~0198c0de-0000-7000-8000-00000000000a',
      '2026-01-31~7',
      // Postgres has no year 0.
      '0000-01-01~0198c0de-0000-7000-8000-00000000000a',
      "2026-01-31'~0198c0de-0000-7000-8000-00000000000a",
    ]) {
      expect([cursor, days.safeParse(cursor).success]).toEqual([cursor, false]);
      expect([cursor, text.safeParse(cursor).success]).toEqual([cursor, cursor.includes('~0198')]);
    }
    expect(text.safeParse(`${'x'.repeat(400)}~0198c0de-0000-7000-8000-00000000000a`).success).toBe(
      false,
    );
  });
});

describe('a page', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ at }));
  const keyOf = ({ at }: { at: number }) => [String(at), 'id'] as const;

  test('of a list read one row longer leads to the next one, from its own last row', () => {
    expect(page(rows(4), 3, keyOf)).toEqual({ rows: rows(3), nextCursor: '2~id' });
  });

  test('that is the last one leads nowhere', () => {
    for (const count of [0, 1, 3]) {
      expect(page(rows(count), 3, keyOf)).toEqual({ rows: rows(count), nextCursor: null });
    }
  });
});
