import { useRef, useState } from 'preact/hooks';
import { ISSUE_MESSAGE_MAX_CHARACTERS } from '../../../worker/vocabulary.ts';
import { ApiError, send } from '../../lib/api.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Field } from '../../ui/field.tsx';
import { toast } from '../../ui/toast.tsx';
import { keepDraft, readDraft } from '../drafts.ts';
import type { Issue } from '../types.ts';
import css from './issue-view.module.css';
import { lengthOf } from './report-draft.ts';
import { issueWords } from './words.ts';

/** Sent twice with one key, it is one answer. */
type Draft = { key: string; body: string };

const draftName = (issueId: string) => `answer:${issueId}`;
const readAnswer = (issueId: string): Draft => {
  const { key = crypto.randomUUID(), body = '' } = readDraft<Draft>(draftName(issueId)) ?? {};
  return { key, body };
};

/** Puts a text where the answer to a report is written, below what stands there. */
export function startAnswer(issueId: string, text: string): void {
  const { key, body } = readAnswer(issueId);
  keepDraft(draftName(issueId), { key, body: [body, text].filter(Boolean).join('\n\n') });
}

/** An answer to a report; to one that is resolved it says that it opens it again. */
export function AnswerForm({ issue, changed }: { issue: Issue; changed: () => void }) {
  const name = draftName(issue.id);
  const [draft, setDraft] = useState(() => readAnswer(issue.id));
  const [wrong, setWrong] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [busy, setBusy] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const isResolved = issue.status === 'resolved';
  const keep = (next: Draft) => {
    setDraft(next);
    keepDraft(name, next);
  };

  const submit = async () => {
    const length = lengthOf(draft.body);
    const isWrong = length === 0 || length > ISSUE_MESSAGE_MAX_CHARACTERS;
    setWrong(isWrong);
    setError(undefined);
    if (isWrong) text.current?.focus();
    if (isWrong || busy) return;
    setBusy(true);
    try {
      await send('POST', `issues/${issue.id}/messages`, { body: draft.body }, draft.key);
      keepDraft(name, undefined);
      setDraft({ key: crypto.randomUUID(), body: '' });
      toast(isResolved ? issueWords('page.reopened') : issueWords('page.answered'));
      changed();
    } catch (reason) {
      const refused = reason instanceof ApiError ? reason : new ApiError('internal');
      if (refused.code === 'invalid') setWrong(true);
      else setError(refused);
      if (refused.code === 'sent_before') {
        keep({ ...draft, key: crypto.randomUUID() });
        changed();
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class={css.answer}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        label={issueWords('page.answer')}
        hint={isResolved ? issueWords('page.reopen') : undefined}
        error={wrong ? issueWords('wrong.answer') : undefined}
      >
        {(input) => (
          <textarea
            {...input}
            ref={text}
            rows={4}
            required
            dir="auto"
            value={draft.body}
            onInput={(event) => {
              keep({ ...draft, body: event.currentTarget.value });
            }}
          />
        )}
      </Field>
      {error && (
        <ErrorNote
          error={error}
          words={error.code === 'sent_before' ? issueWords('page.sentBefore') : undefined}
          retry={submit}
        />
      )}
      <div>
        <Button type="submit" kind="primary" busy={busy}>
          {issueWords('page.send')}
        </Button>
      </div>
    </form>
  );
}
