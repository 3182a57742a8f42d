import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/button.tsx';
import { PhotoPicker } from './photo-picker.tsx';
import css from './report-form.module.css';
import type { Sent } from './sent-before.tsx';
import type { Photos } from './use-photos.ts';
import { issueWords } from './words.ts';

/** There is a report, but some of its photos did not get through: again, or on without them. */
export function UnsentPhotos(props: {
  issue: Sent;
  photos: Photos;
  /** What is under way, in words. */
  status: string | undefined;
  sendAll: () => void;
  goOn: () => void;
}) {
  const { issue, photos, status, sendAll, goOn } = props;
  const count = photos.photos.filter(({ state }) => state === 'failed').length;
  const title = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone.
  useEffect(() => title.current?.focus(), []);
  return (
    <>
      <h1 ref={title} tabIndex={-1}>
        {issueWords('form.partTitle', { number: issue.number })}
      </h1>
      <p>{count > 0 && issueWords('form.part', { count })}</p>
      <PhotoPicker photos={photos} locked />
      <p class={css.quiet} role="status">
        {status}
      </p>
      <div class={css.choices}>
        <Button kind="primary" busy={status !== undefined} onClick={sendAll}>
          {issueWords('form.retryAll')}
        </Button>
        <Button onClick={goOn}>{issueWords('form.goOn')}</Button>
      </div>
    </>
  );
}
