import { Icon } from '../../../ui/icon.tsx';
import { letterTrouble } from '../../components/letter-words.ts';
import type { LetterFate } from '../../types.ts';
import { t } from '../../words.ts';
import css from './customer.module.css';

const WORDS = {
  queued: 'link.mailTried',
  sent: 'link.mailReturned',
  dead: 'link.mailDead',
} as const;

/** At a link: what became of the mail that carries it, where that is not well. */
export function LetterNote({ letter }: { letter: LetterFate | null }) {
  const reason = letterTrouble(letter);
  if (letter === null || reason === null) return null;
  return (
    <p class={css.trouble}>
      <Icon name="warning" />
      <span>{t(WORDS[letter.state], { reason })}</span>
    </p>
  );
}
