import { useEffect, useState } from 'preact/hooks';

/** Whether a media query holds; the component is drawn again when that changes. */
export function useMedia(query: string): boolean {
  const [list] = useState(() => matchMedia(query));
  const [holds, setHolds] = useState(list.matches);
  useEffect(() => {
    const follow = () => setHolds(list.matches);
    list.addEventListener('change', follow);
    return () => list.removeEventListener('change', follow);
  }, [list]);
  return holds;
}

/** The width of the stylesheets' panes, and a pointer: phones and tablets show a PDF in its own tab. */
const ROOM_FOR_PDF = '(width >= 64rem) and (pointer: fine)';

/** Whether this window and this browser can show a PDF beside a page. */
export function useRoomForPdf(): boolean {
  return useMedia(ROOM_FOR_PDF) && navigator.pdfViewerEnabled;
}
