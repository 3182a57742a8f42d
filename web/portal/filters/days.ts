import { SEARCH_MAX_CHARACTERS } from '../../../worker/vocabulary.ts';
import { isDay } from '../../lib/day.ts';

export { isBackwards } from '../../lib/day.ts';

/** From one day to another (YYYY-MM-DD), both included. */
export type Days = { from?: string | undefined; to?: string | undefined };

/** The days that an address or a form asks for. Pure. */
export function daysOf(query: Record<string, string | undefined>): Days {
  const { from, to } = query;
  return { from: isDay(from) ? from : undefined, to: isDay(to) ? to : undefined };
}

/** What an address or a form looks for; what the API would refuse is not looked for. Pure. */
export function searchOf({ q = '' }: Record<string, string | undefined>): string | undefined {
  const text = q.trim();
  const isSent = text && text.length <= SEARCH_MAX_CHARACTERS && !text.includes('\0');
  return isSent ? text : undefined;
}

/** A path with what is asked for as its query, in one order, so that one list has one name. Pure. */
export function withQuery(path: string, wanted: Record<string, string | undefined>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) if (value) params.set(name, value);
  return params.size > 0 ? `${path}?${params}` : path;
}

export function entriesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}
