/** A page's content between what saves the graphics state and what restores it, whatever it does. */
import {
  decodePDFRawStream,
  PDFArray,
  type PDFContext,
  type PDFDict,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFStream,
} from '@cantoo/pdf-lib';
import { type Balance, balanceOf, depthAfter, withoutStrayRestores } from './balance.ts';

const CONTENTS = PDFName.of('Contents');
const SPACE = 0x20;
/** Taken for a stream that cannot be decoded: viewers draw nothing of it, or what they can. */
const LEVEL = { end: 0, low: 0 };
const UNREADABLE: Balance = { saves: LEVEL, marks: LEVEL, inText: undefined, closing: '' };

/** Undefined for what is encoded in a way that no content should be, or is broken. */
function decode(stream: PDFRawStream): Uint8Array | undefined {
  try {
    return decodePDFRawStream(stream).decode();
  } catch {
    return undefined;
  }
}

/**
 * Gives the function that makes a page draw its content, and then `drawing` as if on a blank page:
 * saved states are restored however many there are, an open text object or marked sequence (which
 * may belong to a hidden layer) is ended, and nothing that the content restores is ours. Streams
 * that pages share are read once.
 *
 * @param share registers a small content stream, the same one for the same text
 */
export function wrapContent(
  context: PDFContext,
  share: (content: string) => PDFRef,
): (page: PDFDict, drawing: string) => void {
  const balances = new Map<PDFRef, Balance>();
  const made = new Map<string, PDFRef>();

  const content = (ref: PDFRef): Uint8Array | undefined => {
    const stream = context.lookup(ref);
    return stream instanceof PDFRawStream ? decode(stream) : undefined;
  };
  const balance = (ref: PDFRef): Balance => {
    const known = balances.get(ref);
    if (known) return known;
    const bytes = content(ref);
    const found = bytes ? balanceOf(bytes) : UNREADABLE;
    balances.set(ref, found);
    return found;
  };
  /** A stream in place of others, made once. */
  const make = (key: string, bytes: () => Uint8Array): PDFRef => {
    const ref = made.get(key) ?? context.register(context.flateStream(bytes()));
    made.set(key, ref);
    return ref;
  };
  /** As the page has them; as one, where a string or an image is cut by the end of a stream. */
  const streamsOf = (page: PDFDict): PDFRef[] => {
    const refs = contentOf(context, page);
    if (refs.slice(0, -1).every((ref) => balance(ref).closing === '')) return refs;
    const key = refs.map(({ tag }) => tag).join();
    return [
      make(key, () => joined(refs.map((ref) => [content(ref), balance(ref).closing !== '']))),
    ];
  };

  return (page, drawing) => {
    let saved = 0;
    let marked = 0;
    let inText = false;
    let closing = '';
    const streams = streamsOf(page).map((ref) => {
      const does = balance(ref);
      const from = saved;
      saved = depthAfter(saved, does.saves);
      marked = depthAfter(marked, does.marks);
      inText = does.inText ?? inText;
      closing = does.closing;
      if (from + does.saves.low >= 0) return ref;
      return make(`${ref.tag} ${from}`, () =>
        withoutStrayRestores(content(ref) ?? new Uint8Array(), from),
      );
    });
    const ends = [inText ? 'ET ' : '', 'EMC '.repeat(marked), 'Q '.repeat(saved + 1)];
    const end = `${closing}\n${ends.join('')}\n`;
    page.set(CONTENTS, context.obj([share('q\n'), ...streams, share(end + drawing)]));
  };
}

/** Parts of content as one: a token that was cut goes on at once, others are kept apart. */
function joined(parts: readonly (readonly [Uint8Array | undefined, cut: boolean])[]): Uint8Array {
  const length = parts.reduce((sum, [bytes]) => sum + (bytes?.length ?? 0) + 1, 0);
  const whole = new Uint8Array(length).fill(SPACE);
  let at = 0;
  for (const [bytes, cut] of parts) {
    if (bytes) whole.set(bytes, at);
    at += (bytes?.length ?? 0) + (cut ? 0 : 1);
  }
  return whole.subarray(0, at);
}

/** The streams that a page's content is made of. */
function contentOf(context: PDFContext, page: PDFDict): PDFRef[] {
  const own = page.get(CONTENTS);
  const contents = context.lookup(own);
  const refs = contents instanceof PDFArray ? contents.asArray() : [own];
  return refs
    .filter((ref) => ref instanceof PDFRef)
    .filter((ref) => context.lookup(ref) instanceof PDFStream);
}
