import { formatDay, formatMoney } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import type { Resource } from '../../lib/resource.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Back } from '../components/back.tsx';
import { Documents } from '../components/documents.tsx';
import type { InvoicePage } from '../types.ts';
import { AsOf } from './around.tsx';
import { InvoiceBadge, standsAsCredit } from './badge.tsx';
import css from './invoice-view.module.css';
import { InvoiceLines } from './lines.tsx';
import { LinkedInvoices, PaymentsOf } from './linked.tsx';
import { moneyWords } from './words.ts';

/** One invoice or credit note as its customer reads it. */
export function InvoiceView({ value: page, error, reload }: Resource<InvoicePage>) {
  const notShown = error?.code === 'not_found' || error?.code === 'invalid';
  return (
    <>
      <Back href="/invoices" words={moneyWords('invoice.back')} />
      {page ? (
        <Invoice page={page} />
      ) : notShown ? (
        <div class={css.section}>
          <h1>{moneyWords('invoice.notShownTitle')}</h1>
          <p>{moneyWords('invoice.notShown')}</p>
        </div>
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Skeleton lines={9} />
      )}
    </>
  );
}

function Invoice({ page }: { page: InvoicePage }) {
  const { invoice, payments, creditNotes, credits, documents, lines, asOf } = page;
  const { kind, number, currency } = invoice;
  return (
    <>
      <div class={css.head}>
        <h1>
          {moneyWords(kind === 'invoice' ? 'invoice.title' : 'invoice.titleCredit', { number })}
        </h1>
        <InvoiceBadge invoice={invoice} />
        <div class={css.print}>
          <Button icon="printer" onClick={() => print()}>
            {moneyWords('invoice.print')}
          </Button>
        </div>
      </div>
      <Card>
        <div class={css.section}>
          <Facts facts={factsOf(page)} />
          <Balance page={page} />
        </div>
      </Card>
      <section class={css.section} aria-labelledby="document">
        <h2 id="document">{moneyWords('invoice.document')}</h2>
        {documents.length > 0 ? (
          <Documents documents={documents} />
        ) : (
          <p class={css.quiet}>{moneyWords('invoice.noDocument')}</p>
        )}
      </section>
      {payments.length > 0 && <PaymentsOf payments={payments} currency={currency} />}
      {creditNotes.length > 0 && (
        <LinkedInvoices
          id="credit-notes"
          title={moneyWords('invoice.creditNotes')}
          rows={creditNotes}
        />
      )}
      {credits && (
        <LinkedInvoices
          id="credits"
          title={moneyWords('invoice.creditedInvoice')}
          rows={[credits]}
        />
      )}
      {lines.length > 0 && <InvoiceLines page={page} />}
      <AsOf asOf={asOf} />
    </>
  );
}

function factsOf({ invoice }: InvoicePage) {
  const { issuedOn, dueOn, orderId, orderNumber, poNumber } = invoice;
  return [
    { label: moneyWords('invoice.issued'), value: issuedOn && formatDay(issuedOn) },
    { label: moneyWords('invoice.due'), value: dueOn && formatDay(dueOn) },
    {
      label: moneyWords('invoice.order'),
      value: orderId && (
        <a class={css.order} href={`/orders/${orderId}`}>
          {orderNumber}
        </a>
      ),
    },
    { label: moneyWords('invoice.po'), value: poNumber },
  ];
}

/** How its total comes to what is left, and where that can be paid. */
function Balance({ page: { invoice, payAt } }: { page: InvoicePage }) {
  const { currency, net, tax, total, paid, credited, open } = invoice;
  if (currency === null || total === null) return null;
  const isCredit = standsAsCredit(invoice);
  // What comes off stands below zero: a credit's own amounts are there already.
  const off = (amount: string | null) =>
    amount === null || Number(amount) === 0 ? null : formatMoney(negative(amount), currency);
  const rows = [
    { label: moneyWords('invoice.net'), amount: net && formatMoney(net, currency) },
    { label: moneyWords('invoice.tax'), amount: tax && formatMoney(tax, currency) },
    { label: moneyWords('invoice.total'), amount: formatMoney(total, currency) },
    {
      label: isCredit ? moneyWords('invoice.refunded') : moneyWords('invoice.paid'),
      amount: off(paid),
    },
    {
      label: isCredit ? moneyWords('invoice.given') : moneyWords('invoice.credited'),
      amount: off(credited),
    },
  ].filter(({ amount }) => amount !== null);
  return (
    <div class={css.balance}>
      <dl class={css.sums} aria-label={moneyWords('invoice.balance')}>
        {rows.map(({ label, amount }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{amount}</dd>
          </div>
        ))}
        {open !== null && (
          <div class={css.left}>
            <dt>{leftWords(isCredit, open)}</dt>
            <dd>{formatMoney(Number(open) < 0 ? negative(open) : open, currency)}</dd>
          </div>
        )}
      </dl>
      {open === null && <p class={css.quiet}>{moneyWords('invoice.unknown')}</p>}
      {payAt && open !== null && (
        <div class={css.pay}>
          <LinkButton
            kind="primary"
            icon="newTab"
            href={payAt.url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`${moneyWords('invoice.pay', { amount: formatMoney(open, currency) })}, ${t('ui.newTab')}`}
          >
            {moneyWords('invoice.pay', { amount: formatMoney(open, currency) })}
          </LinkButton>
          <p class={css.quiet}>{moneyWords('invoice.payLeaves', { host: payAt.host })}</p>
        </div>
      )}
    </div>
  );
}

function leftWords(isCredit: boolean, open: string): string {
  if (Number(open) > 0) return moneyWords('invoice.left');
  if (isCredit) return moneyWords('invoice.creditLeft');
  return Number(open) < 0 ? moneyWords('invoice.overpaid') : moneyWords('invoice.left');
}

/** The same amount on the other side of zero, as text: no float comes near it. */
function negative(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}
