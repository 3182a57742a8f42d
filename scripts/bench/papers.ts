/** PDFs of a wanted size, and their way to a customer: imported, approved, stamped. */
import { randomBytes } from 'node:crypto';
import {
  concatTransformationMatrix,
  drawObject,
  PDFDocument,
  PDFName,
  type PDFRef,
  popGraphicsState,
  pushGraphicsState,
  StandardFonts,
} from '@cantoo/pdf-lib';
import { approve, type Org, stageRows } from '../../worker/test/cast.ts';
import type { Stack } from '../../worker/test/stack.ts';
import type { DocumentKind } from '../../worker/vocabulary.ts';

const [PAGE_WIDTH, PAGE_HEIGHT] = [595, 842];
const SCAN_WIDTH = 1000;
/** A page of grey at 100 dots an inch. */
const SCAN_BYTES = 1_000_000;
const LINES_A_PAGE = 60;
const COLUMNS = 4;

/** A scan of `bytes`, give or take a kilobyte: pages that are noise, which nothing makes smaller. */
export async function scanOf(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create();
  for (let left = bytes; left > 0; left -= SCAN_BYTES) {
    const height = Math.floor(Math.min(left, SCAN_BYTES) / SCAN_WIDTH);
    const pixels = new Uint8Array(randomBytes(SCAN_WIDTH * height));
    const image = document.context.stream(pixels, {
      Type: 'XObject',
      Subtype: 'Image',
      Width: SCAN_WIDTH,
      Height: height,
      ColorSpace: 'DeviceGray',
      BitsPerComponent: 8,
    });
    const page = document.addPage([PAGE_WIDTH, PAGE_HEIGHT]);
    const name = page.node.newXObject('Scan', document.context.register(image));
    page.pushOperators(
      pushGraphicsState(),
      concatTransformationMatrix(PAGE_WIDTH, 0, 0, PAGE_HEIGHT, 0, 0),
      drawObject(name),
      popGraphicsState(),
    );
  }
  return Uint8Array.from(await document.save());
}

/**
 * A table of `bytes`, give or take a page, as browsers and word processors print one: with a tree of what
 * each cell is, an object each, which is most of such a file.
 */
export async function printOf(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const sample = (await printedPages(10)).byteLength - (await printedPages(0)).byteLength;
  return printedPages(Math.round((bytes * 10) / sample));
}

async function printedPages(count: number): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create();
  const { context, catalog } = document;
  const font = await document.embedFont(StandardFonts.Helvetica);
  const element = (type: string, parent: PDFRef) => ({ Type: 'StructElem', S: type, P: parent });
  const root = context.nextRef();
  const tables: PDFRef[] = [];
  for (let number = 0; number < count; number += 1) {
    const page = document.addPage([PAGE_WIDTH, PAGE_HEIGHT]);
    const table = context.nextRef();
    const rows: PDFRef[] = [];
    for (let line = 0; line < LINES_A_PAGE; line += 1) {
      const row = context.nextRef();
      const cells: PDFRef[] = [];
      for (let column = 0; column < COLUMNS; column += 1) {
        const text = randomBytes(9).toString('base64');
        page.drawText(text, { font, size: 9, x: 40 + column * 130, y: 800 - line * 12 });
        const cell = context.nextRef();
        const content = { Pg: page.ref, K: line * COLUMNS + column };
        const span = context.obj({ ...element('NonStruct', cell), ...content });
        context.assign(cell, context.obj({ ...element('TD', row), K: [context.register(span)] }));
        cells.push(cell);
      }
      context.assign(row, context.obj({ ...element('TR', table), K: cells }));
      rows.push(row);
    }
    context.assign(table, context.obj({ ...element('Table', root), K: rows }));
    tables.push(table);
  }
  context.assign(root, context.obj({ Type: 'StructTreeRoot', K: tables }));
  catalog.set(PDFName.of('StructTreeRoot'), root);
  catalog.set(PDFName.of('MarkInfo'), context.obj({ Marked: true }));
  return Uint8Array.from(await document.save({ addDefaultPage: false, useObjectStreams: false }));
}

export type Paper = {
  customer: string;
  kind: DocumentKind;
  number: string;
  bytes: Uint8Array<ArrayBuffer>;
};
/** A paper as it is live: `bytes` are those of its rendition, with an empty slot at `slotOffset`. */
export type LivePaper = { id: string; bytes: Uint8Array<ArrayBuffer>; slotOffset: number };

/** Publishes papers of customers who are there, and gives them as live, in the same order. */
export async function publishPapers(
  stack: Stack,
  org: Org,
  papers: readonly Paper[],
): Promise<LivePaper[]> {
  const rows = papers.map(({ customer, kind, number }) => ({
    customer_code: customer,
    document_kind: kind,
    document_number: number,
    document_date: '2026-10-01',
    file_name: `${number}.pdf`,
  }));
  const files = papers.map(({ number, bytes }) => [`${number}.pdf`, bytes] as const);
  const publishId = await stageRows(org, rows, Object.fromEntries(files));
  // Makes renditions until none is wanted, which looking at the review would not wait for.
  await stack.minute();
  const { status, body } = await approve(org, publishId);
  if (status !== 200) {
    throw new Error(`approval refused: ${JSON.stringify(body)}`);
  }
  const live = new Map<string, LivePaper>();
  for (const row of await stack.sql<{
    id: string;
    number: string;
    object: string;
    slot: string | null;
  }>(
    `select id, number, object_sha256 as object, slot_offset as slot
       from portal.documents where org_id = $1 and number = any ($2)`,
    [org.id, papers.map(({ number }) => number)],
  )) {
    const bucket = await stack.bucket();
    const object = await bucket.get(`${org.id}/${row.object}`);
    if (object === null || row.slot === null) {
      throw new Error(`${row.number} is not stamped`);
    }
    const bytes = new Uint8Array(await object.arrayBuffer());
    live.set(row.number, { id: row.id, bytes, slotOffset: Number(row.slot) });
  }
  return papers.map(({ number }) => {
    const paper = live.get(number);
    if (paper === undefined) {
      throw new Error(`${number} is not live`);
    }
    return paper;
  });
}
