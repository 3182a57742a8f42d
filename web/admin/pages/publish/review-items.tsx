import { ITEM_CHANGES, ITEM_KINDS, PROBLEM_CODES } from '../../../../worker/vocabulary.ts';
import { useLocation } from '../../../lib/router.tsx';
import { Button, LinkButton } from '../../../ui/Button.tsx';
import { Chips } from '../../../ui/Chips.tsx';
import { Empty } from '../../../ui/Empty.tsx';
import { Field } from '../../../ui/Field.tsx';
import { Pager } from '../../../ui/Pager.tsx';
import { Skeleton } from '../../../ui/Skeleton.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { Review, ReviewCustomer, ReviewItem } from '../../types.ts';
import { problemWords, t } from '../../words.ts';
import filters from '../filters.module.css';
import { customerName } from './customer-name.ts';
import items from './items.module.css';
import { KeysDialog } from './keys-dialog.tsx';
import { ReviewItemRow } from './review-item-row.tsx';
import { useItemKeys } from './use-item-keys.ts';
import type { ItemKey, ReviewFilter, ReviewState } from './use-review.ts';

/** Every item that the filter lets through, under its customer. */
export function ReviewItems({
  review,
  state,
  filter,
  customers,
  onTick,
  onOverride,
  onLeave,
}: {
  review: Review;
  state: ReviewState;
  filter: ReviewFilter;
  /** By key; one who is not known yet is missing. */
  customers: ReadonlyMap<string, ReviewCustomer>;
  onTick: (items: readonly ItemKey[], ticked: boolean) => void;
  onOverride: (item: ReviewItem, what: 'ask' | 'takeBack') => void;
  onLeave: (item: ReviewItem, excluded: boolean) => void;
}) {
  const { paths } = useOrg();
  const { route } = useLocation();
  const page = paths.publish(review.publish.id);
  const choose = (change: Partial<ReviewFilter>) => {
    const next = { ...filter, ...change };
    route(withQuery(page, { ...next, show: next.show === 'all' ? '' : next.show }));
  };
  const isFiltered =
    filter.show !== 'all' ||
    [filter.kind, filter.change, filter.customer, filter.problem].some(Boolean);
  const keys = useItemKeys(review.items, state.more);
  const orders = new Map(
    review.items.filter(({ kind }) => kind === 'order').map((order) => [order.key, order]),
  );
  const { totals } = review;
  const nameOf = (key: string) => customerName(customers.get(key) ?? { name: null, key });
  // One who is chosen from the customers may stand far behind those who are offered.
  const offered = review.customers.map(({ key }) => key);
  const choices = [...new Set([...offered, filter.customer])].filter((key) => key !== '');
  // Such a choice is there when there is something behind it, or when it has been made.
  const rare = [
    { value: 'blocked', label: t('reviewShow.blocked'), count: totals.blocked },
    { value: 'overrides', label: t('reviewShow.overrides'), count: totals.overridden },
    { value: 'excluded', label: t('reviewShow.excluded'), count: totals.excluded },
  ] as const;
  return (
    <Section
      id="items"
      title={t('review.itemsTitle')}
      actions={<Button onClick={() => keys.setHelpOpen(true)}>{t('reviewKeys.open')}</Button>}
    >
      <div class={filters.filters}>
        <Chips
          label={t('review.show')}
          value={filter.show}
          onChoose={(show) => choose({ show })}
          chips={[
            { value: 'all', label: t('reviewShow.all'), count: totals.items },
            { value: 'problems', label: t('reviewShow.problems') },
            { value: 'ticks', label: t('reviewShow.ticks'), count: totals.awaitingTick },
            ...rare.filter(({ value, count }) => count > 0 || filter.show === value),
          ]}
        />
        <Field label={t('review.kind')}>
          {(input) => (
            <select
              {...input}
              value={filter.kind}
              onChange={(event) => choose({ kind: event.currentTarget.value })}
            >
              <option value="">{t('review.any')}</option>
              {ITEM_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`items.${kind}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('review.change')}>
          {(input) => (
            <select
              {...input}
              value={filter.change}
              onChange={(event) => choose({ change: event.currentTarget.value })}
            >
              <option value="">{t('review.any')}</option>
              {ITEM_CHANGES.map((change) => (
                <option key={change} value={change}>
                  {t(`changes.${change}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('review.filterCustomer')}>
          {(input) => (
            <select
              {...input}
              value={filter.customer}
              onChange={(event) => choose({ customer: event.currentTarget.value })}
            >
              <option value="">{t('review.any')}</option>
              {choices.map((key) => (
                <option key={key} value={key}>
                  {nameOf(key)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t('review.problem')}>
          {(input) => (
            <select
              {...input}
              value={filter.problem}
              onChange={(event) => choose({ problem: event.currentTarget.value })}
            >
              <option value="">{t('review.any')}</option>
              {PROBLEM_CODES.map((code) => (
                <option key={code} value={code}>
                  {problemWords({ code })}
                </option>
              ))}
            </select>
          )}
        </Field>
        {isFiltered && (
          <LinkButton icon="close" href={page}>
            {t('common.clear')}
          </LinkButton>
        )}
      </div>
      {state.isOutdated && !state.error ? (
        <Skeleton lines={8} />
      ) : review.items.length === 0 ? (
        <Empty
          title={t('reviewNone.title')}
          text={t('reviewNone.text')}
          icon="search"
          action={<LinkButton href={page}>{t('common.clear')}</LinkButton>}
        />
      ) : (
        <ul ref={keys.list} class={items.items} aria-busy={state.isLoading}>
          {review.items.map((item, at) => {
            const customer = customers.get(item.customerKey);
            const isNext = item.customerKey !== review.items[at - 1]?.customerKey;
            return (
              <ReviewItemRow
                key={`${item.kind} ${item.key}`}
                item={item}
                heading={isNext ? nameOf(item.customerKey) : null}
                customer={customer}
                publishId={review.publish.id}
                onTick={(ticked) => onTick([item], ticked)}
                order={orders.get(item.orderKey ?? '')}
                onOverride={(what) => onOverride(item, what)}
                onLeave={(excluded) => onLeave(item, excluded)}
              />
            );
          })}
        </ul>
      )}
      <Pager
        more={!state.isOutdated && review.nextCursor !== null}
        busy={state.isLoading}
        added={state.added}
        onMore={state.more}
      />
      <KeysDialog
        open={keys.isHelpOpen}
        isOn={keys.isOn}
        onTurn={keys.turn}
        onClose={() => keys.setHelpOpen(false)}
      />
    </Section>
  );
}
