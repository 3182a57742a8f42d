import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFRawStream,
  PDFString,
} from '@cantoo/pdf-lib';
import { describe, expect, test } from 'vitest';
import { stream, written } from '../../test/papers/written.ts';
import { makeRendition } from '../rendition.ts';

const STAMPED = { customerName: 'Żabka Łódź', fileId: '0193b4a0-7c1e-7000-8000-2f6e3c5d9a10' };
const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
const name = (text: string) => PDFName.of(text);

const CATALOG = '<</Type/Catalog/Pages 2 0 R>>';

async function open(bytes: Uint8Array) {
  const doc = await PDFDocument.load(bytes, { updateMetadata: false });
  const contents = (page: number): string =>
    doc
      .getPage(page)
      .node.lookup(name('Contents'), PDFArray)
      .asArray()
      .map((ref) => doc.context.lookup(ref))
      .map((part) => (part instanceof PDFRawStream ? decodePDFRawStream(part).decode() : []))
      .map((part) => latin1(Uint8Array.from(part)))
      .join('|');
  const xObjects = (page: number): string[] =>
    doc
      .getPage(page)
      .node.lookup(name('Resources'), PDFDict)
      .lookup(name('XObject'), PDFDict)
      .keys()
      .map(String);
  return { doc, contents, xObjects };
}

async function blank(pages: number, more?: (doc: PDFDocument) => void): Promise<Uint8Array> {
  const doc = await PDFDocument.create({ updateMetadata: false });
  for (let page = 0; page < pages; page += 1) doc.addPage([595, 842]);
  more?.(doc);
  return doc.save({ useObjectStreams: false });
}

describe('pages', () => {
  const RESOURCES = '<</Font<</F1 4 0 R>>/XObject<</Stamp 5 0 R>>>>';
  const FONT = '<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>';
  const FORM = stream('0 0 9 9 re f', '/Type/XObject/Subtype/Form/BBox[0 0 9 9]');

  test('inherit what they draw with, and no one else’s is changed', async () => {
    const { bytes } = await makeRendition(
      written([
        CATALOG,
        `<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]/MediaBox[0 0 300 400]/Resources ${RESOURCES}>>`,
        '<</Type/Page/Parent 2 0 R/Contents 7 0 R>>',
        FONT,
        FORM,
        '<</Type/Page/Parent 2 0 R/Resources 8 0 R/Contents 7 0 R>>',
        stream('/Stamp Do'),
        '<</XObject<</Stamp 5 0 R/Stamp2 5 0 R>>>>',
      ]),
      STAMPED,
    );
    const { doc, contents, xObjects } = await open(bytes);
    expect(xObjects(0)).toEqual(['/Stamp', '/Stamp2']);
    expect(xObjects(1)).toEqual(['/Stamp', '/Stamp2', '/Stamp3']);
    expect(contents(0)).toMatch(/\|\/Stamp Do\|[^|]*\/Stamp2 Do EMC Q\n$/);
    expect(contents(1)).toMatch(/\|\/Stamp Do\|[^|]*\/Stamp3 Do EMC Q\n$/);
    const [first] = doc.getPages();
    expect(String(first?.node.lookup(name('Resources'), PDFDict))).toContain('/F1');
    const above = doc.catalog.lookup(name('Pages'), PDFDict).lookup(name('Resources'));
    expect(String(above)).not.toContain('Stamp2');
  });

  test('without Type, resources, content or size are stamped too; one in the tree twice, once', async () => {
    const { bytes, boxes } = await makeRendition(
      written([
        CATALOG,
        '<</Kids[3 0 R 4 0 R 3 0 R 99 0 R]>>',
        '<<>>',
        '<</Kids[5 0 R 2 0 R]>>',
        '<<>>',
      ]),
      STAMPED,
    );
    expect(boxes).toHaveLength(3);
    expect(boxes[0]).toEqual(boxes[2]);
    expect(latin1(bytes).match(/\/Contents/g)).toHaveLength(2);
  });

  test('show their crop box, as they are turned, and boxes may be the wrong way round', async () => {
    const page = (entries: string) => `<</Type/Page/Parent 2 0 R${entries}>>`;
    const { boxes } = await makeRendition(
      written([
        CATALOG,
        '<</Type/Pages/Count 6/Kids[3 0 R 4 0 R 5 0 R 6 0 R 7 0 R 8 0 R]/Rotate 90/MediaBox[0 0 600 800]>>',
        page('/Rotate 0'),
        page(''),
        page('/Rotate -270/CropBox[500 700 100 100]'),
        page('/Rotate 0/CropBox[700 0 900 900]'),
        page('/Rotate 45/MediaBox[600 800 0 0]'),
        page('/Rotate 0/UserUnit 2/MediaBox[0 0 300 400]'),
      ]),
      STAMPED,
    );
    const middles = boxes.map(({ x, width }) => x + width / 2);
    expect(middles.map(Math.round)).toEqual([300, 400, 300, 300, 300, 150]);
    const [plain, , , , , halved] = boxes;
    expect(halved?.width).toBeCloseTo((plain?.width ?? 0) / 2, 3);
  });
});

