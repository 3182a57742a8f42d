import { useEffect, useRef } from 'preact/hooks';
import { focusViewLink, useBeside } from '../beside.ts';
import { later } from '../later.tsx';
import type { DocumentRow } from '../types.ts';

const Viewer = later(
  () => import('./viewer.tsx').then((module) => module.Viewer),
  () => null,
);

/**
 * The document that the address asks for beside this page, if it asks for one.
 *
 * @param documents those of the page, to turn over in their order
 */
export function Beside({ documents }: { documents: DocumentRow[] }) {
  const { id } = useBeside();
  const last = useRef(id);
  useEffect(() => {
    const closed = last.current;
    last.current = id;
    // What had the focus is gone with the viewer: on from the link that opened it.
    const isLost = document.activeElement === document.body;
    if (closed && !id && isLost) focusViewLink(closed);
  }, [id]);
  return id ? <Viewer id={id} documents={documents} /> : null;
}
