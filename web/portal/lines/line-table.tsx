import { formatMoney, formatNumber, formatPercent } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { type Column, Table } from '../../ui/table.tsx';
import type { OrderLine } from '../types.ts';
import css from './line-table.module.css';

type Currency = string | null | undefined;

/** What was ordered, or what an invoice is for, a line a row. */
export function LineTable({ lines, currency }: { lines: OrderLine[]; currency: Currency }) {
  return (
    <Table
      caption={t('order.lines')}
      columns={columns(currency, lines)}
      rows={lines}
      rowKey={({ lineNumber }) => lineNumber}
    />
  );
}

function columns(currency: Currency, lines: OrderLine[]): Column<OrderLine>[] {
  const money = (amount: string | null) =>
    amount && (currency ? formatMoney(amount, currency) : formatNumber(amount));
  // The heading of a line is what is known of it: what it is, else its code, else its number.
  const described = lines.some(({ description }) => description);
  const coded = lines.some(({ itemCode }) => itemCode);
  const heading: Column<OrderLine> = described
    ? {
        id: 'item',
        label: t('order.description'),
        main: true,
        cell: ({ description, itemCode, lineNumber }) => description ?? itemCode ?? lineNumber,
      }
    : {
        id: 'item',
        label: coded ? t('order.code') : t('order.line'),
        main: true,
        cell: ({ itemCode, lineNumber }) => itemCode ?? lineNumber,
      };
  return [
    heading,
    {
      id: 'code',
      label: t('order.code'),
      cell: ({ itemCode }) => described && itemCode && <span class={css.code}>{itemCode}</span>,
    },
    {
      id: 'quantity',
      label: t('order.quantity'),
      numeric: true,
      cell: ({ quantity, unit }) =>
        quantity && [formatNumber(quantity), unit].filter(Boolean).join('\u00a0'),
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
}
