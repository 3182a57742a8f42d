/** Where the words of a sheet stand on its pages, in points from the lower left corner. */
import type { Sheet } from './sheet.ts';

export type Run = { x: number; y: number; text: string; size: number; bold: boolean };
export type Face = { widthOf: (text: string, size: number, bold: boolean) => number };
export type Format = { width: number; height: number; margin: number };

export const A4: Format = { width: 595.28, height: 841.89, margin: 54 };
export const A4_WIDE: Format = { width: 841.89, height: 595.28, margin: 48 };
export const LETTER: Format = { width: 612, height: 792, margin: 60 };

/** Pages of runs, in the order in which a person reads them. */
export function layOut(sheet: Sheet, format: Format, face: Face): Run[][] {
  const { width, height, margin } = format;
  const inner = width - 2 * margin;
  const pages: Run[][] = [[]];
  let y = height - margin;
  const put = (text: string, x: number, size = 9, bold = false) => {
    if (text !== '') pages.at(-1)?.push({ x, y, text, size, bold });
  };
  const down = (by: number) => {
    y -= by;
    if (y > margin + 60) return;
    foot();
    pages.push([]);
    y = height - margin;
    put(`${sheet.title} ${sheet.facts[0]?.[1] ?? ''}`, margin, 8);
    y -= 24;
  };
  const foot = () => {
    y = margin;
    for (const line of sheet.footer) {
      put(line, margin, 6.5);
      y -= 9;
    }
  };
  const right = (text: string, x: number, size = 9, bold = false) =>
    put(text, x - face.widthOf(text, size, bold), size, bold);

  const [name = '', ...rest] = sheet.letterhead;
  put(name, margin, 13, true);
  for (const line of rest) {
    y -= 12;
    put(line, margin, 7.5);
  }
  y -= 40;

  const top = y;
  for (const line of sheet.address) {
    put(line, margin, 10.5);
    y -= 14;
  }
  for (const line of sheet.shipTo) {
    y -= line === sheet.shipTo[0] ? 8 : 11;
    put(line, margin, 8.5);
  }
  const bottom = y;
  y = top;
  const factsAt = margin + inner * 0.52;
  for (const [label, value] of sheet.facts) {
    put(`${label}:`, factsAt, 8.5);
    put(value, factsAt + inner * 0.2, 8.5);
    y -= 12.5;
  }
  y = Math.min(y, bottom) - 26;

  put(sheet.title, margin, 15, true);
  down(26);
  const stops = columnsOf(sheet, inner);
  const row = (cells: readonly string[], bold: boolean) => {
    const lines = cells.map((cell, at) =>
      wrap(cell, (stops[at + 1] ?? inner) - (stops[at] ?? 0) - 8, (text) =>
        face.widthOf(text, 8.5, bold),
      ),
    );
    const tall = Math.max(...lines.map(({ length }) => length));
    for (let line = 0; line < tall; line += 1) {
      lines.forEach((cell, at) => {
        const text = cell[line] ?? '';
        const isNumber = at >= 3 || (at === cells.length - 1 && at > 0);
        const end = margin + (stops[at + 1] ?? inner) - 8;
        if (isNumber) right(text, end, 8.5, bold);
        else put(text, margin + (stops[at] ?? 0), 8.5, bold);
      });
      down(12);
    }
    down(4);
  };
  row(sheet.head, true);
  for (const cells of sheet.rows) row(cells, false);
  down(8);
  for (const [label, value] of sheet.totals) {
    put(label, margin + inner * 0.55, 9.5, label === sheet.totals.at(-1)?.[0]);
    right(value, margin + inner - 8, 9.5, label === sheet.totals.at(-1)?.[0]);
    down(14);
  }
  down(10);
  for (const text of [...sheet.notes, ...sheet.terms]) {
    for (const line of wrap(text, inner, (part) => face.widthOf(part, 8.5, false))) {
      put(line, margin, 8.5);
      down(11.5);
    }
    down(4);
  }
  foot();
  return pages;
}

function columnsOf(sheet: Sheet, inner: number): number[] {
  const shares = {
    3: [0, 0.25, 0.7],
    4: [0, 0.08, 0.26, 0.85],
    6: [0, 0.07, 0.22, 0.62, 0.73, 0.84],
  };
  const stops = shares[sheet.head.length as keyof typeof shares] ?? [0];
  return [...stops.map((share) => share * inner), inner];
}

/** Words in lines no wider than `width`. */
export function wrap(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trim();
    if (lines.length > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
