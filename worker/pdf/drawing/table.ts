/** Tables that turn the page, and repeat their headings where they do. */
import { GREY, INK } from './inks.ts';
import type { Flow, Style } from './page-flow.ts';
import { type Measured, shareWidth } from './table-widths.ts';

/** A column: its heading, and how a row fills it. Null, in every row, and there is no column. */
export type Column<Row> = {
  heading: string;
  /** Right-aligned. */
  figures?: boolean;
  /** Takes the width that the others leave. */
  flexible?: boolean;
  cell(row: Row): string | null;
};

export type TableOptions<Row> = {
  /** Points below the table that the last row must share its page with. */
  keepWithLast?: number;
  /**
   * Where the page is turned, a line at its foot and one at the next page's head say how far the
   * last column has come.
   */
  carried?: { forward: string; brought: string; amount(lastRow: Row): string };
};

type Placed<Row> = Column<Row> & { x: number; width: number };

const HEADING_SIZE = 7.2;
const LEADING = 1.32;
const PADDING = 4.6;
/** A row of up to this many lines stays on one page. */
const KEPT_LINES = 12;

/** Draws the rows from `flow.y` on; `flow.y` is below the table afterwards. */
export function drawTable<Row>(
  flow: Flow,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { keepWithLast = 0, carried }: TableOptions<Row> = {},
): void {
  const filled = columns.filter((column) =>
    rows.some((row) => (column.cell(row) ?? '').trim() !== ''),
  );
  if (filled.length === 0) return;
  const { size, placed } = place(flow, filled, rows);
  const leading = size * LEADING;
  const carriedHeight = carried ? leading + 2 * PADDING : 0;
  const headingLines = placed.map((column) =>
    flow.wrap(column.heading, column.width, { size: HEADING_SIZE, bold: true }),
  );

  const headingCount = Math.max(...headingLines.map((lines) => lines.length));
  const headingHeight = headingCount * HEADING_SIZE * LEADING + 4;

  const drawHeadings = (): void => {
    placed.forEach((column, at) => {
      const lines = headingLines[at] ?? [];
      const first = flow.y + HEADING_SIZE + (headingCount - lines.length) * HEADING_SIZE * LEADING;
      drawLines(flow, lines, column, first, { size: HEADING_SIZE, bold: true, ink: GREY });
    });
    flow.y += headingHeight;
    flow.rule(flow.y, { thickness: 0.8, ink: INK });
  };
  const drawCarried = (label: string, amount: string): void => {
    const style: Style = { size, bold: true };
    const baseline = flow.y + PADDING + size;
    const first = placed[0];
    const last = placed.at(-1);
    if (first === undefined || last === undefined) return;
    flow.text(label, first.x, baseline, style);
    flow.text(amount, last.x + last.width, baseline, { ...style, align: 'right' });
    flow.y += carriedHeight;
    flow.rule(flow.y);
  };
  /** A new page, unless the points fit. The row above the turn says what is carried. */
  const need = (points: number, above: Row | undefined): void => {
    if (points + carriedHeight <= flow.room()) return;
    if (carried && above !== undefined) drawCarried(carried.forward, carried.amount(above));
    flow.need(Number.POSITIVE_INFINITY);
    drawHeadings();
    if (carried && above !== undefined) drawCarried(carried.brought, carried.amount(above));
  };

  const cellsOf = (row: Row) =>
    placed.map((column) => flow.wrap(column.cell(row) ?? '', column.width, { size }));
  const countOf = (cells: readonly string[][]) =>
    cells.reduce((most, lines) => Math.max(most, lines.length), 1);
  /** What the row must have on its page to begin there. */
  const neededBy = (count: number, at: number): number => {
    if (count > KEPT_LINES) return 2 * leading + 2 * PADDING;
    return count * leading + 2 * PADDING + (at === rows.length - 1 ? keepWithLast : 0);
  };

  const [first] = rows;
  if (first !== undefined) flow.need(headingHeight + neededBy(countOf(cellsOf(first)), 0));
  drawHeadings();
  rows.forEach((row, at) => {
    const cells = cellsOf(row);
    const count = countOf(cells);
    const above = rows[at - 1];
    need(neededBy(count, at), above);
    let drawn = 0;
    while (drawn < count) {
      if (drawn > 0) need(leading + 2 * PADDING, above);
      const fitting = Math.floor((flow.room() - carriedHeight - 2 * PADDING) / leading);
      const to = Math.min(count, drawn + Math.max(1, fitting));
      placed.forEach((column, place) => {
        const lines = (cells[place] ?? []).slice(drawn, to);
        drawLines(flow, lines, column, flow.y + PADDING + size, { size });
      });
      flow.y += (to - drawn) * leading + 2 * PADDING;
      drawn = to;
    }
    flow.rule(flow.y);
  });
}

function drawLines<Row>(
  flow: Flow,
  lines: readonly string[],
  column: Placed<Row>,
  baseline: number,
  style: Style & { size: number },
): void {
  lines.forEach((line, place) => {
    const y = baseline + place * style.size * LEADING;
    if (column.figures) flow.text(line, column.x + column.width, y, { ...style, align: 'right' });
    else flow.text(line, column.x, y, style);
  });
}

/** Each column with its place and its width, and the size of type at which they fit. */
function place<Row>(
  flow: Flow,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): { size: number; placed: Placed<Row>[] } {
  const measured = columns.map((column): Measured => {
    const widest = rows
      .flatMap((row) => (column.cell(row) ?? '').split('\n'))
      .reduce((most, text) => Math.max(most, flow.measure(text, { size: 1 })), 0);
    const words = column.heading.split(' ');
    const bold = { size: HEADING_SIZE, bold: true };
    return {
      ems: widest,
      least: Math.max(...words.map((word) => flow.measure(word, bold))),
      heading: flow.measure(column.heading, bold),
      figures: column.figures ?? false,
      flexible: column.flexible ?? false,
    };
  });
  const { size, widths, gap } = shareWidth(measured, flow.width);
  let x = flow.left;
  const placed = columns.map((column, at) => {
    const width = widths[at] ?? 0;
    const here = { ...column, x, width };
    x += width + gap;
    return here;
  });
  return { size, placed };
}
