import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/**
 * Keeps the focus in a part of a page whose controls come and go: when the one that has it goes, it passes
 * to the one that took its place, else to the last there is.
 */
export function useKeptFocus(part: RefObject<HTMLElement | null>): void {
  const last = useRef<{ control: Element; at: number } | null>(null);
  const controls = () => [...(part.current?.querySelectorAll<HTMLElement>('button, input') ?? [])];
  useEffect(() => {
    const note = () => {
      const control = document.activeElement;
      const at = controls().findIndex((one) => one.isSameNode(control));
      last.current = control && at >= 0 ? { control, at } : null;
    };
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  }, []);
  useLayoutEffect(() => {
    if (!last.current || last.current.control.isConnected) return;
    const found = controls();
    const next = found[Math.min(last.current.at, found.length - 1)];
    // While something is under way there may be none: they come back.
    if (!next) return;
    last.current = null;
    // Who has gone on to something else meanwhile stays there.
    if (document.activeElement === document.body) next.focus();
  });
}
