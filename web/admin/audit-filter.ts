/** What of the audit trail is asked for: it lives in the address, under the API's own names. */
import { AUDIT_ACTIONS, type AuditAction } from '../../worker/vocabulary.ts';
import { type ActionGroup, actionGroup } from './words.ts';

const NAMES = ['actor', 'action', 'customer', 'subject', 'from', 'to'] as const;
/** Text as it stands in the address; what is empty is not asked for. */
export type AuditFilter = Partial<Record<(typeof NAMES)[number], string>>;

/** The filter in an address's query; what is none of it is left out. */
export function filterOf(query: Record<string, string>): AuditFilter {
  return Object.fromEntries(
    NAMES.flatMap((name) => (query[name] ? [[name, query[name]] as const] : [])),
  );
}

/** The actions of a filter, in the vocabulary's order; what is none of them is left out. */
export function actionsOf({ action = '' }: AuditFilter): AuditAction[] {
  const wanted = new Set(action.split(','));
  return AUDIT_ACTIONS.filter((each) => wanted.has(each));
}

/** All actions, by the heading under which they are chosen. */
export function actionGroups(): Map<ActionGroup, AuditAction[]> {
  const groups = new Map<ActionGroup, AuditAction[]>();
  for (const action of AUDIT_ACTIONS) {
    const group = actionGroup(action);
    groups.set(group, [...(groups.get(group) ?? []), action]);
  }
  return groups;
}

/** The actions with some of them chosen, or no longer; as the filter's text. */
export function withActions(
  chosen: readonly AuditAction[],
  changed: readonly AuditAction[],
  isChosen: boolean,
): string {
  const next = new Set(chosen);
  for (const each of changed) {
    if (isChosen) next.add(each);
    else next.delete(each);
  }
  return AUDIT_ACTIONS.filter((each) => next.has(each)).join(',');
}
