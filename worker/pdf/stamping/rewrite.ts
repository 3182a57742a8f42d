/** A PDF read, stamped on every page, and written anew. Loads pdf-lib: import it only to do that. */
import {
  type PDFContext,
  PDFDict,
  PDFDocument,
  PDFHeader,
  PDFHexString,
  PDFName,
  type PDFRef,
} from '@cantoo/pdf-lib';
import '../mend.ts';
import { embedFaces, type Face } from '../drawing/faces.ts';
import { shorten } from '../drawing/lines.ts';
import { type Page, pagesOf } from '../pages.ts';
import { putFirst } from './first-object.ts';
import { type Box, type Matrix, placeStamp, roomOn } from './place.ts';
import { dropClaims, dropUnreachable } from './sweep.ts';
import { wrapContent } from './wrap-content.ts';

/** Points, all of them. */
const SIZE = 6;
const HEIGHT = 8.5;
const BASELINE = 2.3;
const PAD = 3;
const GAP = 8;
/** The widest stamp in Helvetica: every letter of the link a W, every digit of the reference a D. */
const SLOT_WIDTH = 186;
/** What it hardly ever exceeds: the white goes no further. */
const SLOT_WIDTH_USUAL = 172;
/** A name keeps this much, some 25 letters, and the stamp is shrunk where that is too wide. */
const NAME_WIDTH_MIN = 90;
/** More is never shown, and takes long to measure. */
const NAME_LETTERS_MAX = 250;
/** The stamp's grey, and how much of what lies under it the white behind it covers. */
const GREY = 0.2;
const VEIL = 0.6;

export type Rewritten = { bytes: Uint8Array<ArrayBuffer>; boxes: Box[] };
export type Stamping = {
  customerName: string;
  /** What stands in the slot: ASCII without parentheses and backslashes. */
  slot: string;
  /** Names the subset of the font: six capitals. */
  tag: string;
};

/**
 * The document with the stamp on every page; `boxes` are what it covers, page by page.
 *
 * @throws Error for what pdf-lib cannot read
 */
export async function rewrite(original: Uint8Array, stamping: Stamping): Promise<Rewritten> {
  const doc = await open(original);
  const { context, catalog } = doc;
  const root = catalog.lookup(PDFName.of('Pages'));
  const pages = root instanceof PDFDict ? pagesOf(context, root) : [];
  if (pages.length === 0) {
    throw new Error('a document without pages');
  }
  const room = Math.min(...pages.map(({ view }) => roomOn(view)));
  const stamp = await drawStamp(doc, stamping, room);
  const boxes = stampPages(context, pages, stamp);
  await doc.flush();
  dropClaims(context, catalog);
  dropUnreachable(context);
  // What is sent reads the file up to the slot, and passes on the rest unread.
  putFirst(context, stamp.form);
  // The stamp's white is transparent, which is of 1.4.
  const version = Number(context.header.getVersionString());
  if (version < 1.4) {
    context.header = PDFHeader.forVersion(1, 4);
  }
  const bytes = await doc.save({
    useObjectStreams: context.pdfFileDetails.useObjectStreams,
    addDefaultPage: false,
    updateFieldAppearances: false,
    objectsPerTick: Number.POSITIVE_INFINITY,
  });
  // Its own declarations leave open which buffer: it is `new Uint8Array(size)`.
  return { bytes: bytes as Uint8Array<ArrayBuffer>, boxes };
}

function open(original: Uint8Array): Promise<PDFDocument> {
  const bytes = new Uint8Array(original.buffer, original.byteOffset, original.byteLength);
  // pdf-lib copies every stream out of the file, and changes none: windows do, and are half the memory.
  Object.defineProperty(bytes, 'slice', { value: bytes.subarray });
  return PDFDocument.load(bytes, {
    updateMetadata: false,
    parseSpeed: Number.POSITIVE_INFINITY,
  });
}

type Drawn = { form: PDFRef; width: number; height: number };

