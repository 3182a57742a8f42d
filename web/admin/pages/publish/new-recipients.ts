/** A customer's new recipients, ticked together: all but those that somebody has to look at. */
import type { ReviewItem } from '../../types.ts';
import { problemWords, t } from '../../words.ts';

/** What is wrong with new recipients is no reason to block them, and every reason to look at each. */
export function sortRecipients(contacts: readonly ReviewItem[]): {
  clear: ReviewItem[];
  doubtful: ReviewItem[];
} {
  const open = contacts.filter(({ ticked, blocked, excluded }) => !ticked && !blocked && !excluded);
  return {
    clear: open.filter(({ problems }) => problems.length === 0),
    doubtful: open.filter(({ problems }) => problems.length > 0),
  };
}

/** How many were ticked, and how many wait for a look, and why. */
export function tickedWords(ticked: number, doubtful: readonly ReviewItem[]): string {
  const reasons = doubtful.flatMap(({ problems }) => problems.map(problemWords));
  const parts = [
    ticked > 0 && t('review.ticked', { count: ticked }),
    doubtful.length > 0 && t('review.lookFirst', { count: doubtful.length }),
    ...new Set(reasons),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(' ') : t('review.nothingToTick');
}
