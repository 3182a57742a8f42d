/**
 * What a document says, as a file of our own making: pages, fonts and forms, nothing compressed,
 * nothing that is not text. pdf.js reads this copy and never the document: its own bounds are a
 * browser tab's, and a file of one kilobyte can fill them. Loads pdf-lib.
 */
import {
  PDFArray,
  PDFContext,
  PDFDict,
  PDFName,
  PDFNumber,
  type PDFObject,
  PDFRawStream,
  type PDFRef,
  PDFWriter,
} from '@cantoo/pdf-lib';
import type { Page } from '../pages.ts';
import { decodeFrom, joinContents } from './contents.ts';
import { copyingFonts } from './font-copy.ts';
import { copyText } from './text-content.ts';

/** Contents of the pages read, decoded: 20 pages of invoice have some 200 kB, drawings more. */
const CONTENT_BYTES_MAX = 8_000_000;
/** What is left of them, as often as it is drawn. */
const DRAWN_BYTES_MAX = 2_000_000;
/** Forms in forms in forms: more is a maze. */
const FORMS_DEEP = 6;
/** Fields and notes of one page. */
const ANNOTATIONS_MAX = 300;

type Form = { ref: PDFRef; drawnBytes: number };
/** The copy's fonts and forms, by their names in the copy; and those by the document's names. */
type Resources = {
  fonts: PDFDict;
  xObjects: PDFDict;
  forms: Map<string, Form>;
  fontNames: Map<string, string>;
  formNames: Map<string, string>;
};

/** @returns undefined when no page can be read within the bounds */
export async function readableCopy(
  from: PDFContext,
  pages: readonly Page[],
): Promise<Uint8Array | undefined> {
  const to = PDFContext.create();
  const copyFont = copyingFonts(from, to);
  const known = new Map<PDFRawStream, Form | undefined>();
  const left = { content: CONTENT_BYTES_MAX, drawn: DRAWN_BYTES_MAX };

  const entries = (resources: PDFDict | undefined, key: string) => {
    const dict = resources?.lookup(PDFName.of(key));
    return dict instanceof PDFDict ? dict.entries() : [];
  };

  const copyResources = (resources: PDFDict | undefined, deep: number): Resources => {
    const copy: Resources = {
      fonts: to.obj({}),
      xObjects: to.obj({}),
      forms: new Map(),
      fontNames: new Map(),
      formNames: new Map(),
    };
    for (const [key, value] of entries(resources, 'Font')) {
      const font = from.lookup(value);
      const ref = font instanceof PDFDict ? copyFont(font) : undefined;
      if (!ref) continue;
      const name = `F${copy.fontNames.size}`;
      copy.fonts.set(PDFName.of(name), ref);
      copy.fontNames.set(key.decodeText(), name);
    }
    for (const [key, value] of deep < FORMS_DEEP ? entries(resources, 'XObject') : []) {
      const form = copyForm(from.lookup(value), resources, deep);
      if (form) copy.formNames.set(key.decodeText(), addForm(copy, form));
    }
    return copy;
  };

  const copyForm = (
    stream: PDFObject | undefined,
    above: PDFDict | undefined,
    deep: number,
  ): Form | undefined => {
    if (!(stream instanceof PDFRawStream)) return undefined;
    if (known.has(stream)) return known.get(stream);
    // Until it is made, a form inside itself is none.
    known.set(stream, undefined);
    if (stream.dict.lookup(PDFName.of('Subtype')) !== PDFName.of('Form')) return undefined;
    const decoded = decodeFrom(stream, left.content);
    if (!decoded) return undefined;
    left.content -= decoded.length;
    const own = stream.dict.lookup(PDFName.of('Resources'));
    // Files of old leave a form with its page's fonts.
    const resources =
      own instanceof PDFDict ? copyResources(own, deep + 1) : copyResources(above, FORMS_DEEP);
    const { bytes, drawnBytes } = draw(decoded, resources);
    if (drawnBytes > left.drawn) return undefined;
    const copy = to.stream(bytes, {
      Type: 'XObject',
      Subtype: 'Form',
      Resources: { Font: resources.fonts, XObject: resources.xObjects },
    });
    for (const key of ['BBox', 'Matrix']) {
      const numbers = numbersOf(stream.dict.lookup(PDFName.of(key)));
      if (numbers.length > 0) copy.dict.set(PDFName.of(key), to.obj(numbers));
    }
    const form = { ref: to.register(copy), drawnBytes };
    known.set(stream, form);
    return form;
  };

  /** What annotations show, filled in fields above all, as content; the forms go to the resources. */
  const drawAnnotations = (page: PDFDict, resources: Resources) => {
    const list = page.lookup(PDFName.of('Annots'));
    let content = '';
    let drawnBytes = 0;
    for (const ref of list instanceof PDFArray ? list.asArray().slice(0, ANNOTATIONS_MAX) : []) {
      const annotation = from.lookup(ref);
      if (!(annotation instanceof PDFDict)) continue;
      const form = copyForm(appearanceOf(annotation), undefined, 0);
      if (!form) continue;
      const [x = 0, y = 0] = numbersOf(annotation.lookup(PDFName.of('Rect')));
      content += `q 1 0 0 1 ${x.toFixed(2)} ${y.toFixed(2)} cm /${addForm(resources, form)} Do Q\n`;
      drawnBytes += form.drawnBytes;
    }
    return { content, drawnBytes };
  };

  const tree = to.nextRef();
  const kids: PDFRef[] = [];
  for (const { dict, resources, view } of pages) {
    const decoded = joinContents(dict.lookup(PDFName.of('Contents')), left.content);
    if (!decoded) continue;
    left.content -= decoded.length;
    const copied = copyResources(resources, 0);
    const { bytes, drawnBytes } = draw(decoded, copied);
    const annotations = drawAnnotations(dict, copied);
    if (drawnBytes + annotations.drawnBytes > left.drawn) continue;
    left.drawn -= drawnBytes + annotations.drawnBytes;
    const contents = ['q\n', bytes, `Q\n${annotations.content}`].map((part) =>
      to.register(to.stream(part)),
    );
    const page = to.obj({
      Type: 'Page',
      Parent: tree,
      MediaBox: [view.left, view.bottom, view.right, view.top],
      Rotate: view.turn,
      Resources: { Font: copied.fonts, XObject: copied.xObjects },
      Contents: contents,
    });
    kids.push(to.register(page));
  }
  if (kids.length === 0) return undefined;
  to.assign(tree, to.obj({ Type: 'Pages', Kids: kids, Count: kids.length }));
  to.trailerInfo.Root = to.register(to.obj({ Type: 'Catalog', Pages: tree }));
  return PDFWriter.forContext(to, Number.POSITIVE_INFINITY).serializeToBuffer();
}

