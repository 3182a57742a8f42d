import { PDFDict, PDFDocument, PDFName, PDFRawStream } from '@cantoo/pdf-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { written } from '../test/papers/written.ts';
import { makeRendition, type Rendition } from './rendition.ts';
import { STAMP_LENGTH } from './splice.ts';

const STAMPED = { customerName: 'Żabka Łódź', fileId: '0193b4a0-7c1e-7000-8000-2f6e3c5d9a10' };
const ascii = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const latin1 = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

const CATALOG = '<</Type/Catalog/Pages 2 0 R>>';

async function blank(pages: number, more?: (doc: PDFDocument) => void): Promise<Uint8Array> {
  const doc = await PDFDocument.create({ updateMetadata: false });
  for (let page = 0; page < pages; page += 1) doc.addPage([595, 842]);
  more?.(doc);
  return doc.save({ useObjectStreams: false });
}

describe('a rendition', () => {
  let original: Uint8Array;
  let made: Rendition;
  beforeAll(async () => {
    original = await blank(3);
    made = await makeRendition(original, STAMPED);
  });

  test('has its slot at the offset that it tells, inside a string that is not compressed', () => {
    const { bytes, slotOffset, slotLength } = made;
    expect(slotLength).toBe(STAMP_LENGTH);
    const around = latin1(bytes.subarray(slotOffset - 1, slotOffset + slotLength + 4));
    expect(around).toMatch(/^\([^()\\]*\) Tj$/);
    expect(around).toContain(STAMPED.fileId);
  });

  test('has its slot near the beginning, so that little is read to fill it', () => {
    expect(made.slotOffset).toBeLessThan(1500);
  });

  test('is the same, byte for byte, when it is made again', async () => {
    expect(await makeRendition(original, STAMPED)).toEqual(made);
  });

  test('differs by customer and by file', async () => {
    const other = await makeRendition(original, { ...STAMPED, customerName: 'Zażółć' });
    expect(other.bytes).not.toEqual(made.bytes);
  });

  test('has one form on all pages, and tells a box for each', async () => {
    const doc = await PDFDocument.load(made.bytes, { updateMetadata: false });
    const shown = doc.getPages().map(({ node }) => {
      const xObjects = node.Resources()?.lookup(PDFName.of('XObject'), PDFDict);
      return xObjects?.keys().map(String);
    });
    expect(shown).toEqual([['/Stamp'], ['/Stamp'], ['/Stamp']]);
    const forms = doc.context
      .enumerateIndirectObjects()
      .filter(([, object]) => object instanceof PDFRawStream)
      .filter(([, object]) => String(object).includes('/Subtype /Form'));
    expect(forms).toHaveLength(1);
    expect(made.boxes).toHaveLength(3);
    expect(made.boxes[0]?.y).toBe(12);
  });

  test('leaves the original as it was', async () => {
    const copy = original.slice();
    await makeRendition(original, STAMPED);
    expect(original).toEqual(copy);
  });

  test('adds less than 9 kB', () => {
    expect(made.bytes.length - original.length).toBeLessThan(9000);
  });
});

test.each([
  ['nothing', ''],
  ['spaces', ' \n\t '],
  ['letters that no face of ours has', '漢字かな مرحبا שלום 🧾'],
  ['half a character and controls', '\ud800A\u0000B\u202eC'],
  ['PDF’s own signs', '(\\) <<>> [%] /Name'],
  ['more than fits', 'Ogólnopolskie Przedsiębiorstwo '.repeat(40)],
  ['one long word', 'W'.repeat(500)],
])('a customer’s name of %s makes a rendition', async (_, customerName) => {
  const { boxes } = await makeRendition(await blank(1), { ...STAMPED, customerName });
  expect(boxes[0]?.width).toBeGreaterThan(180);
  expect(boxes[0]?.width).toBeLessThan(595);
});

test('a file that holds the slot’s mark is refused, loudly', async () => {
  const { bytes } = await makeRendition(await blank(1), STAMPED);
  await expect(makeRendition(bytes, STAMPED)).rejects.toThrow('exactly once');
});

test('what cannot be read, or has no page, is refused', async () => {
  await expect(makeRendition(ascii('not a PDF'), STAMPED)).rejects.toThrow();
  const empty = written([CATALOG, '<</Type/Pages/Count 0/Kids[]>>']);
  await expect(makeRendition(empty, STAMPED)).rejects.toThrow('without pages');
  const broken = written([
    CATALOG,
    '<</Type/Pages/Count 1/Kids[3 0 R]>>',
    '<</Type/Page /Rotate ??>>',
  ]);
  await expect(makeRendition(broken, STAMPED)).rejects.toThrow();
});
