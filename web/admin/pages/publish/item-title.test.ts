/** What an item is called in the review. */
import { expect, test } from 'vitest';
import type { ReviewItem } from '../../types.ts';
import { titleOf } from './item-title.ts';

test('a line that says nothing of itself is called by its order and row, not by its import', () => {
  // sound: its title asks for nothing else
  const line = {
    kind: 'order_line',
    key: 'O1#?2:5bd0fb1e-0b0d-4b3f-9a53-3cf0c1f1a001',
    fields: {},
  } as ReviewItem;
  expect(titleOf(line)).toBe('O1#?2');
});
