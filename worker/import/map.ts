/** Header names to canonical fields. */

import { CANONICAL_FIELDS, type CanonicalField } from '../vocabulary.ts';
import { AMBIGUOUS, LIKELY, SYNONYMS } from './synonyms.ts';
import { fold } from './words.ts';

/** One of these at least has to be filled: without a key nothing can be staged. */
export const KEY_FIELDS: ReadonlySet<CanonicalField> = new Set<CanonicalField>([
  'customer_code',
  'order_number',
  'document_number',
  'invoice_number',
  'payment_number',
  'contact_email',
]);

const NUMBER_WORDS = new Set(['number', 'no', 'nr', 'num', 'nbr', 'n', 'nro', 'numero', 'numer']);
const ARTICLES = new Set(['of', 'the', 'de', 'del', 'la', 'el', 'los', 'las']);
// How "number" is spelt when it is glued to the next word: `orderno`, `nrfaktury`.
const GLUED_NUMBERS = ['number', 'no', 'nr', 'num', 'numero', 'numer'];

const CANONICAL = new Map<string, CanonicalField>();
const OTHERS = new Map<string, CanonicalField | 'ambiguous'>();
for (const field of Object.keys(CANONICAL_FIELDS) as CanonicalField[]) {
  CANONICAL.set(fold(field), field);
}
for (const field of Object.keys(CANONICAL_FIELDS) as CanonicalField[]) {
  for (const name of [field, ...SYNONYMS[field]]) {
    const words = wordsOf(name);
    const spellings = words.includes('number') ? GLUED_NUMBERS : [''];
    for (const spelling of spellings) {
      const glued = words.map((word) => (word === 'number' ? spelling : word)).join('');
      const known = OTHERS.get(glued);
      OTHERS.set(glued, known === undefined || known === field ? field : 'ambiguous');
    }
  }
}

for (const name of AMBIGUOUS) OTHERS.set(wordsOf(name).join(''), 'ambiguous');

type Likely = (typeof LIKELY)[number]['fields'];
const LIKELY_FIELDS = new Map<string, Likely>();
for (const { names, fields } of LIKELY) {
  for (const name of names) {
    const glued = wordsOf(name).join('');
    LIKELY_FIELDS.set(glued, fields);
    if (!OTHERS.has(glued)) OTHERS.set(glued, 'ambiguous');
  }
}

/** The canonical field that a header names, or undefined when none, or more than one, fits. */
export function fieldOf(header: string): CanonicalField | undefined {
  const exact = CANONICAL.get(fold(header));
  if (exact !== undefined) return exact;
  const other = OTHERS.get(wordsOf(header).join(''));
  return other === 'ambiguous' ? undefined : other;
}

/**
 * The fields, with what a name that could be several most likely is where nothing else fills that. A
 * person is asked about it.
 */
export function suggestedFields(
  names: readonly string[],
  fields: readonly (CanonicalField | null)[],
): (CanonicalField | null)[] {
  const taken = new Set(fields);
  return fields.map((field, column) => {
    const glued = wordsOf(names[column] ?? '').join('');
    if (field !== null || OTHERS.get(glued) !== 'ambiguous') return field;
    const [likely] =
      LIKELY_FIELDS.get(glued)?.find(
        ([one, beside]) => fields.includes(beside) && !taken.has(one),
      ) ?? [];
    if (likely !== undefined) taken.add(likely);
    return likely ?? null;
  });
}

/** Which field each column fills. A canonical name wins over a synonym, else the first wins. */
export function fieldsOf(names: readonly string[]): (CanonicalField | null)[] {
  const wanted = names.map(fieldOf);
  const winner = new Map<CanonicalField, number>();
  for (const exactOnly of [true, false]) {
    wanted.forEach((field, column) => {
      if (field === undefined || winner.has(field)) return;
      if (!exactOnly || fold(names[column] ?? '') === fold(field)) winner.set(field, column);
    });
  }
  return wanted.map((field, column) =>
    field !== undefined && winner.get(field) === column ? field : null,
  );
}

/**
 * The columns of a file that are not read by these fields, by name: those that no field answers
 * to, and those whose field another column fills.
 */
export function columnsLeft(
  names: readonly string[],
  fields: readonly (CanonicalField | null)[],
): { unknown: string[]; duplicates: string[] } {
  const left = names.filter((name, column) => name !== '' && !fields[column]);
  const isTaken = (name: string) => {
    const field = fieldOf(name);
    return field !== undefined && fields.includes(field);
  };
  return {
    unknown: left.filter((name) => !isTaken(name)),
    duplicates: left.filter(isTaken),
  };
}

/**
 * A header that could be more than one field, or of which there are two: a person has to say. A synonym
 * beside a field's own name is no second one; the same name twice is.
 */
export function hasAmbiguous(names: readonly string[]): boolean {
  const fields = fieldsOf(names);
  return names.some((name, column) => {
    if (fields[column] !== null || name === '') return false;
    if (OTHERS.get(wordsOf(name).join('')) === 'ambiguous') return true;
    const field = fieldOf(name);
    const winner = field === undefined ? -1 : fields.indexOf(field);
    const isOwnName = (of: string) => field !== undefined && fold(of) === fold(field);
    return field !== undefined && (!isOwnName(names[winner] ?? '') || isOwnName(name));
  });
}

/**
 * How many fields a row of cells names, if it can be a header at all: 0 when it names no key.
 * Used to find the header below a preamble, and the delimiter.
 */
export function headerScore(cells: readonly string[]): number {
  const found = new Set<CanonicalField>();
  for (const cell of cells) {
    // A long cell is prose, not a name.
    const field = cell.length <= 100 ? fieldOf(cell) : undefined;
    if (field !== undefined) found.add(field);
  }
  return [...found].some((field) => KEY_FIELDS.has(field)) ? found.size : 0;
}

function wordsOf(name: string): string[] {
  return name
    .replace(/#/g, ' number ')
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .map(fold)
    .filter((word) => word !== '' && !ARTICLES.has(word))
    .map((word) => (NUMBER_WORDS.has(word) ? 'number' : word));
}
