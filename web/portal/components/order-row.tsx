import { formatDate, formatDay, formatMoney, formatNumber } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import type { LinkTarget } from '../../ui/link-target.ts';
import { StatusBadge } from '../../ui/status-badge.tsx';
import type { Column } from '../../ui/table.tsx';
import type { OrderRow } from '../types.ts';
import css from './order-row.module.css';

/** Where an order's row leads, and what it says to those who hear it: all that the row shows. */
export function orderLink(order: OrderRow): LinkTarget {
  const { id, number, placedOn, itemsCount, total, currency, status, deliveredAt } = order;
  const expected = expectedOn(order);
  const said = [
    t('orders.said.number', { number }),
    t('orders.said.placed', { date: formatDay(placedOn) }),
    itemsCount !== null && t('orders.said.items', { count: itemsCount }),
    total && currency && t('orders.said.total', { amount: formatMoney(total, currency) }),
    expected && t('orders.said.expected', { date: formatDay(expected) }),
    deliveredAt && t('orders.said.delivered', { date: formatDate(deliveredAt) }),
    status && t('orders.said.status', { status: t(`orderStatus.${status}`) }),
  ];
  return { href: `/orders/${id}`, 'aria-label': said.filter(Boolean).join(', ') };
}

/** Once it has come, or never will, nobody expects it. */
function expectedOn({ expectedDelivery, status }: OrderRow): string | null {
  return status === 'delivered' || status === 'cancelled' ? null : expectedDelivery;
}

/** The columns of a list of orders. */
export function orderColumns(): Column<OrderRow>[] {
  return [
    {
      id: 'number',
      label: t('orders.number'),
      main: true,
      cell: ({ number }) => <span class={css.number}>{number}</span>,
    },
    {
      id: 'status',
      label: t('orders.status'),
      aside: true,
      cell: ({ status }) => status && <StatusBadge status={status} />,
    },
    {
      id: 'placed',
      label: t('orders.placed'),
      cell: ({ placedOn }) => <span class={css.day}>{formatDay(placedOn)}</span>,
    },
    { id: 'po', label: t('orders.po'), cell: ({ poNumber }) => poNumber },
    {
      id: 'expected',
      label: t('orders.expected'),
      cell: (order) => {
        const expected = expectedOn(order);
        const { deliveredAt } = order;
        const words = expected ? formatDay(expected) : deliveredAt && formatDate(deliveredAt);
        return words && <span class={css.day}>{words}</span>;
      },
    },
    {
      id: 'tracking',
      label: t('order.tracking'),
      // What has come is looked for no more.
      cell: ({ trackingNumber, status }) => status !== 'delivered' && trackingNumber,
    },
    {
      id: 'items',
      label: t('orders.items'),
      numeric: true,
      minor: true,
      cell: ({ itemsCount }) => itemsCount !== null && formatNumber(itemsCount),
    },
    {
      id: 'total',
      label: t('orders.total'),
      numeric: true,
      cell: ({ total, currency }) => total && currency && formatMoney(total, currency),
    },
  ];
}
