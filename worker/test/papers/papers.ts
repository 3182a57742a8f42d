/** Documents of many makes: printed, exported, joined, cut, and broken the way they come. */
import { degrees, PDFDocument, PDFName, rgb, StandardFonts } from '@cantoo/pdf-lib';
import { openBrowser } from '../browser/browser.ts';
import { qpdf } from './tools.ts';
import { stream, written } from './written.ts';

const A4 = [595.28, 841.89] as const;
const LETTER = [612, 792] as const;
const A3_WIDE = [1190.55, 841.89] as const;
const LABEL = [283.46, 141.73] as const;

type Leaf = { size: readonly [number, number]; turn?: number; crop?: number };

/** Pages with words in every corner, and a frame just inside what is shown. */
async function drawn(leaves: readonly Leaf[], dark = false): Promise<PDFDocument> {
  const doc = await PDFDocument.create({ updateMetadata: false });
  const font = await doc.embedFont(StandardFonts.Helvetica);
  for (const { size, turn = 0, crop = 0 } of leaves) {
    const [width, height] = size;
    const page = doc.addPage([width, height]);
    page.setRotation(degrees(turn));
    if (crop > 0) page.setCropBox(crop, crop / 2, width - 2 * crop, height - crop);
    if (dark) page.drawRectangle({ x: 0, y: 0, width, height, color: rgb(0.1, 0.1, 0.2) });
    const [left, foot] = [crop + 20, crop / 2 + 30];
    for (const y of [foot, height / 2, height - crop - 30]) {
      page.drawText(`Invoice INV-77, ${turn} degrees`, { x: left, y, size: 12, font });
    }
    page.drawRectangle({
      x: crop + 3,
      y: crop / 2 + 3,
      width: width - 2 * crop - 6,
      height: height - crop - 6,
      opacity: 0,
      borderWidth: 0.5,
      borderColor: rgb(0, 0.4, 0.4),
    });
  }
  return doc;
}

const words = (text: string, y = 200) => `BT /F 18 Tf 40 ${y} Td (${text}) Tj ET`;

/** Two pages that draw the given content, one each, with one dictionary of resources. */
function pair(first: string, second: string, resources: 'shared' | 'inherited' = 'shared') {
  const shared = resources === 'shared' ? '/Resources 7 0 R' : '';
  const above = resources === 'inherited' ? '/Resources 7 0 R' : '';
  return written([
    '<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[8 0 R]/D<</OFF[8 0 R]>>>>>>',
    `<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 400 500]${above}>>`,
    `<</Type/Page/Parent 2 0 R${shared}/Contents 5 0 R>>`,
    `<</Type/Page/Parent 2 0 R${shared}/Contents [6 0 R 5 0 R]>>`,
    stream(first),
    stream(second),
    '<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/Properties<</Hidden 8 0 R>>>>',
    '<</Type/OCG/Name(Hidden)>>',
  ]);
}

/** Lengths told after the streams, as many writers do, and a word that looks like a keyword. */
function lengthsElsewhere(): Uint8Array {
  const content = words('Downstream and upstream Ltd');
  return written([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]/MediaBox[0 0 400 500]>>',
    '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 9 0 R>>',
    `<</Length 5 0 R>>\nstream\n${content}\nendstream`,
    String(content.length),
    '<</Type/Page/Parent 2 0 R/Contents 7 0 R/Resources 9 0 R>>',
    `<</Length 8 0 R>>\nstream\n${content}\nendstream`,
    String(content.length),
    '<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>',
  ]);
}

/** As a browser prints it: tagged, with links, a table over pages, a header and a footer. */
async function printed(): Promise<Uint8Array> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const row = (n: number) => `<tr><td>${n}</td><td>Śruba M8 × ${n}</td><td>€ ${n}.00</td></tr>`;
    const rows = Array.from({ length: 90 }, (_, n) => row(n + 1)).join('');
    await page.setContent(`<html lang="pl"><title>Faktura</title><h1>Faktura INV-77</h1>
      <p><a href="https://example.com/">example.com</a></p>
      <table style="width: 100%; border-collapse: collapse" border="1">${rows}</table>
      <div style="position: fixed; bottom: 0; background: #123; color: #fff">Zażółć</div>`);
    const pdf = await page.pdf({
      format: 'A4',
      displayHeaderFooter: true,
      outline: true,
      tagged: true,
    });
    return new Uint8Array(pdf);
  } finally {
    await browser.close();
  }
}

