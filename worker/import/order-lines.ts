/** The lines that each order has had so far, over all parts of a file: numbers only. */

type Lines = {
  /** Every number up to this one is taken. */
  upTo: number;
  /** Numbers that are taken beyond it. */
  beyond?: Set<number>;
  /** Different lines so far. */
  count: number;
  /** The last number that was given out. */
  last: number;
};

type OrderLines = {
  /** The number of a line that names none: its place within the order, unless that is taken. */
  next: (orderKey: string) => number;
  /** A line of this number is there now. */
  take: (orderKey: string, number: number) => void;
};

/** Begins without any line; one for all parts of a file. */
export function countOrderLines(): OrderLines {
  const orders = new Map<string, Lines>();
  const linesOf = (orderKey: string): Lines => {
    const known = orders.get(orderKey) ?? { upTo: 0, count: 0, last: 0 };
    orders.set(orderKey, known);
    return known;
  };
  return {
    next(orderKey) {
      const lines = linesOf(orderKey);
      let number = Math.max(lines.count, lines.last) + 1;
      while (lines.beyond?.has(number)) number++;
      lines.last = number;
      return number;
    },
    take(orderKey, number) {
      const lines = linesOf(orderKey);
      if ((number > 0 && number <= lines.upTo) || lines.beyond?.has(number)) return;
      lines.count++;
      if (number !== lines.upTo + 1) {
        lines.beyond ??= new Set();
        lines.beyond.add(number);
        return;
      }
      lines.upTo++;
      while (lines.beyond?.delete(lines.upTo + 1)) lines.upTo++;
    },
  };
}
