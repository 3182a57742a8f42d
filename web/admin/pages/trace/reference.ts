/** The code that stands on a copy, as a person reads it off paper. */

const LENGTH = 16;
/** Letters that are no digits of the code, and the digits they are taken for. */
const MISREAD: Record<string, string> = { O: '0', I: '1', L: '1' };

export type Read =
  | { reference: string }
  | { problem: 'empty' }
  | { problem: 'letters'; found: string }
  | { problem: 'length'; count: number };

/**
 * The reference in what was typed: in any case, with or without dashes and spaces, with O for 0 and
 * I or L for 1, and out of the whole line of the page where it stands behind "ref". Pure.
 */
export function readReference(typed: string): Read {
  const line = typed.normalize('NFKC').toUpperCase();
  const behind = /\bREF\b[^0-9A-Z]*(.*)$/s.exec(line)?.[1] ?? line;
  const digits = behind
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/[OIL]/g, (letter) => MISREAD[letter] ?? letter);
  if (digits === '') return { problem: 'empty' };
  const foreign = /[^0-9A-F]/u.exec(digits);
  if (foreign) return { problem: 'letters', found: foreign[0] };
  if (digits.length !== LENGTH) return { problem: 'length', count: digits.length };
  return { reference: digits.replace(/(.{4})(?=.)/g, '$1-') };
}
