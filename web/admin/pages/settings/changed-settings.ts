/** What a form of settings sends: another owner may have changed the rest since the page was loaded. */
import type { Settings } from '../../types.ts';

export type Editable = Omit<Settings, 'hasLogo'>;

/** Those of a draft that are not as they were loaded. */
export function changedSettings(loaded: Settings, draft: Settings): Partial<Editable> {
  const { hasLogo: _, ...wanted } = draft;
  const isChanged = ([name, value]: [string, unknown]) =>
    // sound: the entries are those of the type
    JSON.stringify(value) !== JSON.stringify(loaded[name as keyof Editable]);
  return Object.fromEntries(Object.entries(wanted).filter(isChanged));
}
