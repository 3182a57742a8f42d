import { Badge } from '../../ui/Badge.tsx';
import type { LetterFate } from '../types.ts';
import { letterState, STATE_LOOKS, stateWords } from './letter-words.ts';

/** What became of a letter. */
export function LetterBadge({
  letter,
}: {
  letter: Pick<LetterFate, 'state' | 'fate' | 'lastError'>;
}) {
  const state = letterState(letter);
  return <Badge {...STATE_LOOKS[state]}>{stateWords(state)}</Badge>;
}
