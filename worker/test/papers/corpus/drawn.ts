/** Papers as programs draw them: the same runs, written to the page in one of many ways. */
import { readFile } from 'node:fs/promises';
import fontkit from '@cantoo/fontkit';
import {
  degrees,
  PDFDocument,
  type PDFFont,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  StandardFonts,
} from '@cantoo/pdf-lib';
import { type Format, layOut, type Run } from './layout.ts';
import type { Sheet } from './sheet.ts';
import { withoutAccents } from './spelling.ts';

const FACES = new URL(
  '../../../../node_modules/@expo-google-fonts/ibm-plex-sans/',
  import.meta.url,
);
const REGULAR = readFile(new URL('400Regular/IBMPlexSans_400Regular.ttf', FACES));
const BOLD = readFile(new URL('700Bold/IBMPlexSans_700Bold.ttf', FACES));

/** How a program sets its text. */
export const HANDS = [
  'lines',
  'words',
  'letters',
  'kerned',
  'tracked heads',
  'columns first',
  'values last',
] as const;
export type Hand = (typeof HANDS)[number];

export type Drawing = {
  format: Format;
  face: 'embedded' | 'Helvetica' | 'Times';
  hand: Hand;
  /** Degrees by which the page is stored turned, and shown upright. */
  turn?: 90 | 270;
  /** Printer's marks around the page, cut off by its crop box. */
  isCropped?: boolean;
};

/** @returns the file; Helvetica has no letters but those of western Europe */
export async function draw(sheet: Sheet, drawing: Drawing): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  document.registerFontkit(fontkit);
  const fonts = await fontsOf(document, drawing.face);
  const said = (text: string) => (drawing.face === 'embedded' ? text : westernised(text));
  const widthOf = (text: string, size: number, bold: boolean) =>
    fonts[bold ? 'bold' : 'regular'].widthOfTextAtSize(said(text), size);
  for (const runs of layOut(sheet, drawing.format, { widthOf })) {
    const page = addPage(document, drawing);
    for (const run of inOrder(runs, drawing)) {
      set(page, { ...run, text: said(run.text) }, fonts[run.bold ? 'bold' : 'regular'], drawing);
    }
  }
  return document.save({ useObjectStreams: false });
}

type Fonts = Record<'regular' | 'bold', PDFFont>;

async function fontsOf(document: PDFDocument, face: Drawing['face']): Promise<Fonts> {
  if (face === 'embedded') {
    const [regular, bold] = await Promise.all([REGULAR, BOLD]);
    return {
      regular: await document.embedFont(regular, { subset: true }),
      bold: await document.embedFont(bold, { subset: true }),
    };
  }
  const [regular, bold] =
    face === 'Times'
      ? [StandardFonts.TimesRoman, StandardFonts.TimesRomanBold]
      : [StandardFonts.Helvetica, StandardFonts.HelveticaBold];
  return { regular: await document.embedFont(regular), bold: await document.embedFont(bold) };
}

/** What WinAnsi has stays; the rest goes as a printer of old would print it. */
function westernised(text: string): string {
  return text.replace(/[^\x20-\x7e\u00a0-\u00ff–’]/g, (letter) => withoutAccents(letter));
}

const BLEED = 20;

function addPage(document: PDFDocument, { format, turn, isCropped }: Drawing): PDFPage {
  const { width, height } = format;
  const bleed = isCropped ? BLEED : 0;
  const [wide, tall] = [width + 2 * bleed, height + 2 * bleed];
  const page = document.addPage(turn ? [tall, wide] : [wide, tall]);
  if (turn === 90) {
    page.setRotation(degrees(90));
    operate(page, PDFOperatorNames.ConcatTransformationMatrix, [0, 1, -1, 0, tall, 0]);
  } else if (turn === 270) {
    page.setRotation(degrees(270));
    operate(page, PDFOperatorNames.ConcatTransformationMatrix, [0, -1, 1, 0, 0, wide]);
  } else if (bleed > 0) {
    operate(page, PDFOperatorNames.ConcatTransformationMatrix, [1, 0, 0, 1, bleed, bleed]);
    page.setCropBox(bleed, bleed, width, height);
  }
  return page;
}

function operate(page: PDFPage, name: PDFOperatorNames, numbers: number[]): void {
  page.pushOperators(
    PDFOperator.of(
      name,
      numbers.map((number) => PDFNumber.of(number)),
    ),
  );
}

/** The order in which a program writes: most as it is read, some by column, some into a form. */
function inOrder(runs: readonly Run[], { hand }: Drawing): Run[] {
  if (hand === 'columns first') return [...runs].sort((a, b) => a.x - b.x || b.y - a.y);
  if (hand !== 'values last') return [...runs];
  const isLabel = (run: Run) => run.bold || run.text.endsWith(':') || run.size < 8;
  return [...runs.filter(isLabel), ...runs.filter((run) => !isLabel(run))];
}

function set(page: PDFPage, run: Run, font: PDFFont, { hand }: Drawing): void {
  const { x, y, text, size } = run;
  if (hand === 'words' || hand === 'letters') {
    let at = x;
    for (const piece of hand === 'words' ? text.split(' ') : Array.from(text)) {
      if (piece.trim() !== '') page.drawText(piece, { x: at, y, size, font });
      at += font.widthOfTextAtSize(hand === 'words' ? `${piece} ` : piece, size);
    }
  } else if (hand === 'kerned') {
    kern(page, run, font);
  } else if (hand === 'tracked heads' && run.bold) {
    operate(page, PDFOperatorNames.SetCharacterSpacing, [size * 0.3]);
    page.drawText(text, { x, y, size, font });
    operate(page, PDFOperatorNames.SetCharacterSpacing, [0]);
  } else {
    page.drawText(text, { x, y, size, font });
  }
}

const SPACE_THOUSANDTHS = -270;

/** One TJ: letters in pieces, a space that is only a distance, and pairs drawn closer. */
function kern(page: PDFPage, { x, y, text, size }: Run, font: PDFFont): void {
  const pieces = page.doc.context.obj([]);
  text.split(' ').forEach((word, at) => {
    if (at > 0) pieces.push(PDFNumber.of(SPACE_THOUSANDTHS));
    for (let from = 0; from < word.length; from += 2) {
      if (from > 0) pieces.push(PDFNumber.of(from % 4 === 0 ? 18 : -12));
      pieces.push(PDFHexString.of(font.encodeText(word.slice(from, from + 2)).asString()));
    }
  });
  const name = page.node.newFontDictionary(font.name, font.ref);
  page.pushOperators(
    PDFOperator.of(PDFOperatorNames.BeginText),
    PDFOperator.of(PDFOperatorNames.SetFontAndSize, [
      PDFName.of(name.decodeText()),
      PDFNumber.of(size),
    ]),
    PDFOperator.of(
      PDFOperatorNames.SetTextMatrix,
      [1, 0, 0, 1, x, y].map((number) => PDFNumber.of(number)),
    ),
    PDFOperator.of(PDFOperatorNames.ShowTextAdjusted, [pieces]),
    PDFOperator.of(PDFOperatorNames.EndText),
  );
}
