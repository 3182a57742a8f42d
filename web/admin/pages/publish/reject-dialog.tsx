import { useEffect, useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { PublishRow } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { ReasonField } from './reason-field.tsx';

/** Sends a publish back, with words for whoever made it. */
export function RejectDialog({
  open,
  publish,
  onClose,
  onDone,
}: {
  open: boolean;
  publish: PublishRow;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const { isBusy, error, run, clear } = useTask();
  const [reason, setReason] = useState('');
  // An old failure is of no interest.
  useEffect(() => clear(), [open]);
  const reject = () =>
    run(async () => {
      await send('POST', paths.api(`publishes/${publish.id}/rejection`), {
        reason: reason.trim(),
      });
      onClose();
      toast(t('review.rejected'));
      await onDone();
    });
  return (
    <FormDialog
      open={open}
      title={t('reviewReject.title', { name: publish.name })}
      onClose={onClose}
      confirm={t('reviewReject.confirm')}
      kind="danger"
      isBusy={isBusy}
      onSubmit={() => void reject()}
    >
      <ReasonField
        label={t('reviewReject.reason')}
        hint={t('reviewReject.hint')}
        value={reason}
        onValue={setReason}
      />
      {error && <FormError error={error} />}
    </FormDialog>
  );
}
