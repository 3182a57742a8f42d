import { useEffect, useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { CustomerPage } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './customer.module.css';

/** Takes back every link of a customer at once; with everybody's access, when that is asked. */
export function RevokeAll({
  customer,
  onChanged,
}: {
  customer: CustomerPage['customer'];
  onChanged: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const task = useTask();
  const [isAsked, setAsked] = useState(false);
  const [isEnding, setEnding] = useState(false);
  // Every question starts afresh.
  useEffect(() => {
    task.clear();
    setEnding(false);
  }, [isAsked]);
  const revoke = () =>
    task.run(async () => {
      const { revoked } = await send<{ revoked: number }>(
        'POST',
        paths.api(`customers/${customer.id}/links/revocation`),
        { endAccess: isEnding },
      );
      setAsked(false);
      toast(t('linksRevoke.done', { count: revoked }));
      await onChanged();
    });
  return (
    <>
      <Button kind="danger" onClick={() => setAsked(true)}>
        {t('linksRevoke.all')}
      </Button>
      <Dialog
        open={isAsked}
        title={t('linksRevoke.title', { name: customer.name })}
        onClose={() => setAsked(false)}
        actions={
          <>
            <Button onClick={() => setAsked(false)}>{t('common.cancel')}</Button>
            <Button kind="danger" busy={task.isBusy} onClick={revoke}>
              {t('linksRevoke.confirm')}
            </Button>
          </>
        }
      >
        <div class={css.form}>
          <p>{t('linksRevoke.text')}</p>
          <label class={css.check}>
            <input
              type="checkbox"
              checked={isEnding}
              onChange={(event) => setEnding(event.currentTarget.checked)}
            />
            {t('linksRevoke.end')}
          </label>
          {task.error && <FormError error={task.error} />}
        </div>
      </Dialog>
    </>
  );
}
