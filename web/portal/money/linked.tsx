/** What belongs to an invoice: payments that name it, credit notes that do, the invoice that a note names. */
import { formatDay, formatMoney } from '../../lib/format.ts';
import { type Column, Table } from '../../ui/table.tsx';
import type { InvoicePage, LinkedInvoice } from '../types.ts';
import css from './invoice-view.module.css';
import { moneyWords } from './words.ts';

type Payment = InvoicePage['payments'][number];

export function PaymentsOf(props: { payments: Payment[]; currency: string | null }) {
  const { payments, currency: own } = props;
  const columns: Column<Payment>[] = [
    { id: 'number', label: moneyWords('payment.number'), main: true, cell: ({ number }) => number },
    { id: 'day', label: moneyWords('payment.paidOn'), cell: ({ paidOn }) => formatDay(paidOn) },
    { id: 'method', label: moneyWords('payment.method'), cell: ({ method }) => method },
    { id: 'reference', label: moneyWords('payment.reference'), cell: ({ reference }) => reference },
    {
      id: 'amount',
      label: moneyWords('payment.applied'),
      numeric: true,
      cell: ({ amount, currency }) => (
        <>
          {formatMoney(amount, currency)}
          {own !== null && currency !== own && (
            <small class={css.apart}>{moneyWords('payment.otherCurrency')}</small>
          )}
        </>
      ),
    },
  ];
  return (
    <section class={css.section} aria-labelledby="payments">
      <h2 id="payments">{moneyWords('invoice.payments')}</h2>
      <Table
        caption={moneyWords('invoice.payments')}
        columns={columns}
        rows={payments}
        rowKey={({ id }) => id}
      />
    </section>
  );
}

export function LinkedInvoices(props: { id: string; title: string; rows: LinkedInvoice[] }) {
  const { id, title, rows } = props;
  const money = (amount: string | null, currency: string | null) =>
    amount && currency && formatMoney(amount, currency);
  const columns: Column<LinkedInvoice>[] = [
    { id: 'number', label: moneyWords('list.number'), main: true, cell: ({ number }) => number },
    {
      id: 'issued',
      label: moneyWords('list.issued'),
      cell: ({ issuedOn }) => issuedOn && formatDay(issuedOn),
    },
    {
      id: 'total',
      label: moneyWords('list.total'),
      numeric: true,
      cell: ({ total, currency }) => money(total, currency),
    },
    {
      id: 'given',
      label: moneyWords('invoice.given'),
      numeric: true,
      cell: ({ given, currency }) => money(given, currency),
    },
  ];
  return (
    <section class={css.section} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Table
        caption={title}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        href={(row) => `/invoices/${row.id}`}
      />
    </section>
  );
}
