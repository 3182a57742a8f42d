/**
 * Text as words: how a document's text and the names and numbers of an index are brought to one
 * spelling before they are compared. The database's staff.fold_words() mirrors {@link foldWords},
 * so its rules are few, and a test holds the two together.
 */

/** Letters that Unicode does not take apart. */
const PLAIN_LETTERS: readonly (readonly [RegExp, string])[] = [
  [/[łŁ]/g, 'L'],
  [/[øØ]/g, 'O'],
  [/[đĐðÐ]/g, 'D'],
  [/[þÞ]/g, 'TH'],
  [/[ħĦ]/g, 'H'],
  [/[ßẞ]/g, 'SS'],
  [/[æÆ]/g, 'AE'],
  [/[œŒ]/g, 'OE'],
  [/ı/g, 'I'],
];
/** Unicode takes them for letters, and they would run into the number behind them. */
const NUMBER_SIGN = /[№ºª]/g;
const ACCENT = /[\u0300-\u036f]/g;
/** All that is neither a digit nor a letter: ASCII's own, then Latin-1's, then the blocks of signs. */
const BETWEEN_WORDS = /[^0-9A-Z\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff]+/g;

/** Upper-case words without accents, one space between two; empty when there is none. */
export function foldWords(text: string): string {
  const apart = text.replace(NUMBER_SIGN, ' ').normalize('NFKD').replace(ACCENT, '');
  const plain = PLAIN_LETTERS.reduce((word, [letter, with_]) => word.replace(letter, with_), apart);
  return plain.toUpperCase().replace(BETWEEN_WORDS, ' ').trim();
}

const RUN_WORDS_MAX = 5;
/** In three words and more, fewer digits name nothing, and an amount has three. */
const THREE_DIGITS = /\d.*\d.*\d/;
const NUMBER_CHARACTERS_MAX = 24;
const TERMS_MAX = 12_000;

/**
 * What a text can be looked up by: its distinct words, and every run of up to five words that
 * hold digits, written as one. `NO INV 2024 001` gives `INV2024001` among others, so a
 * number is found whatever stands between its parts.
 *
 * @param words the text, as {@link foldWords} gives it
 */
export function termsOf(words: string): string[] {
  const each = words === '' ? [] : words.split(' ');
  const terms = new Set(each);
  for (let length = 2; length <= RUN_WORDS_MAX; length += 1) {
    for (let from = 0; from + length <= each.length && terms.size < TERMS_MAX; from += 1) {
      const run = each.slice(from, from + length).join('');
      const enough = length === 2 ? /\d/ : THREE_DIGITS;
      if (run.length <= NUMBER_CHARACTERS_MAX && enough.test(run)) {
        terms.add(run);
      }
    }
  }
  return [...terms].slice(0, TERMS_MAX);
}
