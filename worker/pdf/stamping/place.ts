/**
 * Where the stamp stands: one line in the bottom margin of the page as it is viewed, in its middle,
 * about 6 points high and clear of the edge that printers leave blank. It grows with pages larger
 * than A4, whose content is larger too, and shrinks to fit those that are small.
 */

/** The part of a page that is shown, in its own units. */
export type View = {
  left: number;
  bottom: number;
  right: number;
  top: number;
  /** Clockwise, when shown. */
  turn: 0 | 90 | 180 | 270;
  /** Points in a unit (UserUnit). */
  unit: number;
};

/** A rectangle on the page as it is viewed: units from its lower left corner. */
export type Box = { x: number; y: number; width: number; height: number };

/** a, b, c, d, e, f of PDF's `cm`. */
export type Matrix = readonly [number, number, number, number, number, number];

/** Points. The shorter side of Letter; A4's is less. */
const PLAIN_SIDE = 612;
/** Points, on a page of that size: below the stamp, and beside it. */
const MARGIN_BELOW = 12;
const MARGIN_BESIDE = 18;
/** On small pages, of the page's height and width. */
const SHARE_BELOW = 0.03;
const SHARE_BESIDE = 0.03;
/** How much of the page's height the stamp may take. */
const SHARE_HIGH = 0.06;

/** The viewed page's size, in its units. */
export function viewedSize({ left, bottom, right, top, turn }: View): {
  width: number;
  height: number;
} {
  const [across, up] = [right - left, top - bottom];
  return turn % 180 === 0 ? { width: across, height: up } : { width: up, height: across };
}

/** Units of the page in a point of the stamp, where there is room. */
function fullScale(view: View): number {
  const { width, height } = viewedSize(view);
  return Math.max(1 / view.unit, Math.min(width, height) / PLAIN_SIDE);
}

function besideOf(view: View): number {
  const { width } = viewedSize(view);
  return Math.min(MARGIN_BESIDE * fullScale(view), width * SHARE_BESIDE);
}

/** How wide a stamp the page holds without shrinking it, in points of the stamp. */
export function roomOn(view: View): number {
  return (viewedSize(view).width - 2 * besideOf(view)) / fullScale(view);
}

/**
 * Where a stamp of that size, in points, goes on a page.
 *
 * @returns the matrix that takes the stamp's own space, from its lower left corner, to the page's;
 *   and the box that it covers
 */
export function placeStamp(
  view: View,
  stamp: { width: number; height: number },
): { matrix: Matrix; box: Box } {
  const page = viewedSize(view);
  const full = fullScale(view);
  const scale = Math.min(
    full,
    (page.width - 2 * besideOf(view)) / stamp.width,
    (page.height * SHARE_HIGH) / stamp.height,
  );
  const box = {
    x: (page.width - stamp.width * scale) / 2,
    y: Math.min(MARGIN_BELOW * full, page.height * SHARE_BELOW),
    width: stamp.width * scale,
    height: stamp.height * scale,
  };
  const { left, bottom, right, top } = view;
  const matrices: Record<View['turn'], Matrix> = {
    0: [scale, 0, 0, scale, left + box.x, bottom + box.y],
    90: [0, scale, -scale, 0, right - box.y, bottom + box.x],
    180: [-scale, 0, 0, -scale, right - box.x, top - box.y],
    270: [0, -scale, scale, 0, left + box.y, top - box.x],
  };
  return { matrix: matrices[view.turn], box };
}
