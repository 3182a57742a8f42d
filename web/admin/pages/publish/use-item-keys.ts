/** Moves through the items of a review by keys, and presses the buttons of the one in focus. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Focused, type KeyAction, keyAction, placeAfter } from './item-keys.ts';
import { useFocusKept } from './use-focus-kept.ts';

const KEPT_AS = 'review-keys';
/** An item's element; in it `data-press` names what a key presses. */
const ITEM = '[data-item]';

/**
 * Single keys for the list that `list` holds.
 *
 * @param listed what is listed; when it changes under the focus, the focus goes to what took the place
 * @param more asks for what stands behind the last item
 */
export function useItemKeys(listed: readonly unknown[], more: () => unknown) {
  const list = useRef<HTMLUListElement>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  // Single keys get in the way of those who speak to their computer: they can be turned off.
  const [isOn, setOn] = useState(isKeptOn);
  const latest = useRef(more);
  latest.current = more;

  const itemsOf = () => [...(list.current?.querySelectorAll<HTMLElement>(ITEM) ?? [])];

  useFocusKept(list, ITEM, 'items', listed);

  useEffect(() => {
    if (!isOn) return;
    const go = (action: 'next' | 'previous') => {
      const items = itemsOf();
      const current = itemOf(document.activeElement);
      const at = current ? items.indexOf(current) : -1;
      const to = placeAfter(at < 0 ? null : at, items.length, action);
      if (to === null) {
        if (action === 'next') latest.current();
        return;
      }
      items[to]?.focus({ preventScroll: true });
      items[to]?.scrollIntoView({ block: 'center' });
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const action = keyAction(event, focusedOn(event.target));
      if (action === null) return;
      event.preventDefault();
      if (action === 'help') setHelpOpen(true);
      else if (action === 'next' || action === 'previous') go(action);
      else press(itemOf(event.target), action);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isOn]);

  return {
    list,
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
function press(item: HTMLElement | null, action: Exclude<KeyAction, 'next' | 'previous' | 'help'>) {
  item?.querySelector<HTMLElement>(`[data-press="${action}"]`)?.click();
}
