import { useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './issue.module.css';

/** What only the supplier's own people read. */
export function NoteForm({
  issueId,
  onNoted,
}: {
  issueId: string;
  onNoted: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const task = useTask();
  const [body, setBody] = useState('');
  const note = () =>
    task.run(async () => {
      await send('POST', paths.api(`issues/${issueId}/notes`), { body: body.trim() });
      setBody('');
      toast(t('issue.noted'));
      await onNoted();
    });
  return (
    <form
      class={`${css.box} ${css.inside}`}
      onSubmit={(event) => {
        event.preventDefault();
        void note();
      }}
    >
      <Field label={t('issue.noteLabel')} hint={t('issue.internalHint')}>
        {(input) => (
          <textarea
            {...input}
            rows={3}
            required
            maxLength={4_000}
            value={body}
            onInput={(event) => setBody(event.currentTarget.value)}
          />
        )}
      </Field>
      <Button type="submit" icon="lock" busy={task.isBusy}>
        {t('issue.addNote')}
      </Button>
      {task.error && <FormError error={task.error} />}
    </form>
  );
}
