/** When to ask how it was: after a download or a report, at most once a month on this device. */
import type { FeedbackAbout } from '../../worker/vocabulary.ts';

const STORED_AS = 'feedback-asked';
/** A moment for the download itself: the question is not to stand in its way. */
const PAUSE_MILLISECONDS = 2_500;

/** The month of a moment, as it is kept: `2026-01`. Pure. */
export function monthOf(moment: Date): string {
  return moment.toISOString().slice(0, 7);
}

function askedIn(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

/** Keeps that this device was asked this month, however the person answered. */
export function noteAsked(): void {
  try {
    localStorage.setItem(STORED_AS, monthOf(new Date()));
  } catch {
    // private windows may refuse; the page still asks only once
  }
}

let isWatching = false;
let show: ((about: FeedbackAbout) => void) | undefined;

/** Says who draws the question. */
export function onFeedbackWanted(listener: typeof show): void {
  show = listener;
}

/** Asks how it was, if this person and this device may be asked. */
export function askForFeedback(about: FeedbackAbout): void {
  if (!isWatching || askedIn() === monthOf(new Date())) return;
  isWatching = false;
  setTimeout(() => show?.(about), PAUSE_MILLISECONDS);
}

/** Begins to wait for a download. */
export function watchForFeedback(): void {
  isWatching = true;
  addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a[download]')) askForFeedback('download');
  });
}
