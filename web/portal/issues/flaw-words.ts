import type { ApiError } from '../../lib/api.ts';
import { type Draft, flawsOf, type Wrong } from './report-draft.ts';
import { issueWords } from './words.ts';

/** What is wrong with a draft, in words, by field. */
export function wordsOf(draft: Draft): Wrong {
  const words = (field: ReturnType<typeof flawsOf>[number]['field'], off: number) => {
    if (field === 'kind') return issueWords('wrong.kind');
    if (field === 'contactEmail') return issueWords('wrong.email');
    if (field === 'contactPhone') return issueWords('wrong.phone');
    return off < 0
      ? issueWords('wrong.descriptionShort', { count: -off })
      : issueWords('wrong.descriptionLong', { count: off });
  };
  return Object.fromEntries(flawsOf(draft).map(({ field, off }) => [field, words(field, off)]));
}

/** The fields that the Worker has refused, in words. */
export function refusedFields({ fields }: ApiError): Wrong {
  const words = {
    kind: issueWords('wrong.kind'),
    description: issueWords('wrong.description'),
    contactEmail: issueWords('wrong.email'),
    contactPhone: issueWords('wrong.phone'),
    lineNumbers: issueWords('wrong.lines'),
  };
  const named = new Set(Object.keys(fields).map((field) => field.split('.')[0] ?? ''));
  return Object.fromEntries(Object.entries(words).filter(([field]) => named.has(field)));
}
