import type { ApiError } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { Issue } from '../types.ts';
import css from './report-form.module.css';
import { issueWords } from './words.ts';

/** What is known of a report once it is sent. */
export type Sent = Pick<Issue, 'id' | 'number'>;

/** The report that a refusal names: the one that this draft became before it was written on. */
export function sentBefore({ code, fields }: ApiError): Sent | undefined {
  const { issueId, number } = fields;
  return code === 'sent_before' && issueId && number ? { id: issueId, number } : undefined;
}

/** The draft was sent before, with other words: what is written now goes to that report, or is one of its own. */
export function SentBefore(props: {
  error: ApiError;
  sent: Sent;
  asAnswer: () => void;
  asNew: () => void;
  busy: boolean;
}) {
  const { error, sent, asAnswer, asNew, busy } = props;
  const { id, number } = sent;
  return (
    <ErrorNote error={error} words={issueWords('form.sentBefore', { number })}>
      <p>
        <a href={`/issues/${id}`}>{issueWords('form.openBefore', { number })}</a>
      </p>
      <div class={css.choices}>
        <Button kind="primary" busy={busy} onClick={asAnswer}>
          {issueWords('form.asAnswer', { number })}
        </Button>
        <Button busy={busy} onClick={asNew}>
          {issueWords('form.asNew')}
        </Button>
      </div>
    </ErrorNote>
  );
}
