import { type Color, PDFDocument, type PDFFont, type PDFPage, rgb } from '@cantoo/pdf-lib';
import { channels } from '../logo.ts';
import { embedFonts } from './fonts.ts';

const INK = rgb(0.11, 0.12, 0.14);
export const GREY = rgb(0.4, 0.42, 0.45);
export const WHITE = rgb(1, 1, 1);
const HAIRLINE = rgb(0.82, 0.83, 0.85);
const PANEL = rgb(0.955, 0.96, 0.965);

/** Distance from the page's edges to the text, in points. */
const MARGIN = 46;
/** Kept free at the foot of each page for the footer, and below it for a stamp. */
const FOOT = 84;

interface Style {
  size?: number;
  bold?: boolean;
  colour?: Color;
  /** Which side of the text stands at x. */
  align?: 'left' | 'right';
}

/** Pages being drawn, top to bottom. All y are points down from the top edge, to the baseline. */
export interface Sheet {
  readonly doc: PDFDocument;
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly brand: Color;
  /** Where the next thing may start. */
  y: number;
  page: PDFPage;
  text(value: string, x: number, y: number, style?: Style): void;
  measure(value: string, style?: Style): number;
  /** The words of `value` in lines no wider than `width`. */
  wrap(value: string, width: number, style?: Style): string[];
  rule(y: number, style?: { from?: number; to?: number; strong?: boolean }): void;
  panel(x: number, y: number, width: number, height: number, colour?: Color): void;
  /** Starts a new page unless `points` more fit on this one; says whether it did. */
  need(points: number): boolean;
}

/** A CSS colour as pdf-lib's. */
export function ink(colour: string): Color {
  const [red, green, blue] = channels(colour);
  return rgb(red / 255, green / 255, blue / 255);
}

/** An empty first page of the given size; `turn` draws the head of each page after it. */
export async function openSheet(
  size: readonly [number, number],
  colour: string,
  turn: (sheet: Sheet) => void,
): Promise<Sheet> {
  const doc = await PDFDocument.create({ updateMetadata: false });
  const fonts = await embedFonts(doc);
  const [width, height] = size;
  const fontOf = (style: Style): PDFFont => (style.bold ? fonts.bold : fonts.regular);
  const sheet: Sheet = {
    doc,
    left: MARGIN,
    right: width - MARGIN,
    height,
    brand: ink(colour),
    y: MARGIN,
    page: doc.addPage([width, height]),
    measure: (value, style = {}) => fontOf(style).widthOfTextAtSize(value, style.size ?? 9),
    text(value, x, y, style = {}) {
      if (value === '') return;
      const start = style.align === 'right' ? x - sheet.measure(value, style) : x;
      sheet.page.drawText(value, {
        x: start,
        y: height - y,
        size: style.size ?? 9,
        font: fontOf(style),
        color: style.colour ?? INK,
      });
    },
    wrap(value, widest, style) {
      const lines: string[] = [];
      let line = '';
      for (const word of value.split(' ')) {
        const longer = line === '' ? word : `${line} ${word}`;
        if (line !== '' && sheet.measure(longer, style) > widest) {
          lines.push(line);
          line = word;
        } else {
          line = longer;
        }
      }
      return [...lines, line];
    },
    rule(y, style = {}) {
      sheet.page.drawLine({
        start: { x: style.from ?? sheet.left, y: height - y },
        end: { x: style.to ?? sheet.right, y: height - y },
        thickness: style.strong ? 0.9 : 0.5,
        color: style.strong ? INK : HAIRLINE,
      });
    },
    panel(x, y, panelWidth, panelHeight, fill = PANEL) {
      sheet.page.drawRectangle({
        x,
        y: height - y - panelHeight,
        width: panelWidth,
        height: panelHeight,
        color: fill,
      });
    },
    need(points) {
      if (sheet.y + points <= height - FOOT) return false;
      sheet.page = doc.addPage([width, height]);
      sheet.y = MARGIN;
      turn(sheet);
      return true;
    },
  };
  return sheet;
}
