/** What a page's address asks for, read as the web app reads it: what cannot be read is not asked for. */
import { z } from 'zod';
import { holdsNoText } from '../validate.ts';

/** What a list can be asked for: its fields in the order of the web app's addresses, and all that must hold of them. */
export type Filter<Query> = { fields: z.ZodObject; whole: z.ZodType<Query> };

/**
 * Reads the query of a page. The API refuses a filter that it cannot read; who opens an address sees the
 * page all the same.
 *
 * @returns the name that the web app asks for the list under, and what is asked for; null where its parts
 *   can be read and what they say together cannot be shown, as days that stand the wrong way round
 */
export function readFilter<Query>(
  list: string,
  { fields, whole }: Filter<Query>,
  address: URL,
): { name: string; query: Query | null } {
  const given = Object.fromEntries(address.searchParams);
  const kept = Object.entries(fields.shape).flatMap(([name, field]) => {
    const read = z.safeParse(field, given[name]);
    // What is read as a list was asked for as one word.
    const text = typeof read.data === 'string' ? read.data : given[name];
    const goesWithoutSaying = z.safeParse(field, undefined).data;
    const isAsked = read.success && text && text !== goesWithoutSaying && !holdsNoText(text);
    return isAsked ? [[name, text] as const] : [];
  });
  const params = new URLSearchParams(kept.map(([name, text]) => [name, text]));
  const parsed = whole.safeParse(Object.fromEntries(kept));
  return {
    name: params.size > 0 ? `${list}?${params}` : list,
    query: parsed.success ? parsed.data : null,
  };
}
