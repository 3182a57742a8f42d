import { t } from '../../lib/i18n.ts';
import { LineTable } from '../lines/line-table.tsx';
import type { OrderLine } from '../types.ts';
import css from './invoice-view.module.css';

/** What an invoice is for. Its sums stand with its balance, so here are the lines alone. */
export function InvoiceLines({ lines, currency }: { lines: OrderLine[]; currency: string | null }) {
  return (
    <section class={css.section} aria-labelledby="lines">
      <h2 id="lines">{t('order.lines')}</h2>
      <LineTable lines={lines} currency={currency} />
    </section>
  );
}
