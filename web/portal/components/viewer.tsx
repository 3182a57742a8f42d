import { useState } from 'preact/hooks';
import { apiUrl } from '../../lib/api.ts';
import { useRoomForPdf } from '../../lib/media.ts';
import { Viewer as SharedViewer } from '../../ui/viewer.tsx';
import { documentPath, inlinePath, nameOf, useBeside } from '../beside.ts';
import { laterWords } from '../later-words.ts';
import type { DocumentRow } from '../types.ts';
import { ServedNote } from './documents.tsx';
import css from './viewer.module.css';

/** A document beside the page that lists it, with its neighbours to turn over. */
export function Viewer({ id, documents }: { id: string; documents: DocumentRow[] }) {
  const { show, close } = useBeside();
  // As it was when opened: a frame that came and went with the window's width would be seen twice.
  const [framed] = useState(useRoomForPdf());
  const at = documents.findIndex((document) => document.id === id);
  const document = documents[at];
  const to = (other: DocumentRow | undefined) => other && (() => show(other.id));
  return (
    <SharedViewer
      path={inlinePath(id)}
      name={document ? nameOf(document) : laterWords('viewer.document')}
      note={document && <ServedNote document={document} />}
      turning={
        document && documents.length > 1
          ? {
              at: at + 1,
              count: documents.length,
              before: to(documents[at - 1]),
              after: to(documents[at + 1]),
            }
          : undefined
      }
      place={css.beside ?? ''}
      framed={framed}
      download={apiUrl(documentPath(id))}
      gone={laterWords('viewer.gone')}
      takesFocus
      close={close}
    />
  );
}