/** A form that can be filled in, and an outline. */
async function fillable(): Promise<Uint8Array> {
  const doc = await drawn([{ size: A4 }]);
  const field = doc.getForm().createTextField('remark');
  field.setText('To be filled in');
  field.addToPage(doc.getPage(0), { x: 80, y: 300, width: 200, height: 30 });
  const { context, catalog } = doc;
  const item = context.register(context.obj({ Dest: [0, 'Fit'] }));
  const outline = context.obj({ Type: 'Outlines', First: item, Last: item, Count: 1 });
  catalog.set(PDFName.of('Outlines'), context.register(outline));
  return doc.save({ useObjectStreams: false });
}

/** Saved twice: the second time only what was added. */
async function saved(): Promise<Uint8Array> {
  const first = await (await drawn([{ size: A4 }, { size: A4 }])).save({ useObjectStreams: false });
  const doc = await PDFDocument.load(first, { forIncrementalUpdate: true, updateMetadata: false });
  doc.getPage(1).drawRectangle({ x: 50, y: 50, width: 100, height: 100, color: rgb(0, 0.5, 0) });
  return doc.save();
}

/** Restores that nothing saved for. Browsers and Acrobat ignore them; poppler ends the page. */
const STRAY = [
  `2 0 0 2 -40 -200 cm Q ${words('Large')} Q q .5 g Q Q ${words('Larger', 150)}`,
  `Q Q q .5 0 0 .5 0 0 cm ${words('Small')} Q`,
] as const;

/** What a make looks like where poppler shows it otherwise than the programs that people use. */
export const LIKENESS: Record<string, Uint8Array> = {
  'states restored and not saved': pair(
    `2 0 0 2 -40 -200 cm ${words('Large')} q .5 g Q ${words('Larger', 150)}`,
    `q .5 0 0 .5 0 0 cm ${words('Small')} Q`,
  ),
};

/** Every make, by name. */
export async function papers(): Promise<Record<string, Uint8Array>> {
  const plain = (leaves: readonly Leaf[], dark = false) =>
    drawn(leaves, dark).then((doc) => doc.save({ useObjectStreams: false }));
  const turns = [90, 180, 270, -90];
  const print = await printed();
  return {
    'A4 pages': await plain([{ size: A4 }, { size: A4 }, { size: A4 }]),
    'pages of all sizes': await plain([
      { size: LETTER },
      { size: A3_WIDE },
      { size: A4 },
      { size: [841.89, 595.28] },
      { size: LABEL },
    ]),
    'a label': await plain([{ size: LABEL }]),
    'a receipt': await plain([{ size: [226, 900] }]),
    'a scan at one point a dot': await plain([{ size: [2480, 3508] }]),
    'turned pages': await plain(turns.map((turn) => ({ size: A4, turn }))),
    'cropped pages': await plain([{ size: A4, crop: 60 }]),
    'cropped and turned pages': await plain(
      turns.map((turn) => ({ size: LETTER, turn, crop: 60 })),
    ),
    'dark pages': await plain([{ size: A4 }, { size: LABEL }], true),
    'resources shared by pages': pair(words('First'), words('Second', 100)),
    'resources inherited by pages': pair(words('First'), words('Second', 100), 'inherited'),
    'states saved and not restored': pair(
      `q q .5 0 0 .5 99 99 cm 1 0 0 RG 0 0 50 50 re W n ${words('Clipped', 10)}`,
      `q 1 Tr 300 Tz ${words('Outlined')}`,
    ),
    'states restored and not saved': pair(...STRAY),
    'a hidden layer left open': pair(`${words('Shown')} /OC /Hidden BDC`, words('Both', 90)),
    'text left open': pair('BT /F 9 Tf 9 9 Td 40 Ts 5 Tc (Open) Tj', `${words('Cut')} (off`),
    'lengths told elsewhere': lengthsElsewhere(),
    'a form to fill in': await fillable(),
    'saved twice': await saved(),
    'a browser’s print': print,
    linearised: qpdf(print, '--linearize'),
    'objects in streams': qpdf(print, '--object-streams=generate'),
    'linearised, objects in streams': qpdf(print, '--linearize', '--object-streams=generate'),
    'nothing compressed': qpdf(print, '--qdf', '--object-streams=disable'),
  };
}
