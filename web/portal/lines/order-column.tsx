import type { Column } from '../../ui/table.tsx';
import css from './list.module.css';

type OfOrder = { orderId: string | null; orderNumber: string | null };

/** The order that a row belongs to, with a link of its own over the row's. */
export function orderColumn(label: string): Column<OfOrder> {
  return {
    id: 'order',
    label,
    cell: ({ orderId, orderNumber }) =>
      orderId && (
        <a class={`${css.above} ${css.short}`} href={`/orders/${orderId}`}>
          {orderNumber}
        </a>
      ),
  };
}
