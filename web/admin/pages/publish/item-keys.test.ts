import { describe, expect, it } from 'vitest';
import { type Focused, keyAction, placeAfter } from './item-keys.ts';

const press = (key: string, more = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...more,
});
const ITEM: Focused = { tag: 'article', isInItem: true };
const PAGE: Focused = { tag: 'body', isInItem: false };

describe('a key', () => {
  it('does what it stands for on an item', () => {
    const done = ['j', 'ArrowDown', 'k', 'ArrowUp', 'x', 't', 'o', '?'].map((key) =>
      keyAction(press(key), ITEM),
    );
    expect(done).toEqual(['next', 'next', 'previous', 'previous', 'leave', 'tick', 'file', 'help']);
  });

  it('changes nothing while no item has the focus', () => {
    expect(['x', 't', 'o'].map((key) => keyAction(press(key), PAGE))).toEqual([null, null, null]);
    expect(keyAction(press('ArrowDown'), PAGE)).toBeNull();
    expect(keyAction(press('j'), PAGE)).toBe('next');
    expect(keyAction(press('n'), PAGE)).toBe('nextPage');
    expect(keyAction(press('p'), PAGE)).toBe('previousPage');
  });

  it.each([
    { tag: 'textarea' },
    { tag: 'select' },
    { tag: 'input', type: 'search' },
    { tag: 'input', type: 'radio' },
    { tag: 'div', isEditable: true },
  ])('belongs to the field that has the focus: %o', (field) => {
    expect(keyAction(press('x'), { ...field, isInItem: true })).toBeNull();
    expect(keyAction(press('j'), { ...field, isInItem: false })).toBeNull();
  });

  it('works on a tick box of an item, where nothing is typed', () => {
    expect(keyAction(press('j'), { tag: 'input', type: 'checkbox', isInItem: true })).toBe('next');
  });

  it('belongs to the browser with a modifier', () => {
    expect(keyAction(press('k', { ctrlKey: true }), ITEM)).toBeNull();
    expect(keyAction(press('x', { metaKey: true }), ITEM)).toBeNull();
  });
});

describe('moving', () => {
  it('begins at the first item and stays within the list', () => {
    expect(placeAfter(null, 3, 'next')).toBe(0);
    expect(placeAfter(0, 3, 'next')).toBe(1);
    expect(placeAfter(2, 3, 'next')).toBeNull();
    expect(placeAfter(0, 3, 'previous')).toBeNull();
    expect(placeAfter(null, 0, 'next')).toBeNull();
  });
});
