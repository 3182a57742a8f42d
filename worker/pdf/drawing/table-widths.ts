/** How a table's columns share the width of the page. */

export type Measured = {
  /** The widest cell, in widths of type of size 1. */
  ems: number;
  /** The widest word of the heading, and the whole of it, in points. */
  least: number;
  heading: number;
  figures: boolean;
  flexible: boolean;
};

/** From the size one likes to read down to the smallest that is still print. */
const SIZES = [8.6, 8, 7.4, 6.8, 6.2] as const;
const SMALLEST = 6.2;
const GAP = 12;
/** A column of words, such as codes, is as wide as its words up to this; then it wraps. */
const WORDS_MOST = 92;
const FLEXIBLE_LEAST = 120;
/** With so much left, no heading has to wrap. */
const FLEXIBLE_ROOMY = 205;
const NARROWEST = 18;

/**
 * Widths in points, left to right, that with the gaps between them make `width`; and the size of
 * type. Figures are whole wherever a size of type allows it, the flexible column has the rest.
 */
export function shareWidth(
  columns: readonly Measured[],
  width: number,
): { size: number; widths: number[]; gap: number } {
  const gaps = GAP * (columns.length - 1);
  const flexible = Math.max(
    0,
    columns.findIndex((column) => column.flexible),
  );
  const naturalAt = (size: number, heading: 'heading' | 'least' = 'least') =>
    columns.map((column) => {
      // A little more than the error of adding it up.
      const natural = Math.max(column.ems * size, column[heading]) + 0.1;
      return column.figures ? natural : Math.min(natural, Math.max(WORDS_MOST, column[heading]));
    });
  const restAt = (natural: readonly number[]) =>
    width - gaps - natural.reduce((sum, one, at) => (at === flexible ? sum : sum + one), 0);

  const roomy = naturalAt(SIZES[0], 'heading');
  if (restAt(roomy) >= FLEXIBLE_ROOMY) {
    return { size: SIZES[0], widths: roomy.with(flexible, restAt(roomy)), gap: GAP };
  }
  const leastRest = columns[flexible]?.flexible ? FLEXIBLE_LEAST : 0;
  for (const size of SIZES) {
    const natural = naturalAt(size);
    const rest = restAt(natural);
    if (rest >= Math.max(leastRest, columns[flexible]?.least ?? 0)) {
      return { size, widths: natural.with(flexible, rest), gap: GAP };
    }
  }
  // Nothing fits whole: the widest give up first, and wrap.
  const free = Math.max(NARROWEST, width - gaps);
  const natural = naturalAt(SMALLEST).with(flexible, FLEXIBLE_LEAST);
  return { size: SMALLEST, widths: capped(natural, free), gap: GAP };
}

/** The widths, none above a cap that makes their sum `sum`; what is missing goes to the widest. */
function capped(widths: readonly number[], sum: number): number[] {
  const ascending = widths.toSorted((a, b) => a - b);
  let left = sum;
  let cap = 0;
  for (const [at, each] of ascending.entries()) {
    cap = left / (ascending.length - at);
    if (each > cap) break;
    left -= each;
  }
  return widths.map((each) => Math.min(each, cap));
}
