import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as fontkit from '@cantoo/fontkit';
import type { PDFDocument, PDFFont } from '@cantoo/pdf-lib';

const require = createRequire(import.meta.url);
const REGULAR = readFileSync(
  require.resolve('@expo-google-fonts/ibm-plex-sans/400Regular/IBMPlexSans_400Regular.ttf'),
);
const BOLD = readFileSync(
  require.resolve('@expo-google-fonts/ibm-plex-sans/600SemiBold/IBMPlexSans_600SemiBold.ttf'),
);

const parsed = new Map<Uint8Array, fontkit.Font>();

/** Parsing a font costs more than a page does, so each is parsed once for all documents. */
const parseOnce = {
  create(bytes: Uint8Array) {
    const known = parsed.get(bytes);
    if (known) return known;
    const font = fontkit.create(bytes);
    if (!font || 'fonts' in font) throw new Error('not a file of a single font');
    parsed.set(bytes, font);
    return font;
  },
};

/** IBM Plex Sans, subset into the document: Polish letters, and figures of one width. */
export async function embedFonts(doc: PDFDocument): Promise<{ regular: PDFFont; bold: PDFFont }> {
  doc.registerFontkit(parseOnce);
  // Ligatures would come out of some text extractors as one odd character.
  const options = { subset: true, features: { liga: false } };
  return {
    regular: await doc.embedFont(REGULAR, options),
    bold: await doc.embedFont(BOLD, options),
  };
}
