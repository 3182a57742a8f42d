/** Where the focus goes when what had it leaves the page. */
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * Follows the focus within a list. When its bearer leaves with a change of the rows, the focus goes
 * to what stands in its place now, else to the list's heading: never to the top of the page.
 *
 * @param list what holds the rows; it may leave with the last of them
 * @param row a selector of the elements that can take the focus, one a row
 * @param heading id of the heading above
 * @param rows what is listed
 */
export function useFocusKept(
  list: RefObject<HTMLElement | null>,
  row: string,
  heading: string,
  rows: unknown,
): void {
  const last = useRef<{ element: Element; place: number } | null>(null);
  useEffect(() => {
    const note = ({ target }: FocusEvent) => {
      const element = target instanceof Element ? target : null;
      const place = rowsIn(list, row).findIndex((each) => each.contains(element));
      last.current = element && place >= 0 ? { element, place } : null;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, [list, row]);
  useEffect(() => {
    if (last.current === null || last.current.element.isConnected) return;
    const all = rowsIn(list, row);
    const next = all[Math.min(last.current.place, all.length - 1)];
    const goal = next ?? document.getElementById(heading);
    if (goal) goal.tabIndex = -1;
    goal?.focus();
  }, [rows]);
}

function rowsIn(list: RefObject<HTMLElement | null>, row: string): HTMLElement[] {
  return [...(list.current?.querySelectorAll<HTMLElement>(row) ?? [])];
}
