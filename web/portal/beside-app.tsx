import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';

let draw: ((what: VNode) => void) | undefined;

/** Draws what goes on beside the pages, once its code is there. */
export function drawBeside(what: VNode): void {
  draw?.(what);
}

/** Where it is drawn: in the app's own tree, since another one would give its ids a second time. */
export function BesideApp() {
  const [what, setWhat] = useState<VNode | null>(null);
  useEffect(() => {
    draw = setWhat;
  }, []);
  return what;
}
