import { Icon } from '../../../ui/Icon.tsx';
import type { LetterFate } from '../../types.ts';
import { t } from '../../words.ts';
import css from './customer.module.css';
import { letterTrouble } from './letter-trouble.ts';

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
