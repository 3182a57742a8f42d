/** What a rewritten file must not keep. */
import {
  decodePDFRawStream,
  PDFArray,
  type PDFContext,
  PDFDict,
  PDFInvalidObject,
  PDFName,
  type PDFObject,
  PDFRawStream,
  PDFRef,
  PDFStream,
} from '@cantoo/pdf-lib';
import { utf8 } from '../../utf8.ts';

const REFERENCE = /(\d+)\s+(\d+)\s+R/g;
const LATIN1 = new TextDecoder('latin1');

/** The references inside an object that was kept as it stood. */
function refsIn(object: PDFInvalidObject): PDFRef[] {
  const bytes = new Uint8Array(object.sizeInBytes());
  object.copyBytesInto(bytes, 0);
  return Array.from(LATIN1.decode(bytes).matchAll(REFERENCE), ([, number, generation]) =>
    PDFRef.of(Number(number), Number(generation)),
  );
}

function childrenOf(object: PDFObject): PDFObject[] {
  if (object instanceof PDFDict) return object.values();
  if (object instanceof PDFArray) return object.asArray();
  if (object instanceof PDFStream) return [object.dict];
  return object instanceof PDFInvalidObject ? refsIn(object) : [];
}

/**
 * Drops every object that nothing leads to from the trailer: the linearisation's dictionary and
 * hints, old cross-reference and object streams, and what earlier saves of the file left behind.
 */
export function dropUnreachable(context: PDFContext): void {
  const reached = new Set<PDFRef>();
  const { Root, Info, ID } = context.trailerInfo;
  const todo = [Root, Info, ID].filter((object) => object !== undefined);
  for (let object = todo.pop(); object; object = todo.pop()) {
    if (!(object instanceof PDFRef)) {
      todo.push(...childrenOf(object));
    } else if (!reached.has(object)) {
      reached.add(object);
      const target = context.lookup(object);
      if (target) todo.push(target);
    }
  }
  let largest = 0;
  for (const [ref] of context.enumerateIndirectObjects()) {
    if (reached.has(ref)) largest = Math.max(largest, ref.objectNumber);
    else context.delete(ref);
  }
  context.largestObjectNumber = largest;
}

/** `pdfaid:part="2"` and `<pdfaid:part>2</pdfaid:part>`, and their like. */
const PDFA_CLAIM = /\s+pdfaid:\w+\s*=\s*(?:"[^"]*"|'[^']*')|<pdfaid:(\w+)[^>]*>[^<]*<\/pdfaid:\1>/g;

/**
 * Drops what a change makes untrue: that the file keeps to PDF/A (Helvetica is not embedded), and
 * the usage rights and certification that its first bytes were signed for.
 */
export function dropClaims(context: PDFContext, catalog: PDFDict): void {
  catalog.delete(PDFName.of('Perms'));
  const key = PDFName.of('Metadata');
  const metadata = catalog.lookup(key);
  if (!(metadata instanceof PDFRawStream)) return;
  const text = textOf(metadata);
  const kept = text?.replace(PDFA_CLAIM, '');
  if (kept !== undefined && kept !== text) {
    const stream = context.stream(utf8(kept), {
      Type: 'Metadata',
      Subtype: 'XML',
    });
    catalog.set(key, context.register(stream));
  }
}

/** Undefined when it is not UTF-8, or could not be decoded. */
function textOf(stream: PDFRawStream): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      decodePDFRawStream(stream).decode(),
    );
  } catch {
    return undefined;
  }
}
