/** The item whose PDF is shown beside the list of a review. */
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useRoomForPdf } from '../../../lib/media.ts';
import type { ReviewItem } from '../../types.ts';
import { keyOf } from './review-changes.ts';

/** Who moves on at once is not shown what they passed. */
const FOLLOW_MILLISECONDS = 150;

/**
 * What is shown, and how it follows: an item with a file takes its place once it has the focus, an
 * item without one leaves it there, and so does another page.
 *
 * @param listed the items of the page, in the order of the list's `data-item` elements
 * @param heading id of what has the focus when the item is no longer listed
 */
export function useBeside(
  listed: readonly ReviewItem[],
  list: RefObject<HTMLElement | null>,
  heading: string,
) {
  const hasRoom = useRoomForPdf();
  const [opened, setOpened] = useState<ReviewItem | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const at = opened ? listed.findIndex((item) => keyOf(item) === keyOf(opened)) : -1;
  const item = listed[at] ?? opened;
  const isShown = hasRoom && item !== null && item.file !== null;
  const rowAt = () => list.current?.querySelectorAll<HTMLElement>('[data-item]')[at];

  const shownKey = isShown ? keyOf(item) : null;
  useEffect(() => {
    // Beside a file the list is narrower, and longer: what was looked at would be out of sight.
    const focused = list.current?.contains(document.activeElement) && document.activeElement;
    const row = shownKey === null ? focused : rowAt();
    if (row) row.scrollIntoView({ block: 'nearest' });
  }, [shownKey]);

  const show = (next: ReviewItem | null) => {
    clearTimeout(timer.current);
    setOpened(next);
  };
  return {
    /** Null while nothing is shown. */
    shown: isShown ? item : null,
    hasRoom,
    show,
    /** The focus has come to an item. */
    follow: (next: ReviewItem) => {
      clearTimeout(timer.current);
      if (!isShown || next.file === null) return;
      timer.current = setTimeout(() => setOpened(next), FOLLOW_MILLISECONDS);
    },
    close: () => {
      // Escape is for the dialog that lies over it.
      if (document.querySelector('dialog[open]')) return;
      show(null);
      if (list.current?.contains(document.activeElement)) return;
      const goal = rowAt() ?? document.getElementById(heading);
      if (goal) goal.tabIndex = -1;
      goal?.focus();
    },
  };
}
export type Beside = ReturnType<typeof useBeside>;
