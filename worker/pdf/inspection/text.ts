/** A document's text, by pdf.js. Loads pdf-lib and pdf.js: import it only to inspect. */
import type { PDFContext } from '@cantoo/pdf-lib';
import { getDocumentProxy } from 'unpdf';
import type { Page } from '../pages.ts';
import { foldWords } from '../words.ts';
import { readableCopy } from './readable-copy.ts';

const TEXT_CHARACTERS_MAX = 200_000;
/** Pieces of text, most of a word or more: an empty one costs as much as a long one. */
const ITEMS_MAX = 100_000;
/** The bounds are counts; time is only the last of them. */
const TEXT_MS_MAX = 10_000;
/** pdf.js's ERRORS: it would log what it thinks of a file. */
const SILENT = 0;

/**
 * What the pages say, in the order that their contents do, as words (see words.ts); '' when there
 * is nothing to be read.
 */
export async function extractWords(context: PDFContext, pages: readonly Page[]): Promise<string> {
  let text = '';
  try {
    const copy = await readableCopy(context, pages);
    if (copy) {
      for await (const piece of piecesOf(copy)) {
        text += piece;
        if (text.length >= TEXT_CHARACTERS_MAX) break;
      }
    }
  } catch {
    // pdf.js gave up: what came before stands.
  }
  // A single character may be a sentence, taken apart.
  return foldWords(text.slice(0, TEXT_CHARACTERS_MAX)).slice(0, TEXT_CHARACTERS_MAX);
}

async function* piecesOf(file: Uint8Array): AsyncGenerator<string> {
  const pdf = await getDocumentProxy(file, {
    verbosity: SILENT,
    disableFontFace: true,
    useWorkerFetch: false,
  });
  const timer = setTimeout(() => pdf.loadingTask.destroy(), TEXT_MS_MAX);
  try {
    let items = 0;
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const reader = page.streamTextContent().getReader();
      let before: Item | undefined;
      for (let next = await reader.read(); !next.done; next = await reader.read()) {
        for (const item of next.value.items) {
          if (!('str' in item)) continue;
          yield `${between(before, item)}${unspaced(item.str)}`;
          before = item;
          items += 1;
        }
        if (items > ITEMS_MAX) return;
      }
      yield '\n';
      page.cleanup();
    }
  } finally {
    clearTimeout(timer);
    await pdf.loadingTask.destroy();
  }
}

/** pdf.js's, as far as it is needed; it does not export the type. */
type Item = { transform: number[]; width: number; height: number; hasEOL: boolean };

/** A word that is set wide, as in headings: pdf.js takes the gaps for spaces. */
const LETTER_SPACED = /^\S(?: \S){2,}$/;
const unspaced = (text: string) => (LETTER_SPACED.test(text) ? text.replaceAll(' ', '') : text);

/** In parts of a letter's height: pieces of one word touch. */
const TOUCHING = 0.25;

/**
 * A line's end, a space or nothing: pdf.js puts a space where text goes on to the right, and
 * nothing where it goes on anywhere else.
 */
function between(before: Item | undefined, item: Item): string {
  if (before === undefined) return '';
  if (before.hasEOL) return '\n';
  const [along = 1, up = 0, , , x = 0, y = 0] = before.transform;
  const length = Math.hypot(along, up) || 1;
  const endX = x + (before.width * along) / length;
  const endY = y + (before.width * up) / length;
  const [, , , , nextX = 0, nextY = 0] = item.transform;
  const away = Math.hypot(nextX - endX, nextY - endY);
  return away > TOUCHING * Math.max(before.height, item.height) ? ' ' : '';
}
