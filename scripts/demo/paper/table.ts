import { label } from './letterhead.ts';
import { GREY, type Sheet } from './sheet.ts';

/** A column: its heading, where it stands, and how a row fills it. */
export interface Column<Row> {
  heading: string;
  /** The left edge, or the right one for figures, in points from the sheet's left margin. */
  at: number;
  figures?: boolean;
  cell(row: Row): string;
  /** A second, grey line under the cell. */
  detail?(row: Row): string;
}

function headings<Row>(sheet: Sheet, columns: readonly Column<Row>[]): void {
  for (const column of columns) {
    const x = sheet.left + column.at;
    if (column.figures) {
      const size = { size: 6.8, bold: true, colour: GREY, align: 'right' } as const;
      sheet.text(column.heading.toUpperCase(), x, sheet.y, size);
    } else {
      label(sheet, column.heading, x, sheet.y);
    }
  }
  sheet.rule(sheet.y + 6, { strong: true });
  sheet.y += 20;
}

const ROW_POINTS = 26;

/** A table that turns the page, and repeats its headings, where it must. */
export function table<Row>(
  sheet: Sheet,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): void {
  headings(sheet, columns);
  rows.forEach((row, place) => {
    if (sheet.need(ROW_POINTS)) headings(sheet, columns);
    for (const column of columns) {
      const x = sheet.left + column.at;
      sheet.text(column.cell(row), x, sheet.y, {
        size: 8.8,
        align: column.figures ? 'right' : 'left',
      });
      if (column.detail)
        sheet.text(column.detail(row), x, sheet.y + 10, { size: 7.2, colour: GREY });
    }
    sheet.rule(sheet.y + 15.5, { strong: place === rows.length - 1 });
    sheet.y += ROW_POINTS;
  });
  sheet.y += 4;
}
