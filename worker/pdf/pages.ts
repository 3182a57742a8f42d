/** The pages of a document, with what they inherit from the tree that they hang in. */
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFInvalidObject,
  PDFName,
  PDFNumber,
  type PDFObject,
} from '@cantoo/pdf-lib';
import type { View } from './stamping/place.ts';

/** The attributes that a page may have from above (ISO 32000-2, table 31). */
const INHERITED = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;
type Inherited = { [name in (typeof INHERITED)[number]]?: PDFObject | undefined };

export type Page = { dict: PDFDict; resources: PDFDict | undefined; view: View };

/** What viewers take for a page that does not say: Letter. */
const LETTER = [0, 0, 612, 792] as const;
/** Less is no page, in units. */
const SIDE_MIN = 1;

/**
 * Every page, first to last; one that hangs in the tree twice comes twice. Nodes are told by what
 * they hold, since not every file gives them a Type.
 *
 * @throws Error for a page that could not be read
 */
export function pagesOf(context: PDFContext, root: PDFDict): Page[] {
  const pages: Page[] = [];
  const trees = new Set<PDFDict>();
  const todo: { node: PDFObject | undefined; above: Inherited }[] = [{ node: root, above: {} }];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { node, above } = next;
    if (node instanceof PDFInvalidObject) {
      throw new Error('a page that is not an object');
    }
    if (!(node instanceof PDFDict)) continue;
    const attributes = { ...above };
    for (const name of INHERITED) {
      attributes[name] = node.lookup(PDFName.of(name)) ?? above[name];
    }
    const kids = node.lookup(PDFName.of('Kids'));
    if (!(kids instanceof PDFArray)) {
      if (node.lookup(PDFName.of('Type')) !== PDFName.of('Pages')) {
        pages.push(pageOf(context, node, attributes));
      }
    } else if (!trees.has(node)) {
      trees.add(node);
      const nodes = kids.asArray().map((kid) => context.lookup(kid));
      todo.push(...nodes.reverse().map((kid) => ({ node: kid, above: attributes })));
    }
  }
  return pages;
}

function pageOf(context: PDFContext, dict: PDFDict, inherited: Inherited): Page {
  const media = boxOf(context, inherited.MediaBox) ?? [...LETTER];
  const crop = boxOf(context, inherited.CropBox) ?? media;
  const shown = [
    Math.max(crop[0], media[0]),
    Math.max(crop[1], media[1]),
    Math.min(crop[2], media[2]),
    Math.min(crop[3], media[3]),
  ] as const;
  // A crop box that leaves nothing is not heeded.
  const [left, bottom, right, top] = isPage(shown) ? shown : media;
  const { Resources: resources } = inherited;
  const turn = inherited.Rotate instanceof PDFNumber ? inherited.Rotate.asNumber() : 0;
  const unit = dict.lookup(PDFName.of('UserUnit'));
  return {
    dict,
    resources: resources instanceof PDFDict ? resources : undefined,
    view: {
      left,
      bottom,
      right,
      top,
      turn: turnOf(turn),
      unit: unit instanceof PDFNumber && unit.asNumber() > 0 ? unit.asNumber() : 1,
    },
  };
}

type Corners = readonly [left: number, bottom: number, right: number, top: number];

function isPage([left, bottom, right, top]: Corners): boolean {
  return right - left >= SIDE_MIN && top - bottom >= SIDE_MIN;
}

/** Any two opposite corners will do (ISO 32000-2, 7.9.5). */
function boxOf(context: PDFContext, box: PDFObject | undefined): Corners | undefined {
  if (!(box instanceof PDFArray)) return undefined;
  const numbers = box.asArray().map((corner) => context.lookup(corner));
  const [x, y, u, v] = numbers.map((n) => (n instanceof PDFNumber ? n.asNumber() : Number.NaN));
  if (x === undefined || y === undefined || u === undefined || v === undefined) return undefined;
  const corners = [Math.min(x, u), Math.min(y, v), Math.max(x, u), Math.max(y, v)] as const;
  return isPage(corners) ? corners : undefined;
}

/** Full turns and turns to the left are what they come to; anything between is none. */
function turnOf(degrees: number): View['turn'] {
  const turn = ((degrees % 360) + 360) % 360;
  return turn === 90 || turn === 180 || turn === 270 ? turn : 0;
}
