import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { cursorOf, dayKey, page } from '../../domain/cursor.ts';
import { readVisitor } from '../../domain/customer.ts';
import { auditInsightsView, readInsights } from '../../domain/insight.ts';
import {
  auditInvoiceView,
  type InvoiceRow,
  type InvoicesQuery,
  listInvoiceDocuments,
  listInvoiceLines,
  listInvoices,
  listPayments,
  type PaymentRow,
  type PaymentsQuery,
  readInvoice,
  readInvoiceShipping,
  readMoneyTerms,
} from '../../domain/invoice.ts';
import { paymentLink } from '../../domain/payment-link.ts';
import { AppError } from '../../errors.ts';
import {
  INSIGHTS_MAX_YEARS,
  INVOICE_FILTERS,
  INVOICE_KINDS,
  PAGE_SIZE,
  SEARCH_MAX_CHARACTERS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { BACKWARDS, days, inOrder } from './days.ts';
import { NoAmounts, onlyVisitor } from './visitor.ts';

/** Which invoices and credit notes. What bears no date is the last of the list, and of no days. */
const invoiceFields = z.object({
  kind: z.enum([...INVOICE_KINDS, 'all']).default('all'),
  status: z.enum(INVOICE_FILTERS).optional(),
  q: z.string().trim().max(SEARCH_MAX_CHARACTERS).optional(),
  ...days,
});
export const invoiceFilter = {
  fields: invoiceFields,
  whole: invoiceFields.refine(inOrder, BACKWARDS),
};
const invoiceQuery = invoiceFields
  .extend({ cursor: cursorOf(z.union([dayKey, z.literal('none')])).optional() })
  .refine(inOrder, BACKWARDS);

/** Which payments. */
const paymentFields = z.object(days);
export const paymentFilter = {
  fields: paymentFields,
  whole: paymentFields.refine(inOrder, BACKWARDS),
};
const paymentQuery = paymentFields
  .extend({ cursor: cursorOf(dayKey).optional() })
  .refine(inOrder, BACKWARDS);

/** Over how long: a month is a row of the answer, so that it has an end. */
const insightsFields = z.object(days);
const insightsQuery = insightsFields
  .refine(inOrder, BACKWARDS)
  .refine(
    ({ from, to = new Date().toISOString().slice(0, 10) }) =>
      from === undefined || Number(to.slice(0, 4)) - Number(from.slice(0, 4)) <= INSIGHTS_MAX_YEARS,
    { path: ['from'], message: `more than ${INSIGHTS_MAX_YEARS} years before the last day` },
  );
export const insightsFilter = { fields: insightsFields, whole: insightsQuery };
const invoiceParam = z.object({ token: z.string(), invoice: z.uuid() });

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

/** @throws AppError `not_found` for an invoice that this customer may not see; NoAmounts through a link that shows none */
export async function readInvoicePage(c: Context<AppEnv>, id: string) {
  const [visitors, [terms], { rows }, lines, [ofOrder], documents] = await asCustomer(
    c,
    null,
    (db) => [
      readVisitor(db),
      readMoneyTerms(db),
      readInvoice(db, id),
      listInvoiceLines(db, id),
      readInvoiceShipping(db, id),
      listInvoiceDocuments(db, id),
      auditInvoiceView(db, id),
    ],
  );
  const found = rows[0];
  const visitor = onlyVisitor(visitors);
  if (found === undefined && visitor.link.scope === 'no_financials') {
    throw new NoAmounts('not_found', visitor);
  }
  if (found === undefined || terms === undefined) {
    throw new AppError('not_found', 'no such invoice');
  }
  const { invoice } = found;
  const { number, kind, open, currency } = invoice;
  const isOwed = kind === 'invoice' && open !== null && Number(open) > 0 && currency !== null;
  return {
    ...visitor,
    asOf: terms.asOf,
    ...found,
    lines,
    /** Of its order, which no line tells of. */
    shipping: ofOrder?.shipping ?? null,
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

/** @throws NoAmounts `forbidden` through a link without financials */
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
    throw new NoAmounts('forbidden', onlyVisitor(visitors));
  }
  return { ...onlyVisitor(visitors), asOf: terms?.asOf ?? null, ...found.insights };
}
export type InsightsPage = Awaited<ReturnType<typeof readInsightsPage>>;

/** A customer's invoices, credit notes and payments, and what can be seen in them. */
export const invoices = new Hono<AppEnv>()
  .get('/invoices', validate('query', invoiceQuery), async (c) =>
    c.json(await readInvoicesPage(c, c.req.valid('query')), 200),
  )
  .get('/invoices/:invoice', validate('param', invoiceParam), async (c) =>
    c.json(await readInvoicePage(c, c.req.valid('param').invoice), 200),
  )
  .get('/payments', validate('query', paymentQuery), async (c) =>
    c.json(await readPaymentsPage(c, c.req.valid('query')), 200),
  )
  .get('/insights', validate('query', insightsQuery), async (c) =>
    c.json(await readInsightsPage(c, c.req.valid('query')), 200),
  );
