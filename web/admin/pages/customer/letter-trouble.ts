import type { LetterFate } from '../../types.ts';
import { t } from '../../words.ts';

/** Why a letter does not arrive, in words; null for one that fares well. */
export function letterTrouble(letter: LetterFate | null): string | null {
  if (letter === null || letter.lastError === null || letter.state === 'sent') return null;
  if (letter.lastError === 'contact_not_allowed') return t('contactMail.noAccess');
  if (letter.lastError === 'mail_muted') return t('contactMail.muted');
  return letter.lastError === 'withdrawn' ? t('contactMail.withdrawn') : letter.lastError;
}
