import { useId, useRef } from 'preact/hooks';
import type { FailureCode } from '../../lib/api.ts';
import { formatPercent, formatSize } from '../../lib/format.ts';
import { errorWords } from '../../lib/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useKeptFocus } from './kept-focus.ts';
import css from './photo-picker.module.css';
import type { ChosenPhoto, Photos } from './use-photos.ts';
import { issueWords } from './words.ts';

/** HEIC by its ending, too: some systems do not know it for an image. */
const ACCEPTED = 'image/*,.heic,.heif';

/**
 * Photos to choose, look at and take out again.
 *
 * @param locked they are on their way: none is added or removed
 */
export function PhotoPicker({
  photos: { photos, leftOut, isFull, add, remove },
  locked,
}: {
  photos: Photos;
  locked: boolean;
}) {
  const id = useId();
  const part = useRef<HTMLDivElement>(null);
  useKeptFocus(part);
  return (
    <div ref={part} class={css.picker}>
      {!locked && (
        <p id={`${id}-hint`} class={css.hint}>
          {isFull ? issueWords('photos.full') : issueWords('photos.hint')}
        </p>
      )}
      {photos.length > 0 && (
        <ul class={css.list}>
          {photos.map((photo) => (
            <li
              key={photo.id}
              class={css.photo}
              data-wrong={photo.state === 'wrong' ? true : undefined}
            >
              <span class={css.picture}>
                {photo.preview ? <img src={photo.preview} alt="" /> : <Icon name="document" />}
              </span>
              <span class={css.about}>
                <span class={css.name}>{photo.name}</span>
                <State photo={photo} />
              </span>
              {photo.state !== 'sent' && !locked && (
                <Button icon="close" iconOnly onClick={() => remove(photo.id)}>
                  {issueWords('photos.remove', { name: photo.name })}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!isFull && !locked && (
        <div>
          <input
            id={id}
            class={`unseen ${css.input}`}
            type="file"
            accept={ACCEPTED}
            multiple
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              const { files } = event.currentTarget;
              if (files) void add([...files]);
              // The same file may be chosen again after it was taken out.
              event.currentTarget.value = '';
            }}
          />
          <label for={id} class={css.choose}>
            <Icon name="upload" />
            {issueWords('photos.choose')}
          </label>
        </div>
      )}
      <p class={css.leftOut} role="status">
        {leftOut > 0 && issueWords('photos.notAll', { count: leftOut })}
      </p>
    </div>
  );
}

function State({ photo: { state, sent, blob, name, failure } }: { photo: ChosenPhoto }) {
  const id = useId();
  if (state === 'sending') {
    return (
      <span class={css.progress}>
        <label for={id} class="unseen">
          {issueWords('photos.sending', { name })}
        </label>
        <progress id={id} max={1} value={sent} />
        <span class={css.hint}>
          {issueWords('photos.percent', { percent: formatPercent(String(Math.round(sent * 100))) })}
        </span>
      </span>
    );
  }
  if (failure) {
    return (
      <span class={css.failed} role="alert">
        {failureWords(failure)}
      </span>
    );
  }
  const words = { preparing: 'photos.preparing', sent: 'photos.sent' } as const;
  return (
    <span class={css.hint}>
      {state === 'preparing' || state === 'sent'
        ? issueWords(words[state])
        : issueWords('photos.ready')}
      {blob && ` · ${formatSize(blob.size)}`}
    </span>
  );
}

function failureWords(code: FailureCode): string {
  if (code === 'too_large') return issueWords('photos.tooLarge');
  return code === 'photo_not_image' ? issueWords('photos.notImage') : errorWords(code);
}
