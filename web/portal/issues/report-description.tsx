import { ISSUE_DESCRIPTION_MAX_CHARACTERS } from '../../../worker/vocabulary.ts';
import { formatNumber } from '../../lib/format.ts';
import { Field } from '../../ui/field.tsx';
import { lengthOf } from './report-draft.ts';
import css from './report-form.module.css';
import { issueWords } from './words.ts';

/** What happened, in the person's own words, and how many of them there may be. */
export function Description(props: {
  text: string;
  wrong: string | undefined;
  write: (text: string) => void;
}) {
  const { text, wrong, write } = props;
  const used = lengthOf(text);
  const limit = ISSUE_DESCRIPTION_MAX_CHARACTERS;
  return (
    <div class={css.description}>
      <Field
        label={issueWords('form.description')}
        hint={issueWords('form.descriptionHint')}
        error={wrong}
      >
        {(input) => (
          <textarea
            {...input}
            rows={5}
            required
            dir="auto"
            value={text}
            onInput={(event) => write(event.currentTarget.value)}
          />
        )}
      </Field>
      <p class={used > limit ? css.over : css.counter}>
        {issueWords('form.counter', { used: formatNumber(used), limit: formatNumber(limit) })}
      </p>
    </div>
  );
}
