/** PDFs of a wanted size, and their way to a customer: imported, approved, stamped. */
import { randomBytes } from 'node:crypto';
import {
  concatTransformationMatrix,
  drawObject,
  PDFDocument,
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

/** Pages full of text that is never the same, until there are `bytes` of them, give or take a page. */
export async function textOf(bytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const sample = (await textPages(10)).byteLength - (await textPages(0)).byteLength;
  return textPages(Math.round((bytes * 10) / sample));
}

async function textPages(count: number): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (let number = 0; number < count; number += 1) {
    const page = document.addPage([PAGE_WIDTH, PAGE_HEIGHT]);
    for (let line = 0; line < LINES_A_PAGE; line += 1) {
      const text = randomBytes(36).toString('base64');
      page.drawText(text, { font, size: 9, x: 40, y: 800 - line * 12 });
    }
  }
  return Uint8Array.from(await document.save({ addDefaultPage: false }));
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
