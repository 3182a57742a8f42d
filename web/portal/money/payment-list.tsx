import { formatDay, formatMoney } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { useLocation } from '../../lib/router.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { knownVisit } from '../components/shell.tsx';
import { type Days, daysOf, isBackwards, withQuery } from '../filters/days.ts';
import lines from '../lines/list.module.css';
import { usePages } from '../paged-list.ts';
import type { PaymentRow, PaymentsPage } from '../types.ts';
import { AroundMoney, AsOf, Sums } from './around.tsx';
import { DaysForm } from './days-form.tsx';
import css from './payment-list.module.css';
import { moneyWords } from './words.ts';

/** What was paid, newest first, and where it went. */
export function PaymentList() {
  return (
    <AroundMoney>
      <Found />
    </AroundMoney>
  );
}

const pageOf = ({ payments, nextCursor }: PaymentsPage) => ({ rows: payments, nextCursor });

function Found() {
  const { query } = useLocation();
  const days = daysOf(query);
  const path = withQuery('payments', days);
  const { value, error, reload } = useResource<PaymentsPage>(isBackwards(days) ? null : path);
  const { rows, ...pages } = usePages(path, value, pageOf);
  return (
    <>
      <div class={lines.top}>
        <h1>{t('nav.payments')}</h1>
        <AsOf asOf={value?.asOf ?? null} />
        <DaysForm page="/payments" days={days} />
      </div>
      <div class={lines.list}>
        <div role="status">
          <Sums lines={(value?.totals ?? []).map(sumOf)} />
        </div>
        {isBackwards(days) ? null : error ? (
          <ErrorNote error={error} retry={reload} />
        ) : !rows ? (
          <Skeleton lines={9} />
        ) : rows.length === 0 ? (
          <Nothing days={days} />
        ) : (
          <>
            <Table
              caption={t('nav.payments')}
              columns={columns()}
              rows={rows}
              rowKey={({ id }) => id}
            />
            {pages.moreError && <ErrorNote error={pages.moreError} />}
            <Pager
              more={pages.more}
              busy={pages.loadingMore}
              added={pages.added}
              onMore={pages.loadMore}
            />
          </>
        )}
      </div>
    </>
  );
}

function sumOf({ currency, count, amount, unallocated }: PaymentsPage['totals'][number]) {
  const values = { count, currency, total: formatMoney(amount, currency) };
  const words =
    unallocated === null || Number(unallocated) === 0
      ? moneyWords('payment.sum', values)
      : moneyWords('payment.sumOpen', { ...values, open: formatMoney(unallocated, currency) });
  return { currency, words };
}

function Nothing({ days }: { days: Days }) {
  const org = knownVisit()?.org.name;
  if (withQuery('', days) === '') {
    return (
      <Empty
        icon="receipt"
        title={moneyWords('payment.none')}
        text={org ? moneyWords('payment.noneText', { org }) : undefined}
      />
    );
  }
  return (
    <Empty
      icon="search"
      title={moneyWords('payment.noneFound')}
      action={<LinkButton href="/payments">{moneyWords('payment.showAll')}</LinkButton>}
    />
  );
}

function columns(): Column<PaymentRow>[] {
  return [
    {
      id: 'number',
      label: moneyWords('payment.number'),
      main: true,
      cell: ({ number }) => <span class={lines.number}>{number}</span>,
    },
    {
      id: 'day',
      label: moneyWords('payment.paidOn'),
      cell: ({ paidOn }) => <span class={lines.short}>{formatDay(paidOn)}</span>,
    },
    { id: 'method', label: moneyWords('payment.method'), cell: ({ method }) => method },
    {
      id: 'reference',
      label: moneyWords('payment.reference'),
      cell: ({ reference }) => reference && <span class={css.words}>{reference}</span>,
    },
    {
      id: 'for',
      label: moneyWords('payment.for'),
      wide: true,
      cell: ({ allocations, currency }) =>
        allocations.length > 0 && (
          <ul class={css.parts}>
            {allocations.map(({ invoiceId, invoiceNumber, amount }) => (
              <li key={invoiceNumber}>
                {invoiceId ? (
                  <a class={lines.number} href={`/invoices/${invoiceId}`}>
                    {invoiceNumber}
                  </a>
                ) : (
                  <span class={lines.number}>{invoiceNumber}</span>
                )}{' '}
                <span class={lines.short}>{formatMoney(amount, currency)}</span>
              </li>
            ))}
          </ul>
        ),
    },
    {
      id: 'unallocated',
      label: moneyWords('payment.unallocated'),
      numeric: true,
      cell: ({ unallocated, currency }) =>
        unallocated && Number(unallocated) !== 0 && formatMoney(unallocated, currency),
    },
    {
      id: 'amount',
      label: moneyWords('payment.amount'),
      numeric: true,
      cell: ({ amount, currency }) => formatMoney(amount, currency),
    },
  ];
}
