import { useEffect, useState } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { AccessLost, Elsewhere, PublishRow } from '../../types.ts';
import { type Resource, useResource } from '../../use-resource.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { namesOf } from './access-lost.ts';
import { ElsewhereNotes, elsewhereWords } from './elsewhere.tsx';
import { ReasonField } from './reason-field.tsx';

/** What is to be taken back: all of the publish, a customer's part by its key, or one document by its key. */
export type Withdrawn =
  | { what: 'publish' }
  | { what: 'customer'; key: string; name: string }
  | { what: 'document'; key: string; name: string };

/** Takes back what was approved, with a reason; null asks nothing. */
export function WithdrawDialog({
  asked,
  publish,
  onClose,
  onDone,
}: {
  asked: Withdrawn | null;
  publish: PublishRow;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const { isBusy, error, run, clear } = useTask();
  const [reason, setReason] = useState('');
  const path = paths.api(`publishes/${encodeURIComponent(publish.id)}/withdrawal`);
  const foretold = useResource<Foretold>(
    asked && withQuery(path, asked.what === 'publish' ? {} : { [asked.what]: asked.key }),
  );
  // Neither an old failure nor another part's reason is of interest.
  useEffect(() => {
    clear();
    setReason('');
  }, [asked]);
  const withdraw = (wanted: Withdrawn) =>
    run(async () => {
      const told = await send<Elsewhere & { lostAccess: AccessLost }>('POST', path, {
        reason: reason.trim(),
        ...(wanted.what !== 'publish' && { [wanted.what]: wanted.key }),
      });
      onClose();
      const { count } = told.lostAccess;
      const now =
        count === 0
          ? t('decided.withdrawnNow')
          : t('decided.withdrawnPeople', { count, names: namesOf(told.lostAccess) });
      toast([now, ...elsewhereWords(told)].join(' '));
      await onDone();
    });
  return (
    <FormDialog
      open={asked !== null}
      title={asked && titleOf(asked, publish)}
      onClose={onClose}
      confirm={t('decidedWithdraw.confirm')}
      kind="danger"
      isBusy={isBusy}
      onSubmit={() => {
        if (asked) void withdraw(asked);
      }}
    >
      <p>{t('decidedWithdraw.text')}</p>
      {asked && <WhatFollows foretold={foretold} takesAccess={asked.what !== 'document'} />}
      {asked?.what === 'document' && /^(invoice|credit_note):/.test(asked.key) && (
        <p>{t('decidedWithdraw.invoice')}</p>
      )}
      <ReasonField
        label={t('decidedWithdraw.reason')}
        hint={t('decidedWithdraw.hint')}
        value={reason}
        onValue={setReason}
      />
      {error && <FormError error={error} />}
    </FormDialog>
  );
}

type Foretold = Elsewhere & { losesAccess: AccessLost };

function WhatFollows({
  foretold: { value, error, reload },
  takesAccess,
}: {
  foretold: Resource<Foretold>;
  takesAccess: boolean;
}) {
  if (error) return <ErrorNote error={error} retry={reload} />;
  if (!value) return <Skeleton lines={1} />;
  const { losesAccess, ...elsewhere } = value;
  const { count } = losesAccess;
  return (
    <>
      <ElsewhereNotes {...elsewhere} />
      {takesAccess && (
        <p>
          {count === 0
            ? t('decidedWithdraw.nobody')
            : t('decidedWithdraw.people', { count, names: namesOf(losesAccess) })}
        </p>
      )}
    </>
  );
}

function titleOf(asked: Withdrawn, publish: PublishRow): string {
  switch (asked.what) {
    case 'publish':
      return t('decidedWithdraw.title', { name: publish.name });
    case 'customer':
      return t('decidedWithdraw.part', { name: asked.name });
    case 'document':
      return t('decidedWithdraw.document', { name: asked.name });
  }
}
