import { useRef, useState } from 'preact/hooks';
import type { IssueStatus } from '../../../../worker/vocabulary.ts';
import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { IssuePage } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './issue.module.css';

const THEN = ['waiting_for_customer', 'resolved'] as const satisfies readonly IssueStatus[];
type Then = (typeof THEN)[number];

/** What the customer is told, and what the report is from then on. */
export function ReplyForm({
  issue,
  onSent,
}: {
  issue: IssuePage['issue'];
  onSent: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const task = useTask();
  const [body, setBody] = useState('');
  const [then, setThen] = useState<Then | null>(null);
  // Of these very words: sent twice, they are one reply; others are another.
  const key = useRef(crypto.randomUUID());
  const reply = () =>
    task.run(async () => {
      const wanted = { body: body.trim(), ...(then && { status: then }) };
      await send('POST', paths.api(`issues/${issue.id}/messages`), wanted, key.current);
      key.current = crypto.randomUUID();
      setBody('');
      setThen(null);
      toast(t('issue.sent'));
      await onSent();
    });
  return (
    <form
      class={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        void reply();
      }}
    >
      <Field
        label={t('issue.replyLabel')}
        hint={t(issue.contact.isMailed ? 'issue.replyHint' : 'issue.replyHintPortal', {
          name: issue.contact.name ?? issue.contact.email,
        })}
      >
        {(input) => (
          <textarea
            {...input}
            rows={5}
            required
            maxLength={4_000}
            value={body}
            onInput={(event) => {
              key.current = crypto.randomUUID();
              setBody(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      <div class={css.sendRow}>
        <Field label={t('issue.afterwards')}>
          {(input) => (
            <select
              {...input}
              value={then ?? ''}
              onChange={({ currentTarget: { value } }) =>
                setThen(THEN.find((each) => each === value) ?? null)
              }
            >
              <option value="">
                {t(issue.status === 'open' ? 'issue.then.open' : 'issue.then.keep')}
              </option>
              {THEN.map((each) => (
                <option key={each} value={each}>
                  {t(`issue.then.${each}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Button type="submit" kind="primary" icon="mail" busy={task.isBusy}>
          {t('issue.send')}
        </Button>
      </div>
      {task.error && <FormError error={task.error} />}
    </form>
  );
}
