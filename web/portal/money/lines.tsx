import { formatMoney, formatNumber, formatPercent } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { type Column, Table } from '../../ui/Table.tsx';
import type { OrderLine } from '../types.ts';
import css from './invoice-view.module.css';

/** What an invoice is for. Its sums stand with its balance, so here are the lines alone. */
export function InvoiceLines({ lines, currency }: { lines: OrderLine[]; currency: string | null }) {
  const money = (amount: string | null) =>
    amount && (currency ? formatMoney(amount, currency) : formatNumber(amount));
  const columns: Column<OrderLine>[] = [
    {
      id: 'item',
      label: t('order.description'),
      main: true,
      cell: ({ description, itemCode, lineNumber }) => description ?? itemCode ?? lineNumber,
    },
    {
      id: 'code',
      label: t('order.code'),
      cell: ({ description, itemCode }) => description && itemCode,
    },
    {
      id: 'quantity',
      label: t('order.quantity'),
      numeric: true,
      cell: ({ quantity, unit }) =>
        quantity && [formatNumber(quantity), unit].filter(Boolean).join(' '),
    },
    {
      id: 'unitPrice',
      label: t('order.unitPrice'),
      numeric: true,
      cell: ({ unitPrice }) => money(unitPrice),
    },
    {
      id: 'taxRate',
      label: t('order.taxRate'),
      numeric: true,
      cell: ({ taxRate }) => taxRate && formatPercent(taxRate),
    },
    {
      id: 'total',
      label: t('order.lineTotal'),
      numeric: true,
      cell: ({ total }) => money(total),
    },
  ];
  return (
    <section class={css.section} aria-labelledby="lines">
      <h2 id="lines">{t('order.lines')}</h2>
      <Table
        caption={t('order.lines')}
        columns={columns}
        rows={lines}
        rowKey={({ lineNumber }) => lineNumber}
      />
    </section>
  );
}
