import { Icon } from '../../../ui/Icon.tsx';
import type { LetterFate } from '../../types.ts';
import { t } from '../../words.ts';
import css from './customer.module.css';

/** Why a letter does not arrive, in words; null for one that fares well. */
export function letterTrouble(letter: LetterFate | null): string | null {
  if (letter === null || letter.lastError === null || letter.state === 'sent') return null;
  return letter.lastError === 'contact_not_allowed' ? t('contactMail.noAccess') : letter.lastError;
}

/** At a link: what became of the mail that carries it, where that is not well. */
export function LetterNote({ letter }: { letter: LetterFate | null }) {
  const reason = letterTrouble(letter);
  if (letter === null || reason === null) return null;
  return (
    <p class={css.trouble}>
      <Icon name="warning" />
      <span>{t(letter.state === 'dead' ? 'link.mailDead' : 'link.mailTried', { reason })}</span>
    </p>
  );
}
