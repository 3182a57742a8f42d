/** What became of a letter, in words. */
import type { LetterTemplate } from '../../../worker/vocabulary.ts';
import type { LetterFate } from '../types.ts';
import { t } from '../words.ts';

export type LetterState =
  | Exclude<LetterFate['state'] | NonNullable<LetterFate['fate']>, 'queued'>
  | 'queued'
  | 'retrying';

/** Where a letter is: with us until it is sent, and then as the provider says. */
export function letterState({
  state,
  fate,
  lastError,
}: Pick<LetterFate, 'state' | 'fate' | 'lastError'>): LetterState {
  if (state === 'queued') return lastError === null ? 'queued' : 'retrying';
  return state === 'sent' ? (fate ?? 'sent') : state;
}

export const stateWords = (state: LetterState): string => t(`outbox.states.${state}`);

const TEMPLATES = {
  'access-link': 'accessLink',
  'documents-ready': 'documentsReady',
  news: 'news',
  'issue-reply': 'issueReply',
  'change-answered': 'changeAnswered',
  'statement-ready': 'statementReady',
  'publish-rejected': 'publishRejected',
  'issue-reported': 'issueReported',
  'issue-answered': 'issueAnswered',
} as const satisfies Record<LetterTemplate, string>;
export const isTemplate = (name: string): name is LetterTemplate => Object.hasOwn(TEMPLATES, name);

/** What kind of letter it is; one that there are no words for keeps its name. */
export function templateWords(template: string): string {
  return isTemplate(template) ? t(`outbox.templates.${TEMPLATES[template]}`) : template;
}

const KEPT_BACK = {
  contact_not_allowed: 'noAccess',
  mail_muted: 'muted',
  withdrawn: 'withdrawn',
  address_suppressed: 'suppressed',
  member_not_active: 'left',
} as const;
const isKeptBack = (reason: string): reason is keyof typeof KEPT_BACK =>
  Object.hasOwn(KEPT_BACK, reason);

/** Why a letter does not arrive, in words; null for one that fares well. */
export function letterTrouble(
  letter: Pick<LetterFate, 'state' | 'lastError' | 'fate' | 'fateDetail'> | null,
): string | null {
  if (letter === null) return null;
  const { state, lastError, fate, fateDetail } = letter;
  if (state !== 'sent') {
    if (lastError === null) return null;
    return isKeptBack(lastError) ? t(`contactMail.${KEPT_BACK[lastError]}`) : lastError;
  }
  switch (fate) {
    case 'complained':
      return t('contactMail.fates.complained');
    case 'bounced':
    case 'failed':
    case 'suppressed':
      return fateDetail === null
        ? t(`contactMail.fates.${fate}`)
        : t(`contactMail.fatesWith.${fate}`, { detail: fateDetail });
    default:
      return null;
  }
}

/** Whether a letter may be sent again: it died, and was not kept back for good, or it came back. */
export function mayRetry({
  state,
  lastError,
  fate,
}: Pick<LetterFate, 'state' | 'lastError' | 'fate'>): boolean {
  if (state === 'sent') return fate === 'bounced' || fate === 'failed' || fate === 'suppressed';
  const forGood = /^[a-z_]+$/.test(lastError ?? '');
  const isMended = lastError === 'address_suppressed' || lastError === 'contact_not_allowed';
  return state === 'dead' && (!forGood || isMended);
}
