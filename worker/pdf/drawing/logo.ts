/** The supplier's logo on the first page, if it is one that can be drawn. */
import type { PDFRef } from '@cantoo/pdf-lib';
import type { DrawnDocument } from './drawn-document.ts';
import type { Flow } from './page-flow.ts';
import { type PngLogo, readPng } from './png-logo.ts';
import { readSvgLogo, type SvgLogo } from './svg-logo.ts';

type Drawing = { png: PngLogo } | { svg: SvgLogo };

/** What a logo may fill, in points. */
const BOX = { width: 172, height: 46 };
const PIXELS_PER_POINT = 4;
/** A picture of few pixels is not blown up: 96 to the inch, as a screen shows it. */
const POINTS_PER_PIXEL_MAX = 0.75;
const KEPT_LOGOS = 8;

/** Logos already read, by the hash of their bytes: reading one can cost more than the document. */
const readLogos = new Map<string, Drawing | null>();

/** Draws the logo with its top left corner at the place, and gives its height; 0 without one. */
export async function drawLogo(
  flow: Flow,
  logo: NonNullable<DrawnDocument['logo']>,
  x: number,
  y: number,
): Promise<number> {
  const drawing = await read(logo);
  if (drawing === null) return 0;
  const size = 'png' in drawing ? drawing.png : drawing.svg.box;
  const most = 'png' in drawing ? POINTS_PER_PIXEL_MAX : Number.POSITIVE_INFINITY;
  const scale = Math.min(most, BOX.width / size.width, BOX.height / size.height);
  const height = size.height * scale;
  if ('png' in drawing) {
    drawPng(flow, drawing.png, { x, y, width: size.width * scale, height });
  } else {
    drawSvg(flow, drawing.svg, { x, y, scale });
  }
  return height;
}

async function read({ bytes, type }: NonNullable<DrawnDocument['logo']>): Promise<Drawing | null> {
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const key = `${type} ${hash.join()}`;
  const known = readLogos.get(key);
  if (known !== undefined) return known;
  const drawing = type === 'image/png' ? await png(bytes) : svg(bytes);
  const [oldest] = readLogos.keys();
  if (readLogos.size >= KEPT_LOGOS && oldest !== undefined) readLogos.delete(oldest);
  readLogos.set(key, drawing);
  return drawing;
}

async function png(bytes: ArrayBuffer): Promise<Drawing | null> {
  const found = await readPng(new Uint8Array(bytes), {
    width: BOX.width * PIXELS_PER_POINT,
    height: BOX.height * PIXELS_PER_POINT,
  });
  return found && { png: found };
}

function svg(bytes: ArrayBuffer): Drawing | null {
  const found = readSvgLogo(new TextDecoder().decode(bytes));
  return found && { svg: found };
}

function drawPng(
  { pdf, doc, height: pageHeight, page, push }: Flow,
  image: PngLogo,
  at: { x: number; y: number; width: number; height: number },
): void {
  const { context } = doc;
  const picture = (contents: Uint8Array, rest: { ColorSpace: string; SMask?: PDFRef }) =>
    context.register(
      context.stream(contents, {
        Type: 'XObject',
        Subtype: 'Image',
        Width: image.width,
        Height: image.height,
        BitsPerComponent: 8,
        Filter: 'FlateDecode',
        ...rest,
      }),
    );
  const mask = image.alpha && picture(image.alpha, { ColorSpace: 'DeviceGray' });
  const name = pdf.PDFName.of('Logo');
  page().node.setXObject(
    name,
    picture(image.rgb, { ColorSpace: 'DeviceRGB', ...(mask && { SMask: mask }) }),
  );
  push(
    pdf.pushGraphicsState(),
    pdf.concatTransformationMatrix(at.width, 0, 0, at.height, at.x, pageHeight - at.y - at.height),
    pdf.drawObject(name),
    pdf.popGraphicsState(),
  );
}

function drawSvg(
  { pdf, height: pageHeight, page, push }: Flow,
  { box, shapes }: SvgLogo,
  at: { x: number; y: number; scale: number },
): void {
  const { FillRule, rgb } = pdf;
  push(
    pdf.pushGraphicsState(),
    pdf.rectangle(
      at.x,
      pageHeight - at.y - box.height * at.scale,
      box.width * at.scale,
      box.height * at.scale,
    ),
    pdf.clip(),
    pdf.endPath(),
  );
  for (const { path, ink, evenOdd } of shapes) {
    page().drawSvgPath(path, {
      x: at.x - box.x * at.scale,
      y: pageHeight - at.y + box.y * at.scale,
      scale: at.scale,
      color: rgb(...ink),
      borderWidth: 0,
      fillRule: evenOdd ? FillRule.EvenOdd : FillRule.NonZero,
    });
  }
  push(pdf.popGraphicsState());
}
