import { useEffect, useId, useState } from 'preact/hooks';
import { ISSUE_STATUSES } from '../../../../worker/vocabulary.ts';
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

/** How far the report is; and with a resolved one, the credit note that settled it. */
export function StatusForm({
  issue,
  creditNotes,
  onChanged,
}: Pick<IssuePage, 'issue' | 'creditNotes'> & { onChanged: () => Promise<unknown> }) {
  const { paths } = useOrg();
  const task = useTask();
  const suggested = useId();
  const [status, setStatus] = useState(issue.status);
  const [creditNote, setCreditNote] = useState(issue.creditNoteNumber ?? '');
  // A reply may have changed it.
  useEffect(() => {
    setStatus(issue.status);
    setCreditNote(issue.creditNoteNumber ?? '');
  }, [issue.status, issue.creditNoteNumber]);
  const save = () =>
    task.run(async () => {
      const creditNoteNumber = status === 'resolved' ? creditNote.trim() || null : null;
      await send('PUT', paths.api(`issues/${issue.id}/status`), { status, creditNoteNumber });
      toast(t('issue.saved'));
      await onChanged();
    });
  const isUnknown = task.error?.code === 'credit_note_unknown';
  return (
    <form
      class={css.box}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field label={t('issue.status')}>
        {(input) => (
          <select
            {...input}
            value={status}
            onChange={({ currentTarget: { value } }) =>
              setStatus(ISSUE_STATUSES.find((each) => each === value) ?? issue.status)
            }
          >
            {ISSUE_STATUSES.map((each) => (
              <option key={each} value={each}>
                {t(`issueStatus.${each}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {status === 'resolved' && (
        <Field
          label={t('issue.creditNote')}
          hint={t('issue.creditNoteHint')}
          optional
          error={isUnknown && t('issue.creditNoteUnknown', { customer: issue.customer.name })}
        >
          {(input) => (
            <>
              <input
                {...input}
                list={suggested}
                autocomplete="off"
                maxLength={100}
                value={creditNote}
                onInput={(event) => {
                  task.clear();
                  setCreditNote(event.currentTarget.value);
                }}
              />
              <datalist id={suggested}>
                {creditNotes.map((number) => (
                  <option key={number} value={number} />
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
      <Button type="submit" busy={task.isBusy}>
        {t('issue.save')}
      </Button>
      {task.error && !isUnknown && <FormError error={task.error} />}
    </form>
  );
}
