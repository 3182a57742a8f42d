/** Moves through the items of a review by keys, and presses the buttons of the one in focus. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Focused, keyAction, placeAfter } from './item-keys.ts';
import { useFocusKept } from './use-focus-kept.ts';

const KEPT_AS = 'review-keys';
/** An item's element; in it `data-press` names what a key presses. */
const ITEM = '[data-item]';
/** The one whose file is shown beside the list. */
const SHOWN = '[data-item]:has([aria-current])';

type Direction = 'next' | 'previous';

/**
 * Single keys for the list that `list` holds.
 *
 * @param listed what is listed; when it changes under the focus, the focus goes to what took the place
 * @param turnPage lists what stands behind the last item, or before the first; false where nothing does
 * @param heading id of the heading above the list
 */
export function useItemKeys(
  listed: readonly unknown[],
  turnPage: (direction: Direction) => Promise<boolean>,
  heading: string,
) {
  const list = useRef<HTMLUListElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  // Single keys get in the way of those who speak to their computer: they can be turned off.
  const [isOn, setOn] = useState(isKeptOn);
  const latest = useRef(turnPage);
  latest.current = turnPage;
  /** Where the focus goes on the page that was just turned to. */
  const [arrival, setArrival] = useState<{ at: 'first' | 'last' } | null>(null);

  const itemsOf = () => [...(list.current?.querySelectorAll<HTMLElement>(ITEM) ?? [])];

  useFocusKept(list, ITEM, heading, listed);

  useEffect(() => {
    if (arrival !== null) reach(itemsOf().at(arrival.at === 'first' ? 0 : -1));
  }, [arrival]);

  const turnTo = async (direction: Direction, at: 'first' | 'last' = 'first') => {
    if (await latest.current(direction)) setArrival({ at });
  };

  useEffect(() => {
    if (!isOn) return;
    const go = (action: Direction) => {
      const items = itemsOf();
      const current =
        itemOf(document.activeElement) ?? list.current?.querySelector<HTMLElement>(SHOWN);
      const at = current ? items.indexOf(current) : -1;
      const to = placeAfter(at < 0 ? null : at, items.length, action);
      if (to !== null) reach(items[to]);
      else void turnTo(action, action === 'next' ? 'first' : 'last');
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const action = keyAction(event, focusedOn(event.target));
      if (action === null) return;
      event.preventDefault();
      if (action === 'help') setHelpOpen(true);
      else if (action === 'next' || action === 'previous') go(action);
      else if (action === 'nextPage') void turnTo('next');
      else if (action === 'previousPage') void turnTo('previous');
      else press(itemOf(event.target), action);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOn]);

  return {
    list,
    /** Turns the page, and goes to its first item. */
    turnTo: (direction: Direction) => void turnTo(direction),
    isHelpOpen,
    setHelpOpen,
    isOn,
    turn: (on: boolean) => {
      setOn(on);
      try {
        localStorage.setItem(KEPT_AS, on ? 'on' : 'off');
      } catch {
        // Then it holds for this page.
      }
    },
  };
}

function reach(item: HTMLElement | undefined): void {
  item?.focus({ preventScroll: true });
  item?.scrollIntoView({ block: 'center' });
}

function isKeptOn(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) !== 'off';
  } catch {
    return true;
  }
}

function itemOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(ITEM) : null;
}

function focusedOn(target: EventTarget | null): Focused {
  const element = target instanceof HTMLElement ? target : document.body;
  return {
    tag: element.tagName.toLowerCase(),
    type: element instanceof HTMLInputElement ? element.type : undefined,
    isEditable: element.isContentEditable,
    isInItem: itemOf(element) !== null,
  };
}

/** What a key does is what its button does; where there is none, nothing. */
function press(item: HTMLElement | null, action: 'leave' | 'tick' | 'file') {
  item?.querySelector<HTMLElement>(`[data-press="${action}"]`)?.click();
}
