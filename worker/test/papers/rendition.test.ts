/**
 * Renditions, seen by other programs than ours: qpdf finds them sound, poppler reads the stamp and
 * draws the pages as they were.
 */
import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { crc32 } from '../../crc32.ts';
import { makeRendition, type Rendition } from '../../pdf/rendition.ts';
import { patchOf, stampText } from '../../pdf/splice.ts';
import { planZip } from '../../zip.ts';
import { LIKENESS, papers } from './papers.ts';
import { kept, type Picture, picturesOf, qpdf, run, textOf } from './tools.ts';
import { written } from './written.ts';

const DOTS = 50;
const NAME = 'Łódzka Spółka „Żółw” S.A.';
const STAMPED = { customerName: NAME, fileId: '0193b4a0-7c1e-7000-8000-2f6e3c5d9a10' };
const REFERENCE = '7A3F-09BC-41DE-55C0';
const text = stampText({ at: '2026-11-21T20:14:00Z', linkLast4: 'WMWM', reference: REFERENCE });

function served({ bytes, slotOffset }: Rendition): Uint8Array {
  const file = { length: bytes.length, slot: { offset: slotOffset, text } };
  const copy = bytes.slice();
  const patch = patchOf(file, 0, bytes.length);
  copy.set(patch?.bytes ?? [], patch?.at);
  return copy;
}

/** How many dots differ inside the box, and how many outside it; a dot beside it is inside. */
function differing(before: Picture, after: Picture, box: Rendition['boxes'][number], unit: number) {
  const scale = (DOTS / 72) * unit;
  const [left, right] = [box.x * scale - 1, (box.x + box.width) * scale + 1];
  const foot = before.height - box.y * scale + 1;
  const head = before.height - (box.y + box.height) * scale - 2;
  const count = { inside: 0, outside: 0 };
  before.pixels.forEach((dot, at) => {
    if (dot === after.pixels[at]) return;
    const [x, y] = [at % before.width, Math.floor(at / before.width)];
    const within = x >= Math.floor(left) && x <= right && y >= Math.floor(head) && y <= foot;
    count[within ? 'inside' : 'outside'] += 1;
  });
  return count;
}

let all: Record<string, Uint8Array>;
beforeAll(async () => {
  all = await papers();
});

describe.each([
  'A4 pages',
  'pages of all sizes',
  'a label',
  'a receipt',
  'a scan at one point a dot',
  'turned pages',
  'cropped pages',
  'cropped and turned pages',
  'dark pages',
  'resources shared by pages',
  'resources inherited by pages',
  'states saved and not restored',
  'states restored and not saved',
  'a hidden layer left open',
  'text left open',
  'lengths told elsewhere',
  'a form to fill in',
  'saved twice',
  'a browser’s print',
  'linearised',
  'objects in streams',
  'linearised, objects in streams',
  'nothing compressed',
])('%s', (paper) => {
  let original: Uint8Array;
  let rendition: Rendition;
  let stamped: Uint8Array;
  beforeAll(async () => {
    original = all[paper] ?? new Uint8Array();
    rendition = await makeRendition(original, STAMPED);
    stamped = served(rendition);
  });

  test('the file is sound, and not much larger', () => {
    expect(run('qpdf', '--check', kept(stamped)).toString()).toContain('No syntax or stream');
    expect(run('qpdf', '--check', kept(stamped)).toString()).toContain('not linearized');
    expect(stamped.length).toBeLessThan(original.length * 1.15 + 10_000);
  });

  test('every page says whose it is, and how it was taken', () => {
    const pages = textOf(stamped);
    expect(pages).toHaveLength(rendition.boxes.length);
    for (const page of pages) {
      const line = page.replace(/\s+/g, ' ');
      expect(line).toContain(NAME);
      expect(line).toContain(text.trim().replace(/\s+/g, ' '));
    }
  });

  test('the stamp is seen on every page, and nothing else is changed', () => {
    const before = picturesOf(LIKENESS[paper] ?? original, DOTS);
    const after = picturesOf(stamped, DOTS);
    expect(after).toHaveLength(before.length);
    expect(rendition.boxes).toHaveLength(before.length);
    before.forEach((picture, page) => {
      const now = after[page] ?? picture;
      const box = rendition.boxes[page] ?? { x: 0, y: 0, width: 0, height: 0 };
      expect([now.width, now.height]).toEqual([picture.width, picture.height]);
      const { inside, outside } = differing(picture, now, box, 1);
      expect(outside, `page ${page + 1}`).toBe(0);
      expect(inside, `page ${page + 1}`).toBeGreaterThan(150);
    });
  });
});

