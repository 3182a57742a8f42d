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
import { decodeFrom, drawnIn, joinContents } from './content-copy.ts';
import { copyingFonts } from './font-copy.ts';
import type { Page } from './pages.ts';

/** Contents as often as they are drawn: 20 pages of invoice have some 200 kB. */
const DRAWN_BYTES_MAX = 4_000_000;
/** Forms in forms in forms: more is a maze. */
const FORMS_DEEP = 6;
/** Fields and notes of one page. */
const ANNOTATIONS_MAX = 300;

type Form = { ref: PDFRef; drawnBytes: number };
type Resources = { fonts: PDFDict; xObjects: PDFDict; forms: Map<string, Form> };

/** @returns undefined when no page can be read within the bounds */
export async function readableCopy(
  from: PDFContext,
  pages: readonly Page[],
): Promise<Uint8Array | undefined> {
  const to = PDFContext.create();
  const copyFont = copyingFonts(from, to);
  const forms = new Map<PDFRawStream, Form | undefined>();
  let left = DRAWN_BYTES_MAX;

  const entries = (resources: PDFDict | undefined, key: string) => {
    const dict = resources?.lookup(PDFName.of(key));
    return dict instanceof PDFDict ? dict.entries() : [];
  };

  const copyResources = (resources: PDFDict | undefined, deep: number): Resources => {
    const copy: Resources = { fonts: to.obj({}), xObjects: to.obj({}), forms: new Map() };
    for (const [name, value] of entries(resources, 'Font')) {
      const font = from.lookup(value);
      const ref = font instanceof PDFDict ? copyFont(font) : undefined;
      if (ref) copy.fonts.set(name, ref);
    }
    for (const [name, value] of deep < FORMS_DEEP ? entries(resources, 'XObject') : []) {
      const form = copyForm(from.lookup(value), resources, deep);
      if (!form) continue;
      copy.xObjects.set(name, form.ref);
      copy.forms.set(name.asString().slice(1), form);
    }
    return copy;
  };

  const copyForm = (
    stream: PDFObject | undefined,
    above: PDFDict | undefined,
    deep: number,
  ): Form | undefined => {
    if (!(stream instanceof PDFRawStream)) return undefined;
    if (forms.has(stream)) return forms.get(stream);
    // Until it is made, a form inside itself is none.
    forms.set(stream, undefined);
    if (stream.dict.lookup(PDFName.of('Subtype')) !== PDFName.of('Form')) return undefined;
    const content = decodeFrom(stream, left);
    const own = stream.dict.lookup(PDFName.of('Resources'));
    // Files of old leave a form with its page's fonts.
    const { fonts, xObjects, ...resources } =
      own instanceof PDFDict ? copyResources(own, deep + 1) : copyResources(above, FORMS_DEEP);
    const drawnBytes = content ? drawnBytesOf(content, resources.forms) : 0;
    if (!content || drawnBytes > left) return undefined;
    const copy = to.stream(content, {
      Type: 'XObject',
      Subtype: 'Form',
      Resources: { Font: fonts, XObject: xObjects },
    });
    for (const key of ['BBox', 'Matrix']) {
      const numbers = numbersOf(stream.dict.lookup(PDFName.of(key)));
      if (numbers.length > 0) copy.dict.set(PDFName.of(key), to.obj(numbers));
    }
    const form = { ref: to.register(copy), drawnBytes };
    forms.set(stream, form);
    return form;
  };

  /** What annotations show, filled in fields above all, as content; the forms go to the resources. */
  const drawAnnotations = (page: PDFDict, resources: Resources): string => {
    const list = page.lookup(PDFName.of('Annots'));
    let content = '';
    for (const ref of list instanceof PDFArray ? list.asArray().slice(0, ANNOTATIONS_MAX) : []) {
      const annotation = from.lookup(ref);
      if (!(annotation instanceof PDFDict)) continue;
      const form = copyForm(appearanceOf(annotation), undefined, 0);
      if (!form) continue;
      const name = `Annotation${resources.forms.size}`;
      resources.xObjects.set(PDFName.of(name), form.ref);
      resources.forms.set(name, form);
      const [x = 0, y = 0] = numbersOf(annotation.lookup(PDFName.of('Rect')));
      content += `\nq 1 0 0 1 ${x.toFixed(2)} ${y.toFixed(2)} cm /${name} Do Q`;
    }
    return content;
  };

  const tree = to.nextRef();
  const kids: PDFRef[] = [];
  for (const { dict, resources, view } of pages) {
    const own = joinContents(dict.lookup(PDFName.of('Contents')), left);
    if (!own) continue;
    const copied = copyResources(resources, 0);
    const content = withText(own, drawAnnotations(dict, copied));
    const drawnBytes = drawnBytesOf(content, copied.forms);
    if (drawnBytes > left) continue;
    left -= drawnBytes;
    const page = to.obj({
      Type: 'Page',
      Parent: tree,
      MediaBox: [view.left, view.bottom, view.right, view.top],
      Rotate: view.turn,
      Resources: { Font: copied.fonts, XObject: copied.xObjects },
      Contents: to.register(to.stream(content)),
    });
    kids.push(to.register(page));
  }
  if (kids.length === 0) return undefined;
  to.assign(tree, to.obj({ Type: 'Pages', Kids: kids, Count: kids.length }));
  to.trailerInfo.Root = to.register(to.obj({ Type: 'Catalog', Pages: tree }));
  return PDFWriter.forContext(to, Number.POSITIVE_INFINITY).serializeToBuffer();
}

/** A content's bytes with those of the forms that it draws, as often as it does. */
function drawnBytesOf(content: Uint8Array, forms: ReadonlyMap<string, Form>): number {
  if (forms.size === 0) return content.length;
  const most = Math.max(...Array.from(forms.values(), (form) => form.drawnBytes));
  let sum = content.length;
  for (const [name, times] of drawnIn(content)) {
    sum += times * (name === '' ? most : (forms.get(name)?.drawnBytes ?? 0));
  }
  return sum;
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

function withText(bytes: Uint8Array, text: string): Uint8Array {
  const added = new TextEncoder().encode(text);
  const both = new Uint8Array(bytes.length + added.length);
  both.set(bytes);
  both.set(added, bytes.length);
  return both;
}