/** The form that all pages share; it is not compressed, so that its slot lies open in the file. */
async function drawStamp(
  doc: PDFDocument,
  { customerName, slot, tag }: Stamping,
  room: number,
): Promise<Drawn> {
  const { context } = doc;
  const { regular, printable } = await embedFaces(doc, tag);
  const measure = (text: string) => regular.width(text) * SIZE;
  const fixed = PAD + GAP + SLOT_WIDTH + PAD;
  const name = shorten(
    printable(customerName.slice(0, NAME_LETTERS_MAX)).trim().replace(/\s+/g, ' '),
    Math.max(NAME_WIDTH_MIN, room - fixed),
    measure,
  );
  const slotAt = PAD + measure(name) + GAP;
  const width = slotAt + SLOT_WIDTH + PAD;
  const content = [
    `q /V gs 1 g 0 0 ${figure(slotAt + SLOT_WIDTH_USUAL)} ${HEIGHT} re f Q`,
    // A form has its page's text state; the page may have left any.
    `${GREY} g 0 Tc 0 Tw 100 Tz 0 Ts 0 Tr`,
    `BT /N ${SIZE} Tf ${PAD} ${BASELINE} Td [${operandOf(regular, name)}] TJ ET`,
    `BT /S ${SIZE} Tf ${figure(slotAt)} ${BASELINE} Td (${slot}) Tj ET`,
  ];
  const form = context.stream(`${content.join('\n')}\n`, {
    Type: 'XObject',
    Subtype: 'Form',
    BBox: [0, 0, Number(figure(width)), HEIGHT],
    Resources: {
      Font: {
        N: regular.font.ref,
        S: context.obj({
          Type: 'Font',
          Subtype: 'Type1',
          BaseFont: 'Helvetica',
          Encoding: 'WinAnsiEncoding',
        }),
      },
      ExtGState: { V: { ca: VEIL, BM: 'Normal', SMask: 'None' } },
    },
  });
  return { form: context.register(form), width: Number(figure(width)), height: HEIGHT };
}

function operandOf(face: Face, text: string): string {
  return face
    .set(text)
    .map((part) => (typeof part === 'string' ? PDFHexString.of(part).toString() : figure(part)))
    .join(' ');
}

/** A number as PDF writes it: no exponent. */
function figure(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** Puts the stamp on each page once; pages that are alike share what is added. */
function stampPages(context: PDFContext, pages: readonly Page[], stamp: Drawn): Box[] {
  const resources = new Map<PDFDict | undefined, { ref: PDFRef; key: PDFName }>();
  const shared = new Map<string, PDFRef>();
  const share = (content: string): PDFRef => {
    const ref = shared.get(content) ?? context.register(context.stream(content));
    shared.set(content, ref);
    return ref;
  };
  const wrap = wrapContent(context, share);
  const done = new Map<PDFDict, Box>();
  return pages.map((page) => {
    const before = done.get(page.dict);
    if (before) return before;
    const { matrix, box } = placeStamp(page.view, stamp);
    const made = resources.get(page.resources) ?? withStamp(context, page.resources, stamp.form);
    resources.set(page.resources, made);
    page.dict.set(PDFName.of('Resources'), made.ref);
    wrap(page.dict, drawing(matrix, made.key));
    done.set(page.dict, box);
    return box;
  });
}

/** No part of the document's own content: readers aloud pass over it (ISO 32000-2, 14.8.2.2). */
function drawing(matrix: Matrix, key: PDFName): string {
  return `q ${matrix.map(figure).join(' ')} cm /Artifact <</Type /Pagination>> BDC ${key} Do EMC Q\n`;
}

/** A copy of a page's resources that has the stamp too. What the page shares stays as it is. */
function withStamp(
  context: PDFContext,
  resources: PDFDict | undefined,
  form: PDFRef,
): { ref: PDFRef; key: PDFName } {
  const copy = resources?.clone(context) ?? context.obj({});
  const xObject = PDFName.of('XObject');
  const own = copy.lookup(xObject);
  const xObjects = own instanceof PDFDict ? own.clone(context) : context.obj({});
  let key = PDFName.of('Stamp');
  for (let other = 2; xObjects.has(key); other += 1) {
    key = PDFName.of(`Stamp${other}`);
  }
  xObjects.set(key, form);
  copy.set(xObject, xObjects);
  return { ref: context.register(copy), key };
}
