import { useState } from 'preact/hooks';
import { ISSUE_PHOTOS_MAX } from '../../../worker/vocabulary.ts';
import { Button } from '../../ui/Button.tsx';
import { toast } from '../../ui/Toast.tsx';
import { PhotoPicker } from './photo-picker.tsx';
import { usePhotos } from './use-photos.ts';
import { w } from './words.ts';

/** Photos for a report that there is: more of them, or those that did not get through. */
export function AddPhotos(props: { issueId: string; taken: number; changed: () => void }) {
  const { issueId, taken, changed } = props;
  const photos = usePhotos(taken);
  const [busy, setBusy] = useState(false);
  const isWanted = photos.photos.some(({ blob, state }) => blob && state !== 'sent');
  const send = async () => {
    setBusy(true);
    await photos.send(issueId);
    setBusy(false);
    if (!photos.settled()) return;
    photos.clear();
    toast(w('page.photosSent'));
    changed();
  };
  if (taken >= ISSUE_PHOTOS_MAX) return null;
  return (
    <>
      <PhotoPicker photos={photos} locked={busy} />
      {isWanted && (
        <div>
          <Button kind="primary" busy={busy || photos.isPreparing} onClick={send}>
            {w('page.addPhotos')}
          </Button>
        </div>
      )}
    </>
  );
}
