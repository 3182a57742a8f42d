import { formatMoney, formatNumber, formatPercent } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { type Column, Table } from '../../ui/Table.tsx';
import type { OrderAmounts, OrderLine } from '../types.ts';
import css from './order-lines.module.css';

/** What was ordered, and the totals as they were published: nothing is summed here. */
export function OrderLines({
  lines,
  amounts,
}: {
  lines: OrderLine[];
  amounts: OrderAmounts | null;
}) {
  if (lines.length === 0) return amounts && <Totals amounts={amounts} />;
  return (
    <section class={css.section} aria-labelledby="lines">
      <h2 id="lines">{t('order.lines')}</h2>
      <Table
        caption={t('order.lines')}
        columns={columns(amounts?.currency, lines)}
        rows={lines}
        rowKey={({ lineNumber }) => lineNumber}
      />
      {amounts && <Totals amounts={amounts} />}
    </section>
  );
}

function columns(currency: string | undefined, lines: OrderLine[]): Column<OrderLine>[] {
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

function Totals({
  amounts: { currency, subtotal, shipping, tax, total },
}: {
  amounts: OrderAmounts;
}) {
  const rows = [
    { label: t('order.subtotal'), amount: subtotal },
    { label: t('order.shipping'), amount: shipping },
    { label: t('order.tax'), amount: tax },
    { label: t('order.total'), amount: total },
  ].filter(({ amount }) => amount !== null);
  if (rows.length === 0) return null;
  return (
    <dl class={css.totals} aria-label={t('order.totals')}>
      {rows.map(({ label, amount }) => (
        <div
          key={label}
          class={amount === total && label === t('order.total') ? css.total : undefined}
        >
          <dt>{label}</dt>
          <dd>{amount && formatMoney(amount, currency)}</dd>
        </div>
      ))}
    </dl>
  );
}
