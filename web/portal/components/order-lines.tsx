import { formatMoney } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { LineTable } from '../lines/line-table.tsx';
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
      <LineTable lines={lines} currency={amounts?.currency} />
      {amounts && <Totals amounts={amounts} />}
    </section>
  );
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
