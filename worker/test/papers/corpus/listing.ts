/** Papers of a line printer: rows of characters, two blocks side by side, names cut to a width. */
import { PDFDocument, StandardFonts } from '@cantoo/pdf-lib';
import type { Sheet } from './sheet.ts';
import { withoutAccents } from './spelling.ts';

const COLUMNS = 92;
const ROWS = 66;
const HALF = 46;
/** What the old system's field for a name holds. */
const NAME_MAX = 35;

/** @returns the file: Courier, a page of 66 lines, ASCII only */
export async function list(sheet: Sheet): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont(StandardFonts.Courier);
  const lines = linesOf(sheet).map((line) => withoutAccents(line).slice(0, COLUMNS).trimEnd());
  for (let from = 0; from < lines.length; from += ROWS) {
    const page = document.addPage([612, 792]);
    lines.slice(from, from + ROWS).forEach((line, at) => {
      if (line !== '') page.drawText(line, { x: 30, y: 760 - at * 11, size: 10, font });
    });
  }
  return document.save({ useObjectStreams: false });
}

function linesOf(sheet: Sheet): string[] {
  const address = sheet.address.map((line) => line.slice(0, NAME_MAX));
  const facts = sheet.facts.map(([label, value]) => `${label.padEnd(18, '.')}: ${value}`);
  const blocks = Array.from(
    { length: Math.max(address.length, facts.length) },
    (_, at) => `   ${(address[at] ?? '').padEnd(HALF - 3)}${facts[at] ?? ''}`,
  );
  const rule = '-'.repeat(COLUMNS);
  const widths = sheet.head.length === 3 ? [14, 40, 16] : [6, 12, 44, 8, 10, 10];
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const width = widths[at] ?? 10;
        return at >= 3 ? cell.slice(0, width).padStart(width) : cell.slice(0, width).padEnd(width);
      })
      .join(' ');
  return [
    ...sheet.letterhead,
    '',
    '',
    ...blocks,
    '',
    ...sheet.shipTo.map((line) => `   ${line}`),
    '',
    `*** ${sheet.title.toUpperCase()} ***`,
    rule,
    row(sheet.head),
    rule,
    ...sheet.rows.map(row),
    rule,
    ...sheet.totals.map(([label, value]) => `${label.padStart(70)} ${value.padStart(18)}`),
    '',
    ...[...sheet.notes, ...sheet.terms].flatMap((note) => note.match(/.{1,88}(?: |$)/g) ?? [note]),
    '',
    ...sheet.footer.flatMap((line) => line.match(/.{1,88}(?: |$)/g) ?? [line]),
  ];
}
