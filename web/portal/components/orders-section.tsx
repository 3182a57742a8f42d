import type { VNode } from 'preact';
import { ORDER_FILTERS, type OrderFilter } from '../../../worker/vocabulary.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Chips } from '../../ui/chips.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Table } from '../../ui/table.tsx';
import { type Orders, useOrders } from '../orders-list.ts';
import type { Home } from '../types.ts';
import { orderColumns, orderLink } from './order-row.tsx';
import css from './orders-section.module.css';

/** All orders, or those of a status. */
export function OrdersSection({ home, status }: { home: Home; status: OrderFilter }) {
  const { route } = useLocation();
  const list = useOrders({ status }, home);
  const filters = ORDER_FILTERS.filter(
    (filter) => filter === 'all' || filter === status || home.counts[filter] > 0,
  );
  return (
    <section class={css.section} aria-labelledby="orders">
      <div class={css.head}>
        <h2 id="orders">{t('home.orders')}</h2>
        <Chips
          label={t('orders.filter')}
          value={status}
          chips={filters.map((value) => ({
            value,
            label: t(`orders.${value}`),
            count: home.counts[value],
          }))}
          // Each arrow key chooses: that is no step to go back by.
          onChoose={(value) => route(value === 'all' ? '/' : `/?status=${value}`, true)}
        />
      </div>
      <p class="unseen" role="status">
        {status !== 'all' && foundOrders(list)}
      </p>
      <OrderList list={list} none={<NoneFound why={t('orders.noneOfStatus')} all="/" />} />
    </section>
  );
}

/** How many orders are there, in words; nothing while none are. */
export function foundOrders({ rows, more }: Orders): string {
  if (!rows || rows.length === 0) return '';
  const words = { count: rows.length };
  return more ? t('orders.foundMore', words) : t('orders.found', words);
}

/** That no order is what was asked for, why that may be, and the way to all of them. */
export function NoneFound({ why, all }: { why: string; all: string }) {
  return (
    <Empty
      icon="search"
      title={t('orders.noneFound')}
      text={why}
      action={<LinkButton href={all}>{t('orders.showAll')}</LinkButton>}
    />
  );
}

/** A list of orders in whatever state it is. */
export function OrderList({ list, none }: { list: Orders; none: VNode }) {
  if (list.error) return <ErrorNote error={list.error} retry={list.reload} />;
  if (!list.rows) return <Skeleton lines={6} />;
  if (list.rows.length === 0) return none;
  return (
    <>
      <Table
        caption={t('home.orders')}
        columns={orderColumns()}
        rows={list.rows}
        rowKey={({ id }) => id}
        href={orderLink}
      />
      {list.moreError && <ErrorNote error={list.moreError} />}
      <Pager more={list.more} busy={list.loadingMore} added={list.added} onMore={list.loadMore} />
    </>
  );
}
