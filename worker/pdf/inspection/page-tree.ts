/** A file loaded by pdf-lib, and its tree of pages. Loads pdf-lib: import it only to inspect. */
import {
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFDocument,
  PDFInvalidObject,
  PDFName,
  type PDFObject,
} from '@cantoo/pdf-lib';
import '../mend.ts';
import { type Page, pagesOf } from '../pages.ts';
import { refuse } from './findings.ts';

/** More than any tree needs: with ten kids a node, a file of 500 pages has three levels. */
const DEPTH_MAX = 60;

export type PageTree = {
  context: PDFContext;
  count: number;
  /** Read only when asked for. */
  pages(): Page[];
};

/**
 * Loads a file that was surveyed.
 *
 * @throws Refusal pdf_damaged when pdf-lib cannot read it, or its pages hang in no tree
 */
export async function loadPageTree(file: Uint8Array): Promise<PageTree> {
  const { context } = await open(file);
  const catalog = context.lookup(context.trailerInfo.Root);
  const root = catalog instanceof PDFDict ? catalog.lookup(PDFName.of('Pages')) : undefined;
  if (!(root instanceof PDFDict)) refuse('pdf_damaged');
  return { context, count: countPages(context, root), pages: () => pagesOf(context, root) };
}

async function open(file: Uint8Array): Promise<PDFDocument> {
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  // pdf-lib copies every stream out of the file, and changes none: windows do.
  Object.defineProperty(bytes, 'slice', { value: bytes.subarray });
  try {
    return await PDFDocument.load(bytes, {
      updateMetadata: false,
      parseSpeed: Number.POSITIVE_INFINITY,
    });
  } catch {
    // Whatever pdf-lib's reason, no rendition could be made.
    refuse('pdf_damaged');
  }
}

/** As {@link pagesOf} finds them: a node is a page unless it has kids or calls itself Pages. */
function countPages(context: PDFContext, root: PDFDict): number {
  const trees = new Set<PDFDict>();
  const todo: { node: PDFObject | undefined; depth: number }[] = [{ node: root, depth: 0 }];
  let count = 0;
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { node, depth } = next;
    if (node instanceof PDFInvalidObject) refuse('pdf_damaged');
    if (!(node instanceof PDFDict)) continue;
    const kids = node.lookup(PDFName.of('Kids'));
    if (!(kids instanceof PDFArray)) {
      count += node.lookup(PDFName.of('Type')) === PDFName.of('Pages') ? 0 : 1;
      continue;
    }
    if (trees.has(node) || depth > DEPTH_MAX) refuse('pdf_damaged');
    trees.add(node);
    for (const kid of kids.asArray()) todo.push({ node: context.lookup(kid), depth: depth + 1 });
  }
  return count;
}
