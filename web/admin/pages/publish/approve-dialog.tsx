import { useEffect, useState } from 'preact/hooks';
import { ApiError, send } from '../../../lib/api.ts';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useOrg } from '../../org.ts';
import type { Approval, Review } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { joined, t } from '../../words.ts';
import { publishedWords, signedWords, staysWords, widenedWords } from './outgoing.ts';
import css from './review.module.css';

const NAMES_SHOWN = 10;

/** The last look before signing: everything in words, and the hash of exactly that. */
export function ApproveDialog({
  open,
  review,
  waitsFor,
  onClose,
  onDone,
  onStale,
  onPending,
}: {
  open: boolean;
  review: Review;
  /** How many documents have to be prepared first. */
  waitsFor: number;
  onClose: () => void;
  onDone: () => Promise<unknown>;
  onStale: () => Promise<unknown>;
  /** Documents turned out to be in preparation still. */
  onPending: () => Promise<unknown>;
}) {
  const { paths } = useOrg();
  const { isBusy, error, run, clear } = useTask();
  const [isConfirmed, setConfirmed] = useState(false);
  // Asked anew each time it opens.
  useEffect(() => {
    clear();
    setConfirmed(false);
  }, [open]);
  const { publish, customers, approval, hash } = review;
  const first = customers.filter(({ isFirst, passes }) => isFirst && passes > 0);
  // Some of the names would look like all of them.
  const areNamed = first.length === review.totals.passing.firstCustomers;

  const approve = () =>
    run(async () => {
      try {
        const path = paths.api(`publishes/${publish.id}/approval`);
        const { alreadyApproved, summary } = await send<Approval>('POST', path, {
          reviewHash: hash,
          ...(approval.ownImport && { confirmOwnImport: true }),
        });
        onClose();
        toast(alreadyApproved ? t('review.alreadyApproved') : publishedWords(summary));
        await onDone();
      } catch (thrown) {
        const code = thrown instanceof ApiError ? thrown.code : undefined;
        if (code === 'rendition_pending') await onPending();
        if (code !== 'review_stale') throw thrown;
        onClose();
        await onStale();
      }
    });

  return (
    <FormDialog
      open={open}
      title={t('reviewApprove.title', { name: publish.name })}
      onClose={onClose}
      confirm={t('reviewApprove.confirm')}
      icon="check"
      isBusy={isBusy}
      disabled={waitsFor > 0}
      onSubmit={() => void approve()}
    >
      <p class={css.out}>{signedWords(review)}</p>
      <ul class={css.signed}>
        {first.length > 0 && first.length <= NAMES_SHOWN && areNamed && (
          <li>
            {t('reviewApprove.first', {
              count: first.length,
              names: joined(first.map(({ name, key }) => name ?? key)),
            })}
          </li>
        )}
        {[...widenedWords(review), ...staysWords(review)].map((words) => (
          <li key={words}>{words}</li>
        ))}
        <li>{t('review.mailed')}</li>
        <li>{t('reviewApprove.undo')}</li>
      </ul>
      {approval.ownImport && (
        <label class={css.check}>
          <input
            type="checkbox"
            required
            checked={isConfirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
          />
          {t('reviewApprove.own')}
        </label>
      )}
      {waitsFor > 0 && <p>{t('review.preparing', { count: waitsFor })}</p>}
      {error && (
        <FormError
          error={error}
          words={error.code === 'rendition_pending' && t('reviewApprove.pending')}
        />
      )}
    </FormDialog>
  );
}
