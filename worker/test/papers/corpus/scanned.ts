/** Papers that went through a scanner: a picture, with or without what a machine read in it. */
import {
  PDFDocument,
  StandardFonts,
  setTextRenderingMode,
  TextRenderingMode,
} from '@cantoo/pdf-lib';
import { type Chance, chance } from '../../../../scripts/demo/chance.ts';
import { kept, run } from '../tools.ts';
import { A4, layOut } from './layout.ts';
import type { Sheet } from './sheet.ts';
import { withoutAccents } from './spelling.ts';

const DOTS_PER_INCH = 75;
/** One letter of so many is misread. */
const MISREAD_ONE_IN = 25;
const LOOKALIKES: Record<string, string> = {
  O: '0',
  '0': 'O',
  l: '1',
  '1': 'l',
  I: 'l',
  S: '5',
  '5': 'S',
  B: '8',
  '8': 'B',
  e: 'c',
  m: 'rn',
  h: 'b',
  u: 'ii',
};

/** Each page as a picture, and nothing to read. */
export async function scan(paper: Uint8Array): Promise<Uint8Array> {
  return (await pictured(paper)).save();
}

/** The same with the words that a machine read in it, some of them wrong, behind the picture. */
export async function scanAndRead(paper: Uint8Array, sheet: Sheet): Promise<Uint8Array> {
  const document = await pictured(paper);
  const font = await document.embedFont(StandardFonts.Helvetica);
  const by = chance(`${sheet.title} ${sheet.facts.join(' ')}`);
  const widthOf = (text: string, size: number) =>
    font.widthOfTextAtSize(withoutAccents(text), size);
  const pages = layOut(sheet, A4, { widthOf });
  document.getPages().forEach((page, at) => {
    page.pushOperators(setTextRenderingMode(TextRenderingMode.Invisible));
    for (const { x, y, text, size } of pages[at] ?? []) {
      page.drawText(misread(withoutAccents(text), by), { x, y, size, font });
    }
  });
  return document.save();
}

async function pictured(paper: Uint8Array): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const pages = run('pdfinfo', kept(paper))
    .toString()
    .match(/Pages:\s+(\d+)/)?.[1];
  for (let number = 1; number <= Number(pages); number += 1) {
    const picture = run(
      'pdftoppm',
      ...['-r', String(DOTS_PER_INCH), '-f', String(number), '-singlefile', '-gray', '-jpeg'],
      kept(paper),
    );
    const image = await document.embedJpg(new Uint8Array(picture));
    const page = document.addPage([A4.width, A4.height]);
    page.drawImage(image, { x: 0, y: 0, width: A4.width, height: A4.height });
  }
  return document;
}

function misread(text: string, by: Chance): string {
  return Array.from(text, (letter) =>
    by.between(1, MISREAD_ONE_IN) === 1 ? (LOOKALIKES[letter] ?? letter) : letter,
  ).join('');
}
