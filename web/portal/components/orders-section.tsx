import { ORDER_FILTERS, type OrderFilter } from '../../../worker/vocabulary.ts';
import { formatDay, formatMoney, formatNumber } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { LinkButton } from '../../ui/Button.tsx';
import { Chips } from '../../ui/Chips.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Pager } from '../../ui/Pager.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { type Column, Table } from '../../ui/Table.tsx';
import { type Orders, useOrders } from '../orders-list.ts';
import type { Home, OrderRow } from '../types.ts';
import css from './orders-section.module.css';

/** All orders, those of a status, or those that were searched for. */
export function OrdersSection({ home, status, q }: { home: Home; status: OrderFilter; q: string }) {
  const { route } = useLocation();
  const list = useOrders(status, q, home);
  const filters = ORDER_FILTERS.filter(
    (filter) => filter === 'all' || filter === status || home.counts[filter] > 0,
  );
  return (
    <section class={css.section} aria-labelledby="orders">
      <div class={css.head}>
        <h2 id="orders">{t('home.orders')}</h2>
        {q ? (
          <LinkButton href="/" icon="close">
            {t('orders.clear')}
          </LinkButton>
        ) : (
          <Chips
            label={t('orders.filter')}
            value={status}
            chips={filters.map((value) => ({
              value,
              label: t(`orders.${value}`),
              count: home.counts[value],
            }))}
            onChoose={(value) => route(value === 'all' ? '/' : `/?status=${value}`)}
          />
        )}
      </div>
      <p class={q ? css.found : 'unseen'} role="status">
        {(q || status !== 'all') && foundWords(list)}
      </p>
      <List list={list} q={q} />
    </section>
  );
}

function foundWords({ rows, more }: Orders): string {
  if (!rows || rows.length === 0) return '';
  const words = { count: rows.length };
  return more ? t('orders.foundMore', words) : t('orders.found', words);
}

function List({ list, q }: { list: Orders; q: string }) {
  if (list.error) return <ErrorNote error={list.error} retry={list.reload} />;
  if (!list.rows) return <Skeleton lines={6} />;
  if (list.rows.length === 0) {
    return (
      <Empty
        icon="search"
        title={t('orders.noneFound')}
        text={q ? t('orders.noneFoundFor', { q }) : t('orders.noneOfStatus')}
        action={<LinkButton href="/">{t('orders.showAll')}</LinkButton>}
      />
    );
  }
  return (
    <>
      <Table
        caption={t('home.orders')}
        columns={columns()}
        rows={list.rows}
        rowKey={({ id }) => id}
        href={({ id }) => `/orders/${id}`}
      />
      {list.moreError && <ErrorNote error={list.moreError} />}
      <Pager more={list.more} busy={list.loadingMore} added={list.added} onMore={list.loadMore} />
    </>
  );
}

function columns(): Column<OrderRow>[] {
  return [
    { id: 'number', label: t('orders.number'), main: true, cell: ({ number }) => number },
    {
      id: 'status',
      label: t('orders.status'),
      aside: true,
      cell: ({ status }) => status && <StatusBadge status={status} />,
    },
    { id: 'placed', label: t('orders.placed'), cell: ({ placedOn }) => formatDay(placedOn) },
    { id: 'po', label: t('orders.po'), cell: ({ poNumber }) => poNumber },
    {
      id: 'expected',
      label: t('orders.expected'),
      cell: ({ expectedDelivery, status }) =>
        // Once it has come, or never will, nobody expects it.
        expectedDelivery && status !== 'delivered' && status !== 'cancelled'
          ? formatDay(expectedDelivery)
          : null,
    },
    {
      id: 'items',
      label: t('orders.items'),
      numeric: true,
      minor: true,
      cell: ({ itemsCount }) => itemsCount !== null && formatNumber(itemsCount),
    },
    {
      id: 'documents',
      label: t('orders.documents'),
      numeric: true,
      minor: true,
      cell: ({ documents }) => documents > 0 && formatNumber(documents),
    },
    {
      id: 'total',
      label: t('orders.total'),
      numeric: true,
      cell: ({ total, currency }) => total && currency && formatMoney(total, currency),
    },
  ];
}
