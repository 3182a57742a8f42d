import { useEffect, useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { LinksSent } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './customers.module.css';

/** The question before many are written to, and then who was left out, and why. */
export function SendLinks({
  customerIds,
  onClose,
  onSent,
}: {
  /** Null: nobody asks. */
  customerIds: string[] | null;
  onClose: () => void;
  onSent: () => Promise<void>;
}) {
  const { paths } = useOrg();
  const task = useTask();
  const [sent, setSent] = useState<LinksSent | null>(null);
  const isOpen = customerIds !== null;
  // Every question starts afresh.
  useEffect(() => {
    if (!isOpen) return;
    task.clear();
    setSent(null);
  }, [isOpen]);
  const sendNow = () =>
    task.run(async () => {
      setSent(await send<LinksSent>('POST', paths.api('links'), { customerIds }));
    });
  const close = () => {
    onClose();
    if (sent) void onSent();
  };
  return (
    <Dialog
      open={isOpen}
      title={titleOf(sent, customerIds?.length ?? 0)}
      onClose={close}
      actions={
        sent ? (
          <Button kind="primary" onClick={close}>
            {t('common.close')}
          </Button>
        ) : (
          <>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button kind="primary" icon="mail" busy={task.isBusy} onClick={sendNow}>
              {t('linksSend.confirm')}
            </Button>
          </>
        )
      }
    >
      {sent ? <Outcome sent={sent} /> : <p>{t('linksSend.text')}</p>}
      {task.error && <FormError error={task.error} />}
    </Dialog>
  );
}

function titleOf(sent: LinksSent | null, asked: number): string {
  if (sent === null) return t('linksSend.title', { count: asked });
  return t(sent.sent === 0 ? 'linksSend.none' : 'linksSend.done');
}

function Outcome({ sent: { sent, leftOut } }: { sent: LinksSent }) {
  return (
    <div class={css.outcome}>
      {sent > 0 && <p role="status">{t('linksSend.sent', { count: sent })}</p>}
      {leftOut.length > 0 && (
        <>
          <h3>{t('linksSend.leftOut', { count: leftOut.length })}</h3>
          <ul class={css.leftOut}>
            {leftOut.map(({ customerId, customerName, contactId, contactName, email, reason }) => (
              <li key={contactId ?? customerId}>
                <strong>{customerName ?? t('linksSend.unknown')}</strong>
                {email && <span>{contactName ? `${contactName}, ${email}` : email}</span>}
                <span class={css.why}>{t(`leftOut.${reason}`)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
