import { useRef, useState } from 'preact/hooks';
import { ISSUE_PHOTOS_MAX } from '../../../worker/vocabulary.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toast.tsx';
import { useKeptFocus } from './kept-focus.ts';
import css from './photo-picker.module.css';
import { PhotoPicker } from './photo-picker.tsx';
import { usePhotos } from './use-photos.ts';
import { issueWords } from './words.ts';

/** Photos for a report that there is: more of them, or those that did not get through. */
export function AddPhotos(props: { issueId: string; taken: number; changed: () => void }) {
  const { issueId, taken, changed } = props;
  const photos = usePhotos(taken);
  const [busy, setBusy] = useState(false);
  const part = useRef<HTMLDivElement>(null);
  useKeptFocus(part);
  const isWanted = photos.photos.some(({ blob, state }) => blob && state !== 'sent');
  const send = async () => {
    setBusy(true);
    await photos.send(issueId);
    setBusy(false);
    // Those that did not get through stay, with what was wrong: the others are there all the same.
    const count = photos.dropSent();
    if (count === 0) return;
    toast(issueWords('page.photosSent', { count }));
    changed();
  };
  if (taken >= ISSUE_PHOTOS_MAX && photos.photos.length === 0) return null;
  return (
    <div ref={part} class={css.picker}>
      <PhotoPicker photos={photos} locked={busy} />
      {(isWanted || busy) && (
        <div>
          <Button kind="primary" busy={busy || photos.isPreparing} onClick={send}>
            {issueWords('page.addPhotos')}
          </Button>
        </div>
      )}
    </div>
  );
}
