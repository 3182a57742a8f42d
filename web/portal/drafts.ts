/**
 * What a person has written and not sent yet. Kept on their device, since a visit ends after half an
 * hour and the next one may be in another tab; gone when they sign out, and after a week.
 */
const PREFIX = 'draft:';
const KEPT_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

type Kept = { at: number; draft: unknown };

/** The draft of that name, or undefined; what is there is of an earlier release's shape at worst. */
export function readDraft<T extends object>(
  name: string,
  now = Date.now(),
): Partial<T> | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') as Kept | null; // written below
    if (!kept || now - kept.at > KEPT_MILLISECONDS) return undefined;
    return kept.draft as Partial<T>; // one name, one shape
  } catch {
    return undefined;
  }
}

/** Keeps a draft; undefined forgets it. */
export function keepDraft(name: string, draft: object | undefined, now = Date.now()): void {
  try {
    if (draft === undefined) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify({ at: now, draft } satisfies Kept));
  } catch {
    // private windows may refuse: then there is no draft
  }
}

/** The person signs out: nothing they wrote stays on the device. */
export function forgetDrafts(): void {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX)) localStorage.removeItem(name);
    }
  } catch {
    // as above
  }
}
