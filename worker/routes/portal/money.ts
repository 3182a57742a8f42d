/** The resources that pages about money are inlined with: see resources.ts. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { page } from '../../domain/cursor.ts';
import { readVisitor } from '../../domain/customer.ts';
import { auditInsightsView, readInsights } from '../../domain/insight.ts';
import {
  auditInvoiceView,
  type InvoiceRow,
  type InvoicesQuery,
  type LinkedInvoice,
  listInvoiceDocuments,
  listInvoiceLines,
  listInvoices,
  listPayments,
  type PaymentRow,
  type PaymentsQuery,
  readInvoice,
  readMoneyTerms,
} from '../../domain/invoice.ts';
import { paymentLink } from '../../domain/payment-link.ts';
import { AppError } from '../../errors.ts';
import { PAGE_SIZE } from '../../vocabulary.ts';
import { onlyVisitor } from './resources.ts';

/** The invoices page: who is looking, and the newest invoices of the filter with the totals of all of it. */
export async function readInvoicesPage(c: Context<AppEnv>, query: InvoicesQuery) {
  const [visitors, [terms], { rows: found }] = await asCustomer(c, 'invoices.listed', (db) => [
    readVisitor(db),
    readMoneyTerms(db),
    listInvoices(db, query),
  ]);
  const { invoices = [], totals = [] } = found[0] ?? {};
  const keyOf = ({ issuedOn, id }: InvoiceRow) => [issuedOn ?? 'none', id] as const;
  const { rows, nextCursor } = page(invoices, PAGE_SIZE, keyOf);
  return {
    ...onlyVisitor(visitors),
    asOf: terms?.asOf ?? null,
    invoices: rows,
    totals,
    nextCursor,
  };
}
export type InvoicesPage = Awaited<ReturnType<typeof readInvoicesPage>>;

/** @throws AppError `not_found` for an invoice that this customer may not see */
export async function readInvoicePage(c: Context<AppEnv>, id: string) {
  const [visitors, [terms], { rows }, lines, documents] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    readMoneyTerms(db),
    readInvoice(db, id),
    listInvoiceLines(db, id),
    listInvoiceDocuments(db, id),
    auditInvoiceView(db, id),
  ]);
  const found = rows[0];
  if (found === undefined || terms === undefined) {
    throw new AppError('not_found', 'no such invoice');
  }
  const { invoice } = found;
  const { number, kind, open, currency } = invoice;
  const isOwed = kind === 'invoice' && open !== null && Number(open) > 0 && currency !== null;
  return {
    ...onlyVisitor(visitors),
    asOf: terms.asOf,
    ...found,
    lines,
    documents,
    payAt: isOwed
      ? paymentLink(terms.paymentLink, {
          invoice_number: number,
          balance: open,
          currency,
          customer_code: terms.customerCode,
        })
      : null,
  };
}
export type InvoicePage = Awaited<ReturnType<typeof readInvoicePage>>;

/** The payments page: who is looking, and the newest payments of these days with the totals of all of them. */
export async function readPaymentsPage(c: Context<AppEnv>, query: PaymentsQuery) {
  const [visitors, [terms], { rows: found }] = await asCustomer(c, 'payments.listed', (db) => [
    readVisitor(db),
    readMoneyTerms(db),
    listPayments(db, query),
  ]);
  const { payments = [], totals = [] } = found[0] ?? {};
  const keyOf = ({ paidOn, id }: PaymentRow) => [paidOn, id] as const;
  const { rows, nextCursor } = page(payments, PAGE_SIZE, keyOf);
  return {
    ...onlyVisitor(visitors),
    asOf: terms?.asOf ?? null,
    payments: rows,
    totals,
    nextCursor,
  };
}
export type PaymentsPage = Awaited<ReturnType<typeof readPaymentsPage>>;

/** @throws AppError `forbidden` through a link without financials */
export async function readInsightsPage(
  c: Context<AppEnv>,
  days: Parameters<typeof readInsights>[1],
) {
  const [visitors, [terms], { rows }] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    readMoneyTerms(db),
    readInsights(db, days),
    auditInsightsView(db),
  ]);
  const found = rows[0];
  if (found === undefined) {
    throw new AppError('forbidden', 'a link without financials');
  }
  return { ...onlyVisitor(visitors), asOf: terms?.asOf ?? null, ...found.insights };
}
export type InsightsPage = Awaited<ReturnType<typeof readInsightsPage>>;
export type { InvoiceRow, LinkedInvoice, PaymentRow };
