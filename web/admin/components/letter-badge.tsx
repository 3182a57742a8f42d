import { Badge, type Tone } from '../../ui/badge.tsx';
import type { IconName } from '../../ui/icon.tsx';
import type { LetterFate } from '../types.ts';
import { type LetterState, letterState, stateWords } from './letter-words.ts';

const LOOKS: Record<LetterState, { tone: Tone; icon: IconName }> = {
  queued: { tone: 'plain', icon: 'clock' },
  retrying: { tone: 'warn', icon: 'clock' },
  sent: { tone: 'news', icon: 'mail' },
  delivered: { tone: 'good', icon: 'check' },
  delayed: { tone: 'warn', icon: 'clock' },
  bounced: { tone: 'bad', icon: 'returned' },
  complained: { tone: 'bad', icon: 'warning' },
  failed: { tone: 'bad', icon: 'cross' },
  suppressed: { tone: 'bad', icon: 'lock' },
  dead: { tone: 'bad', icon: 'cross' },
};

/** What became of a letter. */
export function LetterBadge({
  letter,
}: {
  letter: Pick<LetterFate, 'state' | 'fate' | 'lastError'>;
}) {
  const state = letterState(letter);
  return <Badge {...LOOKS[state]}>{stateWords(state)}</Badge>;
}
