/**
 * Keys: when two ways of writing a number mean the same thing. A database function mirrors
 * `normaliseKey`, so its rules are few and each is one step.
 */

// White space, and the invisible characters that copying from a web page brings along.
const SPACE = /[\s\u0085\u00ad\u200b-\u200f\u2060]/gu;
const DASH = /[\u02d7\u2010-\u2015\u2043\u2212]/g;
const PLAIN = /^[\u0021-\u007e]*$/;

/**
 * The form in which codes and numbers are compared and looked up.
 *
 * Steps, in this order: Unicode NFKC; upper case, character by character (a character whose upper
 * case is longer than one, such as ß, stays); remove white space and invisible characters; any
 * dash becomes `-`; NFKC again, because removing can bring a letter and its accent together.
 * Leading zeros stay. Idempotent.
 */
export function normaliseKey(text: string): string {
  if (PLAIN.test(text)) return text.toUpperCase();
  return upperEach(text.normalize('NFKC')).replace(SPACE, '').replace(DASH, '-').normalize('NFKC');
}

function upperEach(text: string): string {
  let upper = '';
  for (const character of text) {
    const changed = character.toUpperCase();
    upper += changed.length === character.length ? changed : character;
  }
  return upper;
}

/**
 * A text that holds nothing but itself. One that is cut from another may keep all of that in memory, as
 * V8 does from 13 characters on: too much for a key that is remembered over the parts of a file.
 */
export function ownText(text: string): string {
  return ` ${text}`.slice(1);
}
