import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Matrix, placeStamp, roomOn, type View, viewedSize } from './place.ts';

const STAMP = { width: 330, height: 8.5 };
const A4: View = { left: 0, bottom: 0, right: 595, top: 842, turn: 0, unit: 1 };

/** Where a point of the stamp comes to stand on the page as it is viewed. */
function seen(view: View, [a, b, c, d, e, f]: Matrix, x: number, y: number) {
  const [px, py] = [a * x + c * y + e, b * x + d * y + f];
  const { left, bottom, right, top, turn } = view;
  if (turn === 90) return [py - bottom, right - px];
  if (turn === 180) return [right - px, top - py];
  return turn === 270 ? [top - py, px - left] : [px - left, py - bottom];
}

const view: fc.Arbitrary<View> = fc
  .record({
    left: fc.integer({ min: -500, max: 500 }),
    bottom: fc.integer({ min: -500, max: 500 }),
    across: fc.integer({ min: 20, max: 5000 }),
    up: fc.integer({ min: 20, max: 5000 }),
    turn: fc.constantFrom(0 as const, 90 as const, 180 as const, 270 as const),
    unit: fc.constantFrom(1, 0.5, 10),
  })
  .map(({ left, bottom, across, up, turn, unit }) => {
    return { left, bottom, right: left + across, top: bottom + up, turn, unit };
  });

test('whichever way a page is turned, the stamp stands upright in its box at the foot', () => {
  fc.assert(
    fc.property(view, (page) => {
      const { matrix, box } = placeStamp(page, STAMP);
      const { width, height } = viewedSize(page);
      const corners = [
        [seen(page, matrix, 0, 0), [box.x, box.y]],
        [seen(page, matrix, STAMP.width, 0), [box.x + box.width, box.y]],
        [seen(page, matrix, 0, STAMP.height), [box.x, box.y + box.height]],
      ];
      for (const [[x = 0, y = 0] = [], [u = 0, v = 0] = []] of corners) {
        expect(x).toBeCloseTo(u, 6);
        expect(y).toBeCloseTo(v, 6);
      }
      expect(box.x).toBeGreaterThan(0);
      expect(box.y).toBeGreaterThan(0);
      expect(box.x + box.width).toBeLessThan(width);
      expect(box.y + box.height).toBeLessThan(height * 0.1);
      expect(box.x + box.width / 2).toBeCloseTo(width / 2, 6);
    }),
  );
});

test('on A4 and Letter it has its own size; on A3 and scans of huge pages it grows with them', () => {
  const wide = (page: View) => placeStamp(page, STAMP).box.width;
  expect(wide(A4)).toBe(STAMP.width);
  expect(wide({ ...A4, right: 612, top: 792 })).toBe(STAMP.width);
  expect(wide({ ...A4, right: 842, top: 595 })).toBe(STAMP.width);
  expect(wide({ ...A4, right: 2480, top: 3508 })).toBeCloseTo((STAMP.width * 2480) / 612);
});

test('on a label it shrinks to fit', () => {
  const label: View = { ...A4, right: 283, top: 142 };
  const { box } = placeStamp(label, STAMP);
  expect(box.width).toBeLessThan(283 - 10);
  expect(box.height).toBeLessThan(STAMP.height);
  expect(roomOn(label)).toBeCloseTo(283 - 2 * 0.03 * 283);
});

test('a page in larger units has a stamp of the same size in points', () => {
  const inches: View = { ...A4, right: 595 / 72, top: 842 / 72, unit: 72 };
  expect(placeStamp(inches, STAMP).box.width * 72).toBeCloseTo(STAMP.width);
  expect(roomOn(inches)).toBeCloseTo(roomOn(A4));
});
