import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { FeedbackAbout } from '../../../worker/vocabulary.ts';
import { ApiError, send } from '../../lib/api.ts';
import { errorWords, t } from '../../lib/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { toast } from '../../ui/toast.tsx';
import { noteAsked, onFeedbackWanted } from '../feedback.ts';
import { laterWords } from '../later-words.ts';
import css from './feedback-card.module.css';

const RATINGS = [1, 2, 3, 4, 5] as const;
const APART_PIXELS = 8;
const COMMENT_MAX_CHARACTERS = 500;

/** Asks in a corner how it was. It takes no focus, and is gone for this month however it is left. */
export function FeedbackCard() {
  const [about, setAbout] = useState<FeedbackAbout>();
  useEffect(() => {
    onFeedbackWanted((wanted) => {
      noteAsked();
      setAbout(wanted);
    });
    return () => onFeedbackWanted(undefined);
  }, []);
  const region = useRef<HTMLDivElement>(null);
  // What is told in passing lies above it.
  useEffect(() => {
    const card = region.current;
    if (!card) return;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => {
      const height = card.offsetHeight;
      style.setProperty('--question', `${height && height + APART_PIXELS}px`);
    });
    observer.observe(card);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={region} class={css.region}>
      {about && <Question about={about} onDone={() => setAbout(undefined)} />}
    </div>
  );
}

function Question({ about, onDone }: { about: FeedbackAbout; onDone: () => void }) {
  const id = useId();
  const [rating, setRating] = useState<number>();
  const [busy, setBusy] = useState(false);
  const give = async (form: HTMLFormElement) => {
    const comment = String(new FormData(form).get('comment') ?? '').trim();
    setBusy(true);
    try {
      await send('POST', 'feedback', { about, rating, ...(comment && { comment }) });
      toast(laterWords('feedback.thanks'));
      onDone();
    } catch (error) {
      toast(errorWords(error instanceof ApiError ? error.code : 'internal'), 'bad');
      setBusy(false);
    }
  };
  return (
    <form
      class={css.card}
      aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && rating !== undefined) void give(event.currentTarget);
      }}
      onKeyDown={(event) => event.key === 'Escape' && onDone()}
    >
      <div class={css.head}>
        <p id={id} class={css.title} role="status">
          {laterWords('feedback.title')}
        </p>
        <Button icon="close" iconOnly onClick={onDone}>
          {t('ui.dismiss')}
        </Button>
      </div>
      <fieldset class={css.ratings} aria-labelledby={id}>
        {RATINGS.map((value) => (
          <label key={value} class={css.rating}>
            <input
              type="radio"
              name="rating"
              value={value}
              checked={rating === value}
              onChange={() => setRating(value)}
            />
            <span>{laterWords(`feedback.ratings.r${value}`)}</span>
          </label>
        ))}
      </fieldset>
      {rating !== undefined && (
        <>
          <Field label={laterWords('feedback.comment')} optional>
            {(input) => <input {...input} name="comment" maxLength={COMMENT_MAX_CHARACTERS} />}
          </Field>
          <div class={css.actions}>
            <Button type="submit" kind="primary" busy={busy}>
              {laterWords('feedback.send')}
            </Button>
            <Button onClick={onDone}>{laterWords('feedback.later')}</Button>
          </div>
        </>
      )}
    </form>
  );
}
