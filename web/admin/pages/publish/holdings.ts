/** What a publish holds for one customer, and what of it an exposure lets them see. */
import {
  DOCUMENT_KINDS,
  type DocumentKind,
  EXPOSABLE_FIELDS,
  type ExposableField,
} from '../../../../worker/vocabulary.ts';
import type { Exposure, ReviewItem } from '../../types.ts';

export type Holdings = { kinds: Map<DocumentKind, number>; fields: ExposableField[] };
type Part = { kinds: [DocumentKind, number][]; fields: ExposableField[] };

/** Document kinds with their counts, and the fields that say something; what is left out is not there. */
export function holdingsOf(
  items: readonly Pick<ReviewItem, 'kind' | 'fields' | 'excluded'>[],
): Holdings {
  const kinds = new Map<DocumentKind, number>();
  const said = new Set<string>();
  for (const { kind, fields, excluded } of items) {
    if (excluded) continue;
    for (const [field, value] of Object.entries(fields)) {
      if (value) said.add(field);
    }
    const paper = DOCUMENT_KINDS.find((each) => each === fields.document_kind);
    if (kind === 'document' && paper) kinds.set(paper, (kinds.get(paper) ?? 0) + 1);
  }
  return { kinds, fields: EXPOSABLE_FIELDS.filter((field) => said.has(field)) };
}

/** What an exposure shows of it, and what it keeps back. */
export function seenOf(holdings: Holdings, exposure: Exposure): Record<'shown' | 'kept', Part> {
  const part = (isShown: boolean): Part => ({
    kinds: [...holdings.kinds].filter(([kind]) => exposure.kinds.includes(kind) === isShown),
    fields: holdings.fields.filter((field) => exposure.fields.includes(field) === isShown),
  });
  return { shown: part(true), kept: part(false) };
}

/** Whether two exposures show the same, in whatever order they name it. */
export function isSame(one: Exposure, other: Exposure): boolean {
  const holds = (a: readonly string[], b: readonly string[]) => a.every((each) => b.includes(each));
  return (
    holds(one.kinds, other.kinds) &&
    holds(other.kinds, one.kinds) &&
    holds(one.fields, other.fields) &&
    holds(other.fields, one.fields)
  );
}
