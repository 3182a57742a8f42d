import { formatNumber } from '../../../lib/format.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { ExposureForm } from '../../components/exposure-form.tsx';
import type { Exposure, ReviewCustomer, ReviewMove } from '../../types.ts';
import { joined, kindWords, t } from '../../words.ts';
import { customerName } from './customer-name.ts';
import { seenOf } from './holdings.ts';
import css from './review.module.css';
import { type Standing, useCustomerExposure } from './use-customer-exposure.ts';

/** Changes what a customer sees, with what that means for this publish before it is saved. */
export function ExposureDialog({
  publishId,
  customer,
  onClose,
  onSaved,
}: {
  publishId: string;
  /** Null: the dialog is closed. */
  customer: ReviewCustomer | null;
  onClose: () => void;
  /** What it did to the review. */
  onSaved: (move: ReviewMove | null) => Promise<unknown>;
}) {
  const { standing, error } = useCustomerExposure(publishId, customer);
  const name = customer ? customerName(customer) : '';
  return (
    <Dialog open={customer !== null} title={t('reviewExposure.title', { name })} onClose={onClose}>
      {error && <ErrorNote error={error} />}
      {!standing && !error && <Skeleton lines={8} />}
      {standing && (
        <ExposureForm
          customer={standing.customer}
          exposure={standing.customer.exposure}
          effect={(wanted) => <WillSee standing={standing} wanted={wanted ?? standing.byDefault} />}
          publishId={publishId}
          onSaved={async (move) => {
            await onSaved(move);
            onClose();
          }}
        />
      )}
    </Dialog>
  );
}

/** What of the publish is shown with such an exposure, and what is kept back. */
function WillSee({ standing, wanted }: { standing: Standing; wanted: Exposure }) {
  const seen = seenOf(standing.holdings, wanted);
  return (
    <div class={css.willSee} aria-live="polite">
      <h3>{t('reviewExposure.preview')}</h3>
      {(['shown', 'kept'] as const).map((part) => (
        <p key={part}>
          <strong>{t(`reviewExposure.${part}`)}:</strong> {namesOf(seen[part])}
        </p>
      ))}
      {standing.readOnly !== null && (
        <p class={css.soft}>
          {t('reviewExposure.first', { items: formatNumber(standing.readOnly) })}
        </p>
      )}
    </div>
  );
}

function namesOf({ kinds, fields }: ReturnType<typeof seenOf>['shown']): string {
  const names = [
    ...kinds.map(([kind, count]) =>
      t('reviewExposure.kind', { kind: kindWords(kind), number: formatNumber(count) }),
    ),
    ...fields.map((field) => t(`fields.${field}`)),
  ];
  return names.length > 0 ? joined(names) : t('common.none');
}
