/** The two weights that documents are set in: measured, kerned, and embedded as subsets. */
import type { Font } from '@cantoo/fontkit';
import type { PDFDocument, PDFFont } from '@cantoo/pdf-lib';
import { FONTS } from '../fonts.ts';
import { printable } from './printable.ts';

export type Weight = keyof typeof FONTS;

/** One weight, inside one document. Widths are for text of size 1, in points. */
export type Face = {
  readonly font: PDFFont;
  /** How wide the text is, kerned. Takes {@link printable} text. */
  width(text: string): number;
  /** The operand of TJ: glyph codes in hex, and kerning in thousandths between them. */
  set(text: string): (string | number)[];
};

export type Faces = Record<Weight, Face> & {
  /** The text with nothing in it that the faces cannot show. */
  printable(text: string): string;
};

type Fontkit = Parameters<PDFDocument['registerFontkit']>[0];
type PlainFont = Exclude<Awaited<ReturnType<Fontkit['create']>>, null | { fonts: unknown }>;
type Glyph = NonNullable<ReturnType<PlainFont['glyphForCodePoint']>>;

/** A font file after parsing. It belongs to no document: all of the isolate's share it. */
type Cut = {
  plain: PlainFont;
  has(codePoint: number): boolean;
  glyph(character: string): Glyph;
  /** What is added to the advance between two characters, in thousandths. */
  kern(pair: string): number;
};

const HYPHEN = '-';
const MINUS = '\u2212';
const KERNED = /^[\p{L}.,]{2}$/u;

/**
 * Character by character, without the shaping that fontkit does: no substitution could serve text
 * that is found again, and shaping costs more than all the rest of a page.
 */
function cut(font: Font): Cut {
  const glyphs = new Map<string, Glyph>();
  const kerns = new Map<string, number>();
  const glyph = (character: string): Glyph => {
    const known = glyphs.get(character);
    if (known) return known;
    const found = font.glyphForCodePoint(character.codePointAt(0) ?? 0);
    if (!found) throw new Error('a font without its glyph for what is missing');
    // A minus is copied out of the document as the hyphen that spreadsheets understand.
    const copied = character === MINUS ? HYPHEN : character;
    const codePoints = [copied.codePointAt(0) ?? 0];
    const made = { id: found.id, advanceWidth: found.advanceWidth, codePoints };
    glyphs.set(character, made);
    return made;
  };
  const { postscriptName, unitsPerEm, ascent, descent, italicAngle, capHeight, xHeight } = font;
  return {
    plain: {
      postscriptName,
      unitsPerEm,
      ascent,
      descent,
      italicAngle,
      capHeight,
      xHeight,
      bbox: font.bbox,
      characterSet: font.characterSet,
      glyphForCodePoint: (codePoint) => glyph(String.fromCodePoint(codePoint)),
      layout: (text) => ({ glyphs: Array.from(text, glyph) }),
      createSubset: () => font.createSubset(),
    },
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    glyph,
    kern(pair) {
      const known = kerns.get(pair);
      if (known !== undefined) return known;
      const { glyphs: shaped, positions } = font.layout(pair, { liga: false });
      const [first] = shaped;
      const kern =
        shaped.length === 2 && first && positions?.[0]
          ? Math.round(positions[0].xAdvance - first.advanceWidth)
          : 0;
      kerns.set(pair, kern);
      return kern;
    },
  };
}

/** Parsing costs more than a page does. The value is kept, never a promise of another request. */
let cuts: Record<Weight, Cut> | undefined;

async function cutFaces(): Promise<Record<Weight, Cut>> {
  const { create } = await import('@cantoo/fontkit');
  const open = (bytes: ArrayBuffer): Cut => {
    const font = create(new Uint8Array(bytes));
    if ('fonts' in font) throw new Error('not a file of a single font');
    return cut(font);
  };
  cuts ??= { regular: open(FONTS.regular), bold: open(FONTS.bold) };
  return cuts;
}

function face(font: PDFFont, { glyph, kern, plain }: Cut): Face {
  const em = plain.unitsPerEm;
  const codes = new Map<string, string>();
  const code = (character: string): string => {
    const known = codes.get(character);
    if (known !== undefined) return known;
    const made = font.encodeText(character).asString();
    codes.set(character, made);
    return made;
  };
  const kernOf = (before: string, character: string): number => {
    const pair = before + character;
    return KERNED.test(pair) ? kern(pair) : 0;
  };
  return {
    font,
    width(text) {
      let width = 0;
      let before = '';
      for (const character of text) {
        width += glyph(character).advanceWidth + kernOf(before, character);
        before = character;
      }
      return width / em;
    },
    set(text) {
      const operand: (string | number)[] = [];
      let run = '';
      let before = '';
      for (const character of text) {
        const kerned = kernOf(before, character);
        if (kerned !== 0) {
          operand.push(run, (-kerned * 1000) / em);
          run = '';
        }
        run += code(character);
        before = character;
      }
      return run === '' ? operand : [...operand, run];
    },
  };
}

/**
 * Embeds both weights into `doc`, as subsets of what is set in them.
 *
 * @param tag six capitals that name the subsets. Other documents should have others: a program
 *   that joins files takes subsets of one name for one font.
 */
export async function embedFaces(doc: PDFDocument, tag: string): Promise<Faces> {
  const { regular, bold } = await cutFaces();
  const embed = (weight: Weight, { plain }: Cut): Promise<PDFFont> => {
    doc.registerFontkit({ create: () => plain });
    const customName = `${tag}+${plain.postscriptName ?? weight}`;
    return doc.embedFont(FONTS[weight], { subset: true, customName });
  };
  return {
    regular: face(await embed('regular', regular), regular),
    bold: face(await embed('bold', bold), bold),
    printable: (text) => printable(text, regular.has),
  };
}