/** Gives a form a name of its own. */
function addForm(resources: Resources, form: Form): string {
  const name = `X${resources.forms.size}`;
  resources.xObjects.set(PDFName.of(name), form.ref);
  resources.forms.set(name, form);
  return name;
}

/** A content's text, and its bytes with those of the forms that it draws, as often as it does. */
function draw(content: Uint8Array, { forms, fontNames, formNames }: Resources) {
  const { bytes, drawn } = copyText(content, {
    font: (name) => fontNames.get(name),
    form: (name) => formNames.get(name),
  });
  let drawnBytes = bytes.length;
  for (const [name, times] of drawn) drawnBytes += times * (forms.get(name)?.drawnBytes ?? 0);
  return { bytes, drawnBytes };
}

/** An annotation's normal appearance, in the state that it is in. */
function appearanceOf(annotation: PDFDict): PDFObject | undefined {
  const appearances = annotation.lookup(PDFName.of('AP'));
  const normal = appearances instanceof PDFDict ? appearances.lookup(PDFName.of('N')) : undefined;
  if (!(normal instanceof PDFDict)) return normal;
  const state = annotation.lookup(PDFName.of('AS'));
  return state instanceof PDFName ? normal.lookup(state) : undefined;
}

/** The numbers of a short list; none for anything else. */
function numbersOf(value: PDFObject | undefined): number[] {
  if (!(value instanceof PDFArray) || value.size() > 6) return [];
  const numbers = value.asArray().map((_, at) => value.lookup(at));
  return numbers.map((number) => (number instanceof PDFNumber ? number.asNumber() : 0));
}
