const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** From one day to another (YYYY-MM-DD), both included. */
export type Days = { from?: string | undefined; to?: string | undefined };

/** The days that an address or a form asks for. Pure. */
export function daysOf(query: Record<string, string | undefined>): Days {
  const dayOf = (day: string | undefined) => (day && DAY.test(day) ? day : undefined);
  return { from: dayOf(query.from), to: dayOf(query.to) };
}

export function isBackwards({ from, to }: Days): boolean {
  return Boolean(from && to && from > to);
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
