import { useEffect, useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { Field } from '../../../ui/field.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { ChangeRequest } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';

/** Characters that the API takes. */
const REASON_MIN = 3;
const REASON_MAX = 1_000;

/** Declines a request, with words that its customer reads. */
export function DeclineDialog({
  change,
  onClose,
  onDone,
}: {
  change: ChangeRequest | null;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const { isBusy, error, run, clear } = useTask();
  const [reason, setReason] = useState('');
  // Another request is another reason.
  useEffect(() => {
    clear();
    setReason('');
  }, [change?.id]);
  const decline = (id: string) =>
    run(async () => {
      const body = { status: 'declined', reason: reason.trim() };
      await send('PUT', paths.api(`change-requests/${id}/decision`), body);
      onClose();
      toast(t('changeDesk.declined'));
      await onDone();
    });
  return (
    <FormDialog
      open={change !== null}
      title={t('changeDesk.declineTitle')}
      onClose={onClose}
      confirm={t('changeDesk.confirm')}
      kind="danger"
      isBusy={isBusy}
      onSubmit={() => {
        if (change) void decline(change.id);
      }}
    >
      <Field label={t('changeDesk.declineReason')} hint={t('changeDesk.declineHint')}>
        {(input) => (
          <textarea
            {...input}
            required
            minLength={REASON_MIN}
            maxLength={REASON_MAX}
            rows={4}
            value={reason}
            onInput={(event) => setReason(event.currentTarget.value)}
          />
        )}
      </Field>
      {error && <FormError error={error} />}
    </FormDialog>
  );
}
