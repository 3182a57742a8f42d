/** What a drawn file says about itself, without chance and without the clock. */

import { utf8 } from '../../utf8.ts';
import type { Locale } from '../../vocabulary.ts';
import type { Flow } from './page-flow.ts';

/** SHA-256 of what a document says: the file and its fonts are named after it. */
export async function fingerprint(said: object): Promise<Uint8Array> {
  const text = utf8(JSON.stringify(said));
  return new Uint8Array(await crypto.subtle.digest('SHA-256', text));
}

/** Six capitals that name the subsets of fonts (ISO 32000-1, 9.6.4). */
export function tagOf(print: Uint8Array): string {
  return String.fromCharCode(...print.subarray(16, 22).map((byte) => 65 + (byte % 26)));
}

/**
 * The finished file.
 *
 * @param asOf ISO instant, which both of the file's dates are: those of what it says, not of the
 *   drawing
 */
export async function finish(
  flow: Flow,
  file: { title: string; author: string; language: Locale; asOf: string; print: Uint8Array },
): Promise<Uint8Array<ArrayBuffer>> {
  const { doc, pdf } = flow;
  flow.settle();
  const asOf = new Date(file.asOf);
  const moment = Number.isNaN(asOf.getTime()) ? new Date(0) : asOf;
  doc.setTitle(file.title.toWellFormed(), { showInWindowTitleBar: true });
  doc.setAuthor(file.author.toWellFormed());
  doc.setProducer('Counterfoil');
  doc.setCreator('Counterfoil');
  doc.setLanguage(file.language);
  doc.setCreationDate(moment);
  doc.setModificationDate(moment);
  const id = pdf.PDFHexString.of(hexOf(file.print.subarray(0, 16)));
  doc.context.trailerInfo.ID = doc.context.obj([id, id]);
  const bytes = await doc.save({
    addDefaultPage: false,
    objectsPerTick: Number.POSITIVE_INFINITY,
  });
  return new Uint8Array(bytes);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
