/** What a form of settings sends: another owner may have changed the rest since the page was loaded. */
import { DOCUMENT_KINDS, type DocumentKind } from '../../../../worker/vocabulary.ts';
import type { Settings } from '../../types.ts';

export type Editable = Omit<Settings, 'hasLogo'>;

/** Of links what became of a carrier's, null for one that is gone; of kinds which are unstamped now, or no longer. */
type SettingsChange = Partial<Omit<Editable, 'trackingLinks' | 'unstampedKinds'>> & {
  trackingLinks?: Record<string, string | null>;
  unstampedKinds?: Partial<Record<DocumentKind, boolean>>;
};

/** Those of a draft that are not as they were loaded. */
export function changedSettings(loaded: Settings, draft: Settings): SettingsChange {
  const { hasLogo: _, trackingLinks, unstampedKinds, ...wanted } = draft;
  const isChanged = ([name, value]: [string, unknown]) =>
    // sound: the entries are those of the type
    JSON.stringify(value) !== JSON.stringify(loaded[name as keyof Editable]);
  const links = changedLinks(loaded.trackingLinks, trackingLinks);
  const kinds = changedKinds(loaded.unstampedKinds, unstampedKinds);
  return {
    ...Object.fromEntries(Object.entries(wanted).filter(isChanged)),
    ...(Object.keys(links).length > 0 && { trackingLinks: links }),
    ...(Object.keys(kinds).length > 0 && { unstampedKinds: kinds }),
  };
}

function changedLinks(
  loaded: Settings['trackingLinks'],
  draft: Settings['trackingLinks'],
): Record<string, string | null> {
  const gone = Object.keys(loaded).filter((carrier) => draft[carrier] === undefined);
  return Object.fromEntries([
    ...gone.map((carrier) => [carrier, null]),
    ...Object.entries(draft).filter(([carrier, link]) => loaded[carrier] !== link),
  ]);
}

function changedKinds(
  loaded: readonly DocumentKind[],
  draft: readonly DocumentKind[],
): Partial<Record<DocumentKind, boolean>> {
  return Object.fromEntries(
    DOCUMENT_KINDS.filter((kind) => loaded.includes(kind) !== draft.includes(kind)).map((kind) => [
      kind,
      draft.includes(kind),
    ]),
  );
}
