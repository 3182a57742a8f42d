/** Text of any origin, as characters that a face can show. */

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/gu;
/** Soft hyphens, joiners, marks of direction, variation selectors: they show nothing themselves. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;
const SPACE = /\p{Zs}/u;
const MARK = /\p{M}/gu;
const ASCII = /^[\x20-\x7e]*$/;
const UNKNOWN = '?';

/**
 * One line of text in which every character has a glyph: an accented letter that has none is the
 * plain letter, anything else a question mark. Breaks and controls are spaces.
 *
 * @param has whether there is a glyph for a code point
 */
export function printable(text: string, has: (codePoint: number) => boolean): string {
  if (ASCII.test(text)) return text;
  const known = (character: string) => has(character.codePointAt(0) ?? 0);
  const shown = (character: string): string => {
    if (SPACE.test(character)) return known(character) ? character : ' ';
    if (known(character) && !/\p{M}/u.test(character)) return character;
    const plain = character.normalize('NFKD').replace(MARK, '');
    if (plain === '' && /\p{M}/u.test(character)) return '';
    return plain !== '' && Array.from(plain).every(known) ? plain : UNKNOWN;
  };
  const whole = text.normalize('NFC').replace(CONTROLS, ' ').replace(INVISIBLE, '');
  return Array.from(whole, shown).join('');
}
