/** CSV as spreadsheets open it: UTF-8 with a mark, CRLF, and no cell that starts a formula. */

/** What a spreadsheet may take for a formula, the full-width forms among it (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r＝＋－＠]/u;

/** One text cell: quoted where it must be, disarmed where a spreadsheet would run it. */
function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of cells as a file; numbers stay numbers, null is empty. */
export function csvFile(rows: readonly (readonly (string | number | null)[])[]): string {
  const lines = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? textCell(cell) : String(cell ?? ''))).join(','),
  );
  return `\ufeff${lines.join('\r\n')}\r\n`;
}