test('links, outlines, tags and forms are still there', async () => {
  const print = await makeRendition(all['a browser’s print'] ?? new Uint8Array(), STAMPED);
  const text = new TextDecoder('latin1').decode(
    qpdf(print.bytes, '--qdf', '--object-streams=disable'),
  );
  for (const kept of ['https://example.com/', '/StructTreeRoot', '/Outlines', '/Lang (pl)']) {
    expect(text).toContain(kept);
  }
  const form = await makeRendition(all['a form to fill in'] ?? new Uint8Array(), STAMPED);
  expect(textOf(served(form)).join()).toContain('To be filled in');
});

/** A page of small print and a picture of noise: a file of some bytes that does not shrink. */
function large(bytes: number, objects: number): Uint8Array {
  let seed = 1;
  const noise = Uint8Array.from({ length: bytes }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed & 0xff;
  });
  const image = Buffer.from(deflateSync(noise, { level: 0 })).toString('latin1');
  const side = Math.floor(Math.sqrt(bytes));
  const entries = `/Type/XObject/Subtype/Image/Width ${side}/Height ${side}/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode`;
  const page = '<</Type/Page/Parent 2 0 R/Contents 6 0 R>>';
  return written([
    '<</Type/Catalog/Pages 2 0 R/Kept 8 0 R>>',
    '<</Type/Pages/Count 3/Kids[3 0 R 4 0 R 5 0 R]/MediaBox[0 0 595 842]/Resources<</XObject<</I 7 0 R>>>>>>',
    ...[page, page, page],
    '<</Length 32>>\nstream\nq 400 0 0 400 90 300 cm /I Do Q  \nendstream',
    `<<${entries}/Length ${image.length}>>\nstream\n${image}\nendstream`,
    `[${Array.from({ length: objects }, (_, n) => `${n + 9} 0 R`).join(' ')}]`,
    ...Array.from({ length: objects }, (_, n) => `<</Type/StructElem/S/P/K ${n}>>`),
  ]);
}

test('a file of 20 MB grows by a few kB, and so does one of many small objects', async () => {
  for (const original of [large(20e6, 0), qpdf(large(1e5, 30_000), '--object-streams=generate')]) {
    const { bytes } = await makeRendition(original, STAMPED);
    expect(bytes.length).toBeLessThan(original.length * 1.3 + 10_000);
    expect(run('qpdf', '--check', kept(bytes)).toString()).toContain('No syntax or stream');
  }
});

test('an archive of renditions is read by other programs', async () => {
  const names = ['Faktura żółta.pdf', 'INV-1 (2).pdf', 'empty.pdf'];
  const rendition = await makeRendition(all['A4 pages'] ?? new Uint8Array(), STAMPED);
  const files = [served(rendition), all['a label'] ?? new Uint8Array(), new Uint8Array()];
  const modifiedAt = new Date('2026-11-21T12:34:56Z');
  const { headers, end } = planZip(
    files.map((bytes, i) => ({
      name: names[i] ?? '',
      size: bytes.length,
      crc32: crc32(bytes),
      modifiedAt,
    })),
  );
  const parts = files.flatMap((bytes, i) => [headers[i] ?? new Uint8Array(), bytes]);
  const archive = kept(Buffer.concat([...parts, end]), 'zip');
  expect(run('unzip', '-t', archive).toString()).toContain('No errors detected');
  expect(run('python3', '-m', 'zipfile', '--test', archive).toString()).not.toContain('Bad');
  const listed = run('python3', '-m', 'zipfile', '--list', archive).toString();
  for (const name of names) expect(listed).toContain(name);
  expect(listed).toContain('2026-11-21 12:34:56');
});
