import { useState } from 'preact/hooks';
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

/** Whose the report is to answer. */
export function AssigneeForm({
  issue,
  assignees,
  onChanged,
}: Pick<IssuePage, 'issue' | 'assignees'> & { onChanged: () => Promise<unknown> }) {
  const { paths } = useOrg();
  const task = useTask();
  const [memberId, setMemberId] = useState(issue.assignee?.id ?? '');
  const assign = () =>
    task.run(async () => {
      await send('PUT', paths.api(`issues/${issue.id}/assignee`), { memberId: memberId || null });
      const name = assignees.find(({ id }) => id === memberId)?.name;
      toast(name ? t('issue.assigned', { name }) : t('issue.unassigned'));
      await onChanged();
    });
  // Who has left stays named until the report is somebody else's.
  const gone = issue.assignee && !assignees.some(({ id }) => id === issue.assignee?.id);
  return (
    <form
      class={css.box}
      onSubmit={(event) => {
        event.preventDefault();
        void assign();
      }}
    >
      <Field label={t('issue.assignee')}>
        {(input) => (
          <select
            {...input}
            value={memberId}
            onChange={(event) => setMemberId(event.currentTarget.value)}
          >
            <option value="">{t('issue.nobody')}</option>
            {gone && issue.assignee && (
              <option value={issue.assignee.id} disabled>
                {issue.assignee.name}
              </option>
            )}
            {assignees.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Button type="submit" busy={task.isBusy}>
        {t('issue.assign')}
      </Button>
      {task.error && <FormError error={task.error} />}
    </form>
  );
}
