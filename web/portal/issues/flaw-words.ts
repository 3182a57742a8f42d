import type { ApiError } from '../../lib/api.ts';
import { type Draft, flawsOf, type Wrong } from './report-draft.ts';
import { w } from './words.ts';

/** What is wrong with a draft, in words, by field. */
export function wordsOf(draft: Draft): Wrong {
  const words = (field: ReturnType<typeof flawsOf>[number]['field'], off: number) => {
    if (field === 'kind') return w('wrong.kind');
    if (field === 'contactEmail') return w('wrong.email');
    if (field === 'contactPhone') return w('wrong.phone');
    return off < 0
      ? w('wrong.descriptionShort', { count: -off })
      : w('wrong.descriptionLong', { count: off });
  };
  return Object.fromEntries(flawsOf(draft).map(({ field, off }) => [field, words(field, off)]));
}

/** The fields that the Worker has refused, in words. */
export function refusedFields({ fields }: ApiError): Wrong {
  const words = {
    kind: w('wrong.kind'),
    description: w('wrong.description'),
    contactEmail: w('wrong.email'),
    contactPhone: w('wrong.phone'),
    lineNumbers: w('wrong.lines'),
  };
  const named = new Set(Object.keys(fields).map((field) => field.split('.')[0] ?? ''));
  return Object.fromEntries(Object.entries(words).filter(([field]) => named.has(field)));
}
