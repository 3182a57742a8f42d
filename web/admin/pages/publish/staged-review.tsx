import { useState } from 'preact/hooks';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { toast } from '../../../ui/toast.tsx';
import { PageHead, Section } from '../../components/page-head.tsx';
import { PublishBadge } from '../../components/publish-badge.tsx';
import { useOrg } from '../../org.ts';
import type { Review, ReviewCustomer, ReviewItem } from '../../types.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { Imports } from './imports.tsx';
import { titleOf } from './item-title.ts';
import { sortRecipients, tickedWords } from './new-recipients.ts';
import { besidesWords, outgoingWords } from './outgoing.ts';
import { OverrideDialog } from './override-dialog.tsx';
import { Preparing } from './preparing.tsx';
import { RejectDialog } from './reject-dialog.tsx';
import { isUnfinished, ResumeImports } from './resume-imports.tsx';
import css from './review.module.css';
import { ReviewControl, RowAccount } from './review-control.tsx';
import { ReviewCustomers } from './review-customers.tsx';
import { ReviewItems } from './review-items.tsx';
import { ReviewPairs } from './review-pairs.tsx';
import { ReviewTotals } from './review-totals.tsx';
import type { ReviewFilter, ReviewState } from './use-review.ts';
import { knownCustomers } from './use-review-customers.ts';

/** What would go out to whom, what stands in its way, and the signature. */
export function StagedReview({
  review,
  state,
  filter,
}: {
  review: Review;
  state: ReviewState;
  filter: ReviewFilter;
}) {
  const { paths, moment, isApprover } = useOrg();
  const [asked, setAsked] = useState<'approve' | 'reject' | null>(null);
  const [overriding, setOverriding] = useState<ReviewItem | null>(null);
  const ticking = useTask();
  const customers = knownCustomers(review);
  const { publish, approval, preparing } = review;
  // What never gets ready must not hold back what is: then the answer says whether it is needed.
  const waitsFor = state.isSlow ? 0 : preparing;

  const tick = (items: readonly ReviewItem[], ticked: boolean) =>
    ticking.run(() => state.tick(items, ticked));
  const override = (item: ReviewItem, what: 'ask' | 'takeBack') => {
    if (what === 'ask') return setOverriding(item);
    return ticking.run(async () => {
      await state.override(item, null);
      toast(t('reviewOverride.takenBack', { name: titleOf(item) }));
    });
  };
  const leaveItem = (item: ReviewItem, excluded: boolean) =>
    ticking.run(async () => {
      const after = await state.leave({ items: [item] }, excluded);
      const now = after?.items.find(({ kind, key }) => kind === item.kind && key === item.key);
      // What its order or its customer leaves out, it cannot take in by itself.
      if (!excluded && now?.excluded) toast(t('reviewLeave.still'), 'bad');
    });
  const leaveCustomer = ({ key }: ReviewCustomer, excluded: boolean) =>
    ticking.run(() => state.leave({ customers: [key] }, excluded));
  const tickRecipients = (customer: ReviewCustomer) =>
    ticking.run(async () => {
      const wanted = { customer: customer.key, kind: 'contact', change: 'new', show: 'ticks' };
      const found = await state.readAll(wanted);
      const { clear, doubtful } = sortRecipients(found);
      if (clear.length > 0) await state.tick(clear, true);
      // What is left to do stays on the screen until it is dismissed.
      toast(tickedWords(clear.length, doubtful), doubtful.length > 0 ? 'bad' : 'good');
    });

  return (
    <>
      <PageHead
        title={publish.name}
        beside={<PublishBadge status={publish.status} />}
        back={{ href: paths.publishes, name: t('publishes.title') }}
        actions={
          <LinkButton icon="upload" href={paths.addTo(publish.id)}>
            {t('review.addFiles')}
          </LinkButton>
        }
      >
        <p>{t('review.madeBy', { name: publish.createdBy, at: moment(publish.createdAt) })}</p>
      </PageHead>
      {state.isStale && (
        <div class={css.stale} role="alert">
          <Icon name="warning" />
          <p>{t('review.stale')}</p>
          <Button onClick={state.dismissStale}>{t('common.close')}</Button>
        </div>
      )}
      {state.error && <ErrorNote error={state.error} retry={state.reload} />}
      {ticking.error && <ErrorNote error={ticking.error} />}
      <div class={css.lead}>
        <p class={css.out}>{outgoingWords(review)}</p>
        <ul class={css.besides}>
          {besidesWords(review).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      </div>
      <Preparing count={preparing} isSlow={state.isSlow} />
      <Section id="totals" title={t('review.totals')}>
        <RowAccount review={review} />
        <ReviewTotals totals={review.totals} filter={filter} publishId={publish.id} />
        <ReviewControl control={review.control} />
      </Section>
      {review.customers.length > 0 && (
        <Section id="customers" title={t('review.customersTitle')}>
          <ReviewCustomers
            review={review}
            filter={filter}
            isBusy={ticking.isBusy}
            onTickRecipients={tickRecipients}
            onLeave={leaveCustomer}
            onExposed={(move) =>
              move === null ? state.reload('anything') : state.reloadAfter(move)
            }
          />
        </Section>
      )}
      {review.totals.items > 0 && (
        <ReviewItems
          review={review}
          state={state}
          filter={filter}
          customers={customers}
          onTick={tick}
          onOverride={override}
          onLeave={leaveItem}
        />
      )}
      <ReviewPairs review={review} state={state} />
      {review.imports.length > 0 && (
        <Section id="imports" title={t('review.imports')}>
          <Imports imports={review.imports} />
        </Section>
      )}
      <footer class={css.decision}>
        <p class={isUnfinished(review) || (waitsFor > 0 && isApprover) ? css.must : css.may}>
          {mayWords(review, waitsFor)}
        </p>
        {isUnfinished(review) && <ResumeImports review={review} />}
        {isApprover && (
          <div class={css.decisionActions}>
            <Button icon="returned" onClick={() => setAsked('reject')}>
              {t('review.reject')}
            </Button>
            <Button
              kind="primary"
              icon="check"
              disabled={!approval.allowed || waitsFor > 0 || ticking.isBusy || state.isLoading}
              onClick={() => setAsked('approve')}
            >
              {t('review.approve')}
            </Button>
          </div>
        )}
      </footer>
      <ApproveDialog
        open={asked === 'approve'}
        review={review}
        waitsFor={waitsFor}
        onClose={() => setAsked(null)}
        onDone={() => state.reload('anything')}
        onStale={state.sayStale}
        onPending={state.reload}
      />
      <OverrideDialog
        item={overriding}
        customers={customers}
        publishId={publish.id}
        onClose={() => setOverriding(null)}
        onOverride={state.override}
        onGone={state.sayStale}
      />
      <RejectDialog
        open={asked === 'reject'}
        publish={publish}
        onClose={() => setAsked(null)}
        onDone={() => state.reload('anything')}
      />
    </>
  );
}

/** What an approval would do, or why it cannot be given now. */
function mayWords(review: Review, waitsFor: number): string {
  const { approval } = review;
  if (!approval.allowed && approval.reason) return t(`reviewMay.${approval.reason}`);
  return waitsFor > 0 ? t('reviewMay.preparing', { count: waitsFor }) : outgoingWords(review);
}
