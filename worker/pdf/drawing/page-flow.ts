/** Pages that are filled from top to bottom. */
import type { PDFDocument, PDFOperator, PDFPage } from '@cantoo/pdf-lib';
import { embedFaces, type Face } from './faces.ts';
import { HAIRLINE, INK, type Ink } from './inks.ts';
import { shorten, wrap } from './lines.ts';

/** A4, in points. */
const PAGE = { width: 595.28, height: 841.89 };
const MARGIN = 51;
const TOP = 46;
/** Kept free at the foot of each page, for the footer and the stamp. */
const FOOT = 74;

export type Style = {
  size?: number;
  bold?: boolean;
  ink?: Ink;
  /** Which side of the text stands at x. */
  align?: 'left' | 'right';
};
const BODY_SIZE = 8.6;

export type Rule = { from?: number; to?: number; thickness?: number; ink?: Ink };

/**
 * Pages being filled. All measures are points; y is down from the page's top edge, to the baseline
 * of text. Text may be anything: what the faces cannot show is replaced.
 */
export type Flow = {
  readonly pdf: typeof import('@cantoo/pdf-lib');
  readonly doc: PDFDocument;
  readonly left: number;
  readonly right: number;
  readonly width: number;
  readonly height: number;
  /** Where the next thing may start. */
  y: number;
  measure(text: string, style?: Style): number;
  /** One line. */
  text(text: string, x: number, y: number, style?: Style): void;
  wrap(text: string, width: number, style?: Style): string[];
  shorten(text: string, width: number, style?: Style): string;
  rule(y: number, rule?: Rule): void;
  fill(x: number, y: number, width: number, height: number, ink: Ink): void;
  /** Operators of one's own, on the page in hand; y is up from its foot there. */
  push(...operators: PDFOperator[]): void;
  /** The page in hand. */
  page(): PDFPage;
  /** How many points are left on this page. */
  room(): number;
  /** How many points a page has below its head. */
  readonly roomOfPage: number;
  /** Starts a new page unless `points` more fit on this one; says whether it did. */
  need(points: number): boolean;
  /** Draws on every page there is, first to last. To number them, when there are no more to come. */
  onEachPage(draw: (number: number, count: number) => void): void;
  /** Writes what the page in hand holds into the file; a page that is full was written when it was turned. */
  settle(): void;
};

export type FlowOptions = {
  /** Names the subsets of the faces: see `embedFaces`. */
  tag: string;
  /** Draws the head of each page after the first, within {@link headPoints} of its top. */
  turn(flow: Flow): void;
  headPoints: number;
};

/** The first page of a new document, blank. */
export async function openFlow({ tag, turn, headPoints }: FlowOptions): Promise<Flow> {
  const pdf = await import('@cantoo/pdf-lib');
  const doc = await pdf.PDFDocument.create({ updateMetadata: false });
  const faces = await embedFaces(doc, tag);
  const { height } = PAGE;
  const fontKeys = { regular: pdf.PDFName.of('R'), bold: pdf.PDFName.of('B') };

  const newPage = (): PDFPage => {
    const made = doc.addPage([PAGE.width, height]);
    made.node.setFontDictionary(fontKeys.regular, faces.regular.font.ref);
    made.node.setFontDictionary(fontKeys.bold, faces.bold.font.ref);
    return made;
  };
  let page = newPage();
  /** Of the page in hand, not yet written: as objects, a page takes a hundred times what it does in the file. */
  let operators: PDFOperator[] = [];

  const faceOf = (style: Style): Face => (style.bold ? faces.bold : faces.regular);
  const measurer = (style: Style) => {
    const face = faceOf(style);
    const size = style.size ?? BODY_SIZE;
    return (printable: string) => face.width(printable) * size;
  };
  const flow: Flow = {
    pdf,
    doc,
    left: MARGIN,
    right: PAGE.width - MARGIN,
    width: PAGE.width - 2 * MARGIN,
    height,
    y: TOP,
    measure: (text, style = {}) => measurer(style)(faces.printable(text)),
    wrap(text, width, style = {}) {
      const parts = text.split(/\r\n?|\n/).map(faces.printable);
      return wrap(parts.join('\n'), width, measurer(style));
    },
    shorten: (text, width, style = {}) => shorten(faces.printable(text), width, measurer(style)),
    text(text, x, y, style = {}) {
      const shown = faces.printable(text);
      if (shown === '') return;
      const size = style.size ?? BODY_SIZE;
      const start = style.align === 'right' ? x - measurer(style)(shown) : x;
      const operand = pdf.PDFArray.withContext(doc.context);
      for (const part of faceOf(style).set(shown)) {
        operand.push(typeof part === 'string' ? pdf.PDFHexString.of(part) : pdf.PDFNumber.of(part));
      }
      operators.push(
        pdf.setFillingRgbColor(...(style.ink ?? INK)),
        pdf.beginText(),
        pdf.setFontAndSize(style.bold ? fontKeys.bold : fontKeys.regular, size),
        pdf.moveText(hundredths(start), hundredths(height - y)),
        pdf.PDFOperator.of(pdf.PDFOperatorNames.ShowTextAdjusted, [operand]),
        pdf.endText(),
      );
    },
    rule(y, { from = flow.left, to = flow.right, thickness = 0.5, ink = HAIRLINE } = {}) {
      flow.fill(from, y - thickness / 2, to - from, thickness, ink);
    },
    fill(x, y, width, tall, ink) {
      operators.push(
        pdf.setFillingRgbColor(...ink),
        pdf.rectangle(
          hundredths(x),
          hundredths(height - y - tall),
          hundredths(width),
          hundredths(tall),
        ),
        pdf.fill(),
      );
    },
    push: (...more) => operators.push(...more),
    page: () => page,
    room: () => height - FOOT - flow.y,
    roomOfPage: height - FOOT - headPoints,
    need(points) {
      if (points <= flow.room()) return false;
      flow.settle();
      page = newPage();
      turn(flow);
      flow.y = headPoints;
      return true;
    },
    onEachPage(draw) {
      flow.settle();
      const last = page;
      const pages = doc.getPages();
      pages.forEach((each, place) => {
        page = each;
        draw(place + 1, pages.length);
        flow.settle();
      });
      page = last;
    },
    settle() {
      if (operators.length === 0) return;
      const { context } = doc;
      const written = context.contentStream(operators).getUnencodedContents();
      page.node.addContentStream(context.register(context.flateStream(written)));
      operators = [];
    },
  };
  return flow;
}

/** Finer than any printer, and short in the file. */
function hundredths(points: number): number {
  return Math.round(points * 100) / 100;
}
