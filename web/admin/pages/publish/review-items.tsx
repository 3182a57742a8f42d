import { Button, LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import type { Review, ReviewCustomer, ReviewItem } from '../../types.ts';
import { t } from '../../words.ts';
import { customerName } from './customer-name.ts';
import { ItemBeside } from './item-beside.tsx';
import { ItemFilters } from './item-filters.tsx';
import { ItemPages } from './item-pages.tsx';
import items from './items.module.css';
import { KeysDialog } from './keys-dialog.tsx';
import { keyOf } from './review-changes.ts';
import { ReviewItemRow } from './review-item-row.tsx';
import { useBeside } from './use-beside.ts';
import { useItemKeys } from './use-item-keys.ts';
import type { ReviewFilter, ReviewState } from './use-review.ts';

const HEADING = 'items';

/** A page of the items that the filter lets through, each under its customer, and a PDF beside them. */
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
  onTick: (items: readonly ReviewItem[], ticked: boolean) => void;
  onOverride: (item: ReviewItem, what: 'ask' | 'takeBack') => void;
  onLeave: (item: ReviewItem, excluded: boolean) => void;
}) {
  const { paths } = useOrg();
  const page = paths.publish(review.publish.id);
  const listed = review.items;
  const keys = useItemKeys(listed, state.turnPage, HEADING);
  const beside = useBeside(listed, keys.list, HEADING);
  const shownKey = beside.shown && keyOf(beside.shown);
  const { place } = state;
  const orders = new Map(
    [place.order, ...listed]
      .filter((item) => item?.kind === 'order')
      .map((order) => [order?.key, order ?? undefined]),
  );
  const nameOf = (key: string) => customerName(customers.get(key) ?? { name: null, key });
  return (
    <Section
      id={HEADING}
      title={t('review.itemsTitle')}
      actions={<Button onClick={() => keys.setHelpOpen(true)}>{t('reviewKeys.open')}</Button>}
    >
      <ItemFilters review={review} filter={filter} customers={customers} page={page} />
      {state.isOutdated && !state.error ? (
        <Skeleton lines={8} />
      ) : listed.length === 0 ? (
        <Empty
          title={t('reviewNone.title')}
          text={t('reviewNone.text')}
          icon="search"
          action={<LinkButton href={page}>{t('common.clear')}</LinkButton>}
        />
      ) : (
        <>
          <ItemPages review={review} place={place} spoken onTurn={state.turnPage} />
          <p class="unseen" role="status">
            {beside.shown && t('review.beside')}
          </p>
          <div class={items.room}>
            <ul ref={keys.list} class={items.items} aria-busy={state.isLoading}>
              {listed.map((item, at) => {
                const isNext = item.customerKey !== listed[at - 1]?.customerKey;
                const key = keyOf(item);
                return (
                  <ReviewItemRow
                    key={key}
                    item={item}
                    heading={isNext ? nameOf(item.customerKey) : null}
                    customer={customers.get(item.customerKey)}
                    publishId={review.publish.id}
                    order={orders.get(item.orderKey ?? '')}
                    beside={
                      beside.hasRoom
                        ? { isShown: key === shownKey, show: () => beside.show(item) }
                        : null
                    }
                    onReach={() => beside.follow(item)}
                    onTick={(ticked) => onTick([item], ticked)}
                    onOverride={(what) => onOverride(item, what)}
                    onLeave={(excluded) => onLeave(item, excluded)}
                  />
                );
              })}
            </ul>
            <ItemBeside publishId={review.publish.id} beside={beside} listed={listed} />
          </div>
          <ItemPages review={review} place={place} onTurn={keys.turnTo} />
        </>
      )}
      <KeysDialog
        open={keys.isHelpOpen}
        isOn={keys.isOn}
        onTurn={keys.turn}
        onClose={() => keys.setHelpOpen(false)}
      />
    </Section>
  );
}
