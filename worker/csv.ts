/** CSV as spreadsheets open it: UTF-8 with a mark, CRLF, and no cell that starts a formula. */

/** What a spreadsheet may take for a formula, the full-width forms among it (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u;
/**
 * The same inside a cell: a spreadsheet whose separator is another than the comma ends cells where ours go on,
 * knows no quote that does not begin one of its own, and ends the row at a line's end.
 */
const FORMULA_WITHIN = /(?<=[;\t\r\n][\s"]*)[=+\-@＝＋－＠]/gu;

/** One text cell: quoted where it must be, disarmed where a spreadsheet would run it. */
function textCell(text: string): string {
  const inside = text.replace(FORMULA_WITHIN, "'$&");
  const safe = FORMULA.test(text) ? `'${inside}` : inside;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** Decimal text in a column of figures: its minus is a minus. */
export type Figure = { figure: string };
export type Cell = string | number | null | Figure;

/** @throws RangeError for what is no decimal: it would be a text without its guard */
export function figure(text: string): Figure {
  if (!DECIMAL.test(text)) throw new RangeError('not a decimal');
  return { figure: text };
}

/** What stands in a cell, for whoever shows it and does not run it. */
export function cellText(cell: Cell): string {
  return typeof cell === 'object' ? (cell?.figure ?? '') : String(cell);
}

type Row = readonly Cell[];

/** What a file of ours begins with, so that a spreadsheet reads it as UTF-8. */
export const UTF8_MARK = '\ufeff';

/** Rows of cells as lines, without the mark; numbers and figures stay as they are, null is empty. */
export function csvLines(rows: readonly Row[]): string {
  const line = (row: Row) =>
    row.map((cell) => (typeof cell === 'string' ? textCell(cell) : cellText(cell))).join(',');
  return rows.map((row) => `${line(row)}\r\n`).join('');
}

/** Rows of cells as a file. */
export function csvFile(rows: readonly Row[]): string {
  return UTF8_MARK + csvLines(rows);
}
