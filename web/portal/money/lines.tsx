import { formatMoney } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { LineTable } from '../lines/line-table.tsx';
import type { InvoicePage } from '../types.ts';
import css from './invoice-view.module.css';
import { missingInLines } from './lines-sum.ts';
import { moneyWords } from './words.ts';

/** What an invoice is for. Its sums stand with its balance; what the lines are short of them is said here. */
export function InvoiceLines({ page }: { page: InvoicePage }) {
  const { currency } = page.invoice;
  const missing = missingInLines(page);
  return (
    <section class={css.section} aria-labelledby="lines">
      <h2 id="lines">{t('order.lines')}</h2>
      <LineTable lines={page.lines} currency={currency} />
      {missing && (
        <p class={css.quiet}>
          {missing.shipping && currency
            ? moneyWords('invoice.shipping', { amount: formatMoney(missing.shipping, currency) })
            : moneyWords('invoice.withoutShipping')}
        </p>
      )}
    </section>
  );
}
