/** Which key does what in the list of a review's items. */

export const ITEM_KEYS = {
  next: ['j', 'ArrowDown'],
  previous: ['k', 'ArrowUp'],
  nextPage: ['n'],
  previousPage: ['p'],
  leave: ['x'],
  tick: ['t'],
  file: ['o'],
  help: ['?'],
} as const;
export type KeyAction = keyof typeof ITEM_KEYS;
export const KEY_ACTIONS = Object.keys(ITEM_KEYS) as KeyAction[]; // a const record's keys

type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey'>;
/** Where the focus is, as far as it matters. */
export type Focused = {
  /** In lower case. */
  tag: string;
  /** Of an input. */
  type?: string | undefined;
  isEditable?: boolean;
  /** On an item, or inside one. */
  isInItem: boolean;
};

/**
 * What a key asks for; null where it belongs to the field that has the focus, or to the browser.
 * Arrows scroll the page until an item has the focus.
 */
export function keyAction(pressed: Pressed, focused: Focused): KeyAction | null {
  if (pressed.altKey || pressed.ctrlKey || pressed.metaKey || takesKeys(focused)) return null;
  const isArrow = pressed.key.startsWith('Arrow');
  if (isArrow && !focused.isInItem) return null;
  const action = KEY_ACTIONS.find((each) =>
    (ITEM_KEYS[each] as readonly string[]).includes(pressed.key),
  );
  if (action === undefined) return null;
  const isOfItem = action === 'leave' || action === 'tick' || action === 'file';
  return isOfItem && !focused.isInItem ? null : action;
}

function takesKeys({ tag, type, isEditable }: Focused): boolean {
  if (isEditable || tag === 'textarea' || tag === 'select') return true;
  return tag === 'input' && type !== 'checkbox';
}

/** The place of the item to go to; null where there is none, or none further on. */
export function placeAfter(
  place: number | null,
  count: number,
  action: 'next' | 'previous',
): number | null {
  if (count === 0) return null;
  if (place === null) return 0;
  const wanted = place + (action === 'next' ? 1 : -1);
  return wanted < 0 || wanted >= count ? null : wanted;
}
