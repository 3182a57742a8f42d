import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../../../lib/api.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { toast } from '../../../ui/toast.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { FormError } from '../../components/form-error.tsx';
import { ProblemList } from '../../components/problem-list.tsx';
import { useOrg } from '../../org.ts';
import { isOpen } from '../../problems.ts';
import type { ReviewCustomer, ReviewItem } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { fieldValue, t } from '../../words.ts';
import { customerName } from './customer-name.ts';
import { titleOf } from './item-title.ts';
import { ReasonField } from './reason-field.tsx';
import css from './review.module.css';
import type { ReviewState } from './use-review.ts';

/** Characters. */
const REASON_MIN = 10;
/** The item is not what the approver saw: the review is loaded again, and nothing was answered for. */
const MOVED_ON: Partial<Record<string, 'reviewOverride.gone' | 'reviewOverride.stale'>> = {
  nothing_to_override: 'reviewOverride.gone',
  review_stale: 'reviewOverride.stale',
};

/** An approver answers for what the checks hold back: what was found, the PDF, and a reason. */
export function OverrideDialog({
  item,
  customers,
  publishId,
  onClose,
  onOverride,
  onGone,
}: {
  item: ReviewItem | null;
  /** By key, as far as they are known. */
  customers: ReadonlyMap<string, ReviewCustomer>;
  publishId: string;
  onClose: () => void;
  onOverride: ReviewState['override'];
  /** There is nothing to override any more. */
  onGone: () => Promise<unknown>;
}) {
  const { paths, member } = useOrg();
  const { isBusy, error, run, clear } = useTask();
  const [reason, setReason] = useState('');
  // A reason is given for one item; the next one starts with an empty page.
  useEffect(() => {
    clear();
    setReason('');
  }, [item]);
  const name = item ? titleOf(item) : '';
  const key = item?.customerKey ?? '';
  const customer = customerName(customers.get(key) ?? { name: null, key });

  const override = () =>
    run(async () => {
      if (item === null) return;
      try {
        await onOverride(item, { reason: reason.trim(), by: member.name });
        onClose();
        toast(t('reviewOverride.done', { name }));
      } catch (thrown) {
        const word = thrown instanceof ApiError && MOVED_ON[thrown.code];
        if (!word) throw thrown;
        onClose();
        toast(t(word), 'bad');
        await onGone();
      }
    });

  return (
    <FormDialog
      open={item !== null}
      title={t('reviewOverride.title', { name })}
      onClose={onClose}
      confirm={t('reviewOverride.confirm')}
      kind="danger"
      isBusy={isBusy}
      onSubmit={() => void override()}
    >
      {item && (
        <>
          <p class={css.guard}>
            <Icon name="warning" />
            <span>{t('reviewOverride.warn', { customer })}</span>
          </p>
          <Facts
            facts={[
              { label: t('review.customer'), value: customer },
              {
                label: t('fields.document_kind'),
                value:
                  item.fields.document_kind &&
                  fieldValue('document_kind', item.fields.document_kind),
              },
              { label: t('fields.document_number'), value: name },
              { label: t('fields.order_number'), value: item.orderKey },
            ]}
          />
          <ProblemList problems={item.problems.filter(isOpen)} />
          {item.file && (
            <div>
              <LinkButton
                icon="document"
                href={paths.file(publishId, item.file.name)}
                target="_blank"
                rel="noopener"
              >
                {t('reviewOverride.file')}
                <span class="unseen">, {t('review.newTab')}</span>
              </LinkButton>
            </div>
          )}
          <ReasonField
            label={t('reviewOverride.reason')}
            hint={t('reviewOverride.hint')}
            min={REASON_MIN}
            value={reason}
            onValue={setReason}
          />
          {error && <FormError error={error} />}
        </>
      )}
    </FormDialog>
  );
}
