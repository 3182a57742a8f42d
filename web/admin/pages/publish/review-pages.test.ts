import { expect, it } from 'vitest';
import type { ReviewItem } from '../../types.ts';
import { FIRST, placeBehind } from './review-pages.ts';

const item = (kind: ReviewItem['kind'], key: string): ReviewItem => ({
  kind,
  key,
  customerKey: 'ANNA',
  orderKey: null,
  line: 2,
  fields: {},
  before: null,
  change: 'new',
  problems: [],
  blocked: false,
  needsTick: false,
  ticked: false,
  passes: true,
  excluded: false,
  file: null,
  override: null,
});

it('a page knows what stands before it, and the way back', () => {
  const first = { items: [item('order', 'SO-1'), item('order_line', 'SO-1 1')], nextCursor: '2' };
  const second = placeBehind(FIRST, first);
  expect(second).toMatchObject({ cursor: '2', before: 2, order: { key: 'SO-1' }, back: FIRST });

  // The lines of one order may fill a page.
  const third =
    second && placeBehind(second, { items: [item('order_line', 'x')], nextCursor: '3' });
  expect(third).toMatchObject({ cursor: '3', before: 3, order: { key: 'SO-1' }, back: second });
});

it('nothing stands behind the last page', () => {
  expect(placeBehind(FIRST, { items: [item('customer', 'ANNA')], nextCursor: null })).toBeNull();
});
