/** An event of the audit trail as a sentence. */
import { AUDIT_ACTIONS, type AuditAction } from '../../../worker/vocabulary.ts';
import type { AuditEvent } from '../types.ts';
import { t } from '../words.ts';

/** "Clara Nowak imported a CSV"; of a preview, what was done in it. */
export function eventWords(event: AuditEvent): string {
  const who = actorName(event);
  const inPreview = doneInPreview(event);
  return inPreview === null
    ? t('audit.did', { who, what: t(`actions.${event.action}`) })
    : t('audit.didInPreview', { who, what: t(`actions.${inPreview}`) });
}

/** What a member did as the customer would; null where it was no preview. */
export function doneInPreview({ action, detail: { did } }: AuditEvent): AuditAction | null {
  if (action !== 'portal.previewed') return null;
  return AUDIT_ACTIONS.find((each) => each === did) ?? null;
}

export const actorName = ({ actor }: Pick<AuditEvent, 'actor'>): string =>
  actor.name ?? t(`actors.${actor.kind}`);
