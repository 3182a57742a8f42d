import { formatDay, formatMoney } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import type { LinkTarget } from '../../ui/link-target.ts';
import { Pager } from '../../ui/pager.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { DownloadLink } from '../components/documents.tsx';
import { knownVisit } from '../components/shell.tsx';
import { isBackwards, withQuery } from '../filters/days.ts';
import css from '../lines/list.module.css';
import { orderColumn } from '../lines/order-column.tsx';
import type { InvoiceRow } from '../types.ts';
import { AroundMoney, AsOf, Sums } from './around.tsx';
import { InvoiceBadge, standingWords } from './badge.tsx';
import { InvoiceFilters } from './invoice-filters.tsx';
import { type Invoices, type InvoicesWanted, useInvoices, wantedOf } from './invoices-list.ts';
import { moneyWords } from './words.ts';

/** All invoices and credit notes, or those that were asked for, with what they come to. */
export function InvoiceList() {
  return (
    <AroundMoney>
      <Found />
    </AroundMoney>
  );
}

function Found() {
  const { query } = useLocation();
  const wanted = wantedOf(query);
  const list = useInvoices(wanted);
  return (
    <>
      <div class={css.top}>
        <h1>{t('nav.invoices')}</h1>
        <AsOf asOf={list.asOf} />
        <InvoiceFilters wanted={wanted} />
      </div>
      <div class={css.list}>
        <div role="status">
          <Sums lines={list.totals.map(sumOf)} />
        </div>
        {!isBackwards(wanted) && <Rows list={list} wanted={wanted} />}
      </div>
    </>
  );
}

function sumOf({ currency, count, total, open }: Invoices['totals'][number]) {
  if (total === null) return { currency, words: moneyWords('list.sumPlain', { count, currency }) };
  const values = { count, currency, total: formatMoney(total, currency) };
  const words =
    open === null
      ? moneyWords('list.sum', values)
      : moneyWords('list.sumOpen', { ...values, open: formatMoney(open, currency) });
  return { currency, words };
}

function Rows({ list, wanted }: { list: Invoices; wanted: InvoicesWanted }) {
  if (list.error) return <ErrorNote error={list.error} retry={list.reload} />;
  if (!list.rows) return <Skeleton lines={9} />;
  if (list.rows.length === 0) return <Nothing wanted={wanted} />;
  return (
    <>
      <Table
        caption={t('nav.invoices')}
        columns={columns()}
        rows={list.rows}
        rowKey={({ id }) => id}
        href={invoiceLink}
      />
      {list.moreError && <ErrorNote error={list.moreError} />}
      <Pager more={list.more} busy={list.loadingMore} added={list.added} onMore={list.loadMore} />
    </>
  );
}

function Nothing({ wanted }: { wanted: InvoicesWanted }) {
  const org = knownVisit()?.org.name;
  if (withQuery('', wanted) === '') {
    return (
      <Empty
        icon="receipt"
        title={moneyWords('list.none')}
        text={org ? moneyWords('list.noneText', { org }) : undefined}
      />
    );
  }
  return (
    <Empty
      icon="search"
      title={moneyWords('list.noneFound')}
      text={
        wanted.q
          ? moneyWords('list.noneFoundFor', { q: wanted.q })
          : moneyWords('list.noneFoundText')
      }
      action={<LinkButton href="/invoices">{moneyWords('list.showAll')}</LinkButton>}
    />
  );
}

const money = (amount: string | null, currency: string | null) =>
  amount && currency && formatMoney(amount, currency);

/** Where an invoice's row leads, and what it says to those who hear it. */
function invoiceLink(invoice: InvoiceRow): LinkTarget {
  const { id, kind, number, total, open, currency } = invoice;
  const amount = money(total, currency);
  const left = money(open, currency);
  const said = [
    t('document.named', { kind: t(`documentKind.${kind}`), number }),
    amount && `${moneyWords('list.total')} ${amount}`,
    left && `${moneyWords('list.open')} ${left}`,
    standingWords(invoice),
  ];
  return { href: `/invoices/${id}`, 'aria-label': said.filter(Boolean).join(', ') };
}

function columns(): Column<InvoiceRow>[] {
  const day = (text: string | null) => text && <span class={css.short}>{formatDay(text)}</span>;
  return [
    {
      id: 'number',
      label: moneyWords('list.number'),
      main: true,
      cell: ({ kind, number }) => (
        <span class={css.name}>
          {kind === 'credit_note' && <span class={css.kind}>{t('documentKind.credit_note')}</span>}{' '}
          <span class={css.number}>{number}</span>
        </span>
      ),
    },
    {
      id: 'status',
      label: moneyWords('filter.status'),
      aside: true,
      cell: (invoice) => invoice.status && <InvoiceBadge invoice={invoice} />,
    },
    { id: 'issued', label: moneyWords('list.issued'), cell: ({ issuedOn }) => day(issuedOn) },
    { id: 'due', label: moneyWords('list.due'), cell: ({ dueOn }) => day(dueOn) },
    orderColumn(moneyWords('list.order')),
    {
      id: 'total',
      label: moneyWords('list.total'),
      numeric: true,
      cell: ({ total, currency }) => money(total, currency),
    },
    {
      id: 'open',
      label: moneyWords('list.open'),
      numeric: true,
      cell: ({ open, currency }) => money(open, currency),
    },
    {
      id: 'paper',
      label: t('document.download'),
      numeric: true,
      minor: true,
      screenOnly: true,
      cell: ({ documentId, kind, number }) =>
        documentId && (
          <span class={css.above}>
            <DownloadLink document={{ id: documentId, kind, number }} inTable />
          </span>
        ),
    },
  ];
}
