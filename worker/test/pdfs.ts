/** Documents for tests: honest ones as pdf-lib writes them, and hostile ones written by hand. */
import {
  degrees,
  PDFDocument,
  type PDFFont,
  PDFName,
  PDFString,
  StandardFonts,
} from '@cantoo/pdf-lib';
import { zipSync, zlibSync } from 'fflate';
import { stream, written } from './papers/written.ts';

export type Pdf = Uint8Array<ArrayBuffer>;

const A4 = [595, 842] as const;
const MARGIN = 60;
const SIZE = 12;

const latin1 = (bytes: Uint8Array) => {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
};
/** Bytes of a text, a byte for each character. */
export const bytesOf = (text: string): Pdf =>
  Uint8Array.from(text, (character) => character.charCodeAt(0));
const fresh = (bytes: Uint8Array): Pdf => new Uint8Array(bytes);

/** Two files in one, the second behind the first. */
export function followedBy(first: Uint8Array, second: Uint8Array): Pdf {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

type Drawing = { doc: PDFDocument; font: PDFFont };

async function draw(pages: readonly string[], turn = 0): Promise<Drawing> {
  const doc = await PDFDocument.create({ updateMetadata: false });
  const font = await doc.embedFont(StandardFonts.Helvetica);
  for (const text of pages) {
    const page = doc.addPage([...A4]);
    page.setRotation(degrees(turn));
    page.drawText(text, { x: MARGIN, y: A4[1] - MARGIN, size: SIZE, font, lineHeight: SIZE * 1.4 });
  }
  return { doc, font };
}

/** A document with one text a page; lines end with `\n`. */
export async function textPdf(
  pages: readonly string[],
  options: { objectStreams?: boolean; turn?: number } = {},
): Promise<Pdf> {
  const { doc } = await draw(pages, options.turn);
  return fresh(await doc.save({ useObjectStreams: options.objectStreams ?? false }));
}

/** Pages without anything on them. */
export async function blankPdf(count: number): Promise<Pdf> {
  const doc = await PDFDocument.create({ updateMetadata: false });
  for (let page = 0; page < count; page += 1) doc.addPage([...A4]);
  return fresh(await doc.save());
}

/** An honest document whose tree of pages is empty. */
export const pagelessPdf = (): Pdf =>
  fresh(written(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Count 0/Kids[]>>']));

/** Encrypted so that everybody may open it: the user's password is empty. */
export async function encryptedPdf(objectStreams: boolean): Promise<Pdf> {
  const { doc } = await draw(['For those who have the key']);
  doc.encrypt({ ownerPassword: 'of the owner' });
  return fresh(await doc.save({ useObjectStreams: objectStreams }));
}

/** A form with a field to fill in, nothing else. */
export async function formPdf(): Promise<Pdf> {
  const { doc } = await draw(['Delivery note']);
  const field = doc.getForm().createTextField('remark');
  field.setText('Left at the gate');
  field.addToPage(doc.getPage(0), { x: 80, y: 300, width: 200, height: 30 });
  return fresh(await doc.save());
}

/** A page with a link to an address. */
export async function linkedPdf(address: string): Promise<Pdf> {
  const { doc } = await draw(['Pay here']);
  const { context } = doc;
  const link = context.obj({
    Type: 'Annot',
    Subtype: 'Link',
    Rect: [50, 50, 200, 80],
    A: { Type: 'Action', S: 'URI', URI: PDFString.of(address) },
  });
  doc.getPage(0).node.set(PDFName.of('Annots'), context.obj([context.register(link)]));
  return fresh(await doc.save());
}

/** An invoice with files inside, each with this name and a line of text. */
export async function attachedPdf(...names: string[]): Promise<Pdf> {
  const { doc } = await draw(['Invoice INV-2024-001']);
  for (const name of names) {
    await doc.attach(bytesOf('<Invoice/>'), name, { mimeType: 'text/xml' });
  }
  return fresh(await doc.save());
}

/** An invoice with a signature: made, or a field that waits for one. */
export function signatureFieldPdf(signed: boolean): Pdf {
  const value = signed
    ? '/V<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached/ByteRange[0 840 960 240]/Contents<00>>>'
    : '';
  return onePage({
    catalog: '/AcroForm<</Fields[6 0 R]/SigFlags 3>>',
    more: [`<</FT/Sig/T(Signature)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]${value}>>`],
  });
}

type Written = {
  /** Entries of the catalog, and of the page. */
  catalog?: string;
  page?: string;
  resources?: string;
  /** Object 4, the page's content, when it is not plain text. */
  content?: string;
  /** Objects from 6 on. */
  more?: readonly string[];
};

const TEXT = 'BT /F 12 Tf 60 780 Td (Invoice INV-2024-001) Tj ET';

/** One page with a line of text, and whatever a test is about. */
export function onePage(given: Written = {}): Pdf {
  const { catalog = '', page = '', resources = '', content = stream(TEXT), more = [] } = given;
  return fresh(
    written([
      `<</Type/Catalog/Pages 2 0 R${catalog}>>`,
      '<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 595 842]>>',
      `<</Type/Page/Parent 2 0 R/Resources<</Font<</F 5 0 R>>${resources}>>/Contents 4 0 R${page}>>`,
      content,
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
      ...more,
    ]),
  );
}

/** A document that does something when it is opened: the catalog's OpenAction. */
export const actingPdf = (action: string): Pdf => onePage({ catalog: `/OpenAction${action}` });

/** Objects inside an object stream: each a text, numbered from `first` on. */
export function objectStream(first: number, objects: readonly string[], entries = ''): string {
  let body = '';
  const index = objects.map((object, i) => {
    const place = `${first + i} ${body.length}`;
    body += `${object} `;
    return place;
  });
  const head = `${index.join(' ')} `;
  return stream(
    latin1(zlibSync(bytesOf(head + body))),
    `/Type/ObjStm/N ${objects.length}/First ${head.length}/Filter/FlateDecode${entries}`,
  );
}

/** A tree of pages whose leaf is its root. */
export const cyclicPdf = (): Pdf =>
  fresh(
    written([
      '<</Type/Catalog/Pages 2 0 R>>',
      '<</Type/Pages/Count 1/Kids[3 0 R]>>',
      '<</Type/Pages/Count 1/Kids[2 0 R]/Parent 2 0 R>>',
    ]),
  );

/** A ZIP with a document in it. */
export const zipOf = (pdf: Pdf): Pdf => fresh(zipSync({ 'invoice.pdf': pdf }));

export const BOMB_BYTES = 40_000_000;
const bombs = new Map<number, string>();
/** A thousandth of these bytes, which inflates to so many blanks. */
export function deflatedBomb(bytes = BOMB_BYTES): string {
  const bomb = bombs.get(bytes) ?? latin1(zlibSync(new Uint8Array(bytes).fill(0x20)));
  bombs.set(bytes, bomb);
  return bomb;
}

/** A page whose content is some bytes, said to be encoded in some way. */
export const contentPdf = (body: string, entries: string): Pdf =>
  onePage({ content: stream(body, entries) });

/** Runs of 128 blanks, 40 MB of them. */
export const runLengthBomb = (): string => '\x81 '.repeat(BOMB_BYTES / 128);

/** Codes that each stand for one byte more than the one before, 7 MB a round. */
export function lzwBomb(rounds: number): string {
  let text = '';
  let bits = 0;
  let count = 0;
  const put = (code: number, width: number) => {
    bits = (bits << width) | code;
    count += width;
    for (; count >= 8; count -= 8) text += String.fromCharCode((bits >> (count - 8)) & 255);
    bits &= 255;
  };
  for (let round = 0; round < rounds; round += 1) {
    put(256, round === 0 ? 9 : 12);
    put(0, 9);
    for (let code = 258; code < 4095; code += 1) {
      put(code, code < 511 ? 9 : code < 1023 ? 10 : code < 2047 ? 11 : 12);
    }
  }
  put(257, 12);
  put(0, 8);
  return text;
}

/** Bytes as ASCII85 writes them. */
export function ascii85(text: string): string {
  let out = '';
  for (let at = 0; at < text.length; at += 4) {
    const group = text.slice(at, at + 4);
    const padded = bytesOf(group.padEnd(4, '\0'));
    let value = padded.reduce((sum, byte) => sum * 256 + byte, 0);
    let digits = '';
    for (let digit = 0; digit < 5; digit += 1) {
      digits = String.fromCharCode(33 + (value % 85)) + digits;
      value = Math.floor(value / 85);
    }
    out += digits.slice(0, group.length + 1);
  }
  return `${out}~>`;
}

export { latin1 };