test('content that saves more than it restores, or restores more than it saved, is evened out', async () => {
  const page = (contents: string) => `<</Type/Page/Parent 2 0 R/Contents ${contents}>>`;
  const { bytes } = await makeRendition(
    written([
      CATALOG,
      '<</Type/Pages/Count 3/MediaBox[0 0 300 400]/Kids[3 0 R 4 0 R 5 0 R]>>',
      page('6 0 R'),
      page('[7 0 R 6 0 R]'),
      page('8 0 R'),
      stream('q q 2 0 0 2 0 0 cm'),
      stream('Q 1 0 0 1 9 9 cm Q'),
      stream('/OC /Hidden BDC BT (cut off'),
    ]),
    STAMPED,
  );
  const { contents } = await open(bytes);
  expect(contents(0)).toMatch(/^q\n\|q q 2 0 0 2 0 0 cm\|\nQ Q Q \nq /);
  expect(contents(1)).toMatch(/^q\n\| {2}1 0 0 1 9 9 cm {2}\|q q 2 0 0 2 0 0 cm\|\nQ Q Q \nq /);
  expect(contents(2)).toMatch(/\|\)\nET EMC Q \nq /);
});

describe('a rewritten file keeps', () => {
  test('outlines, labels, links, forms and its own dates; nothing is dated anew', async () => {
    const original = await blank(2, (doc) => {
      const { context, catalog } = doc;
      catalog.set(name('PageLabels'), context.obj({ Nums: [0, { S: 'r' }] }));
      catalog.set(name('Outlines'), context.register(context.obj({ Type: 'Outlines', Count: 0 })));
      catalog.set(name('AcroForm'), context.obj({ Fields: [] }));
      const link = { Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 9, 9], Dest: [1, 'Fit'] };
      doc.getPage(0).node.set(name('Annots'), context.obj([context.register(context.obj(link))]));
      doc.setTitle('Faktura');
      doc.setModificationDate(new Date('2020-02-02T00:00:00Z'));
    });
    const { bytes } = await makeRendition(original, STAMPED);
    const { doc } = await open(bytes);
    for (const kept of ['PageLabels', 'Outlines', 'AcroForm']) {
      expect(doc.catalog.lookup(name(kept)), kept).toBeInstanceOf(PDFDict);
    }
    expect(doc.getPage(0).node.Annots()?.size()).toBe(1);
    expect(doc.getTitle()).toBe('Faktura');
    expect(doc.getModificationDate()).toEqual(new Date('2020-02-02T00:00:00Z'));
    expect(doc.getProducer()).toBeUndefined();
  });

  test('no claim to PDF/A, no usage rights and nothing that nothing leads to', async () => {
    const xmp =
      '<x><rdf:Description pdfaid:part="2" pdfaid:conformance="B"/><pdfaid:part>2</pdfaid:part><dc:title>ż</dc:title></x>';
    const original = await blank(1, ({ context, catalog }) => {
      const entries = { Type: 'Metadata', Subtype: 'XML' };
      const metadata = context.flateStream(new TextEncoder().encode(xmp), entries);
      catalog.set(name('Metadata'), context.register(metadata));
      catalog.set(name('Perms'), context.obj({ UR3: {} }));
      context.register(context.obj({ Linearized: 1 }));
      context.register(PDFString.of('an earlier customer'));
    });
    const { bytes } = await makeRendition(original, STAMPED);
    const { doc } = await open(bytes);
    const kept = doc.catalog.lookup(name('Metadata'));
    expect(kept instanceof PDFRawStream && new TextDecoder().decode(kept.contents)).toBe(
      '<x><rdf:Description/><dc:title>ż</dc:title></x>',
    );
    expect(doc.catalog.has(name('Perms'))).toBe(false);
    expect(latin1(bytes)).not.toMatch(/Linearized|earlier customer/);
  });

  test('its version, and is of 1.4 at least', async () => {
    const pages = '<</Type/Pages/Count 1/Kids[3 0 R]>>';
    const page = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]>>';
    const versions = ['1.2', '1.6', '2.0'].map(async (version) => {
      const { bytes } = await makeRendition(written([CATALOG, pages, page], version), STAMPED);
      return latin1(bytes.subarray(5, 8));
    });
    expect(await Promise.all(versions)).toEqual(['1.4', '1.6', '2.0']);
  });

  test('its objects compressed, when they were', async () => {
    const doc = await PDFDocument.create({ updateMetadata: false });
    doc.addPage();
    for (let i = 0; i < 2000; i += 1) {
      const entry = doc.context.obj({ Type: 'StructElem', S: 'P', Next: [i, i + 1], Pg: 'Page' });
      doc.catalog.set(name(`Kept${i}`), doc.context.register(entry));
    }
    const original = await doc.save({ useObjectStreams: true });
    const plain = await doc.save({ useObjectStreams: false });
    const { bytes } = await makeRendition(original, STAMPED);
    expect(bytes.length).toBeLessThan(original.length * 1.2 + 9000);
    expect(plain.length).toBeGreaterThan(original.length * 2);
  });
});

test('a stream whose length is told elsewhere may hold the word stream', async () => {
  const content = 'BT (Downstream and upstream Ltd) Tj ET\n';
  const { bytes } = await makeRendition(
    written([
      CATALOG,
      '<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>',
      '<</Type/Page/Parent 2 0 R/Contents 4 0 R>>',
      `<</Length 5 0 R>>\nstream\r\n${content}\r\nendstream`,
      String(content.length),
      '<</Type/Page/Parent 2 0 R/Contents 7 0 R>>',
      `<</Length 8 0 R>>stream\n${content}endstream`,
      String(content.length),
    ]),
    STAMPED,
  );
  const { doc, contents } = await open(bytes);
  expect(doc.getPageCount()).toBe(2);
  expect(contents(0)).toContain('Downstream and upstream Ltd');
  expect(contents(1)).toContain('Downstream and upstream Ltd');
});
