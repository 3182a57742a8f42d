/** Invoices, credit notes and payments as a customer reads them. Money is decimal text beside its currency. */
import { and, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { customers, documents, invoices, orderAmounts, orders, orgs } from '../database/schema.ts';
import { anywhere, instant } from '../database/text.ts';
import type { InvoiceFilter, InvoiceKind, InvoiceStatus } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';
import { documentColumns } from './document.ts';
import { listOrderLines } from './order.ts';

/** What amounts to it: below zero for a credit note, however its supplier writes it. Null: not shown. */
type Amounts = {
  currency: string | null;
  total: string | null;
  /** What is left of it; below zero is credit. */
  open: string | null;
  status: InvoiceStatus | null;
  /** Days past due, of what is overdue. */
  daysLate: number | null;
};
type Named = { id: string; number: string };
type Identity = Named & {
  kind: InvoiceKind;
  /** Days, YYYY-MM-DD. */
  issuedOn: string | null;
  dueOn: string | null;
  /** Of an order that is visible. */
  orderId: string | null;
  orderNumber: string | null;
};

export type InvoiceRow = Identity &
  Amounts & {
    /** Of its paper; null while there is none. */
    documentId: string | null;
    /** The invoice that a credit note names, if it is shown. */
    credits: Named | null;
  };
/** For one currency, of all that a filter finds; null where one of them is not known. */
type InvoiceTotals = {
  currency: string;
  count: number;
  total: string | null;
  open: string | null;
};

export type InvoicesQuery = {
  kind?: InvoiceKind | 'all' | undefined;
  status?: InvoiceFilter | undefined;
  /** Part of a number: its own, its order's, the customer's own for that. */
  q?: string | undefined;
  /** Issued from one day to another (YYYY-MM-DD), both included. */
  from?: string | undefined;
  to?: string | undefined;
  cursor?: Cursor | undefined;
};

/** A page of invoices and one more, with the totals of the whole filter: one row. */
export function listInvoices(db: Db, { kind, status, q, from, to, cursor }: InvoicesQuery) {
  const statuses = status === 'unpaid' ? '{open,overdue}' : status && `{${status}}`;
  const [key, id] = cursor ?? [null, null];
  return db.execute<{ invoices: InvoiceRow[]; totals: InvoiceTotals[] }>(sql`
    select invoices, totals from portal.list_invoices(
      ${kind === 'all' || !kind ? null : kind}, ${statuses ?? null}::text[], ${q ? anywhere(q) : null},
      ${from ?? null}::date, ${to ?? null}::date, ${key}, ${id}::uuid)`);
}

type Invoice = Identity &
  Amounts & {
    net: string | null;
    tax: string | null;
    /** What payments and credit notes took off it. */
    paid: string | null;
    credited: string | null;
    /** The customer's own number for its order. */
    poNumber: string | null;
  };
/** What of a payment names an invoice. */
type AppliedPayment = Named & {
  paidOn: string;
  currency: string;
  amount: string;
  method: string | null;
  reference: string | null;
};
/** The other end of a credit: the note of an invoice, or the invoice of a note. `given`: what went over. */
export type LinkedInvoice = Named & {
  issuedOn: string | null;
  currency: string | null;
  total: string | null;
  given: string | null;
};

/** One row, or none for an invoice that is not visible to this customer. */
export function readInvoice(db: Db, id: string) {
  return db.execute<{
    invoice: Invoice;
    payments: AppliedPayment[];
    creditNotes: LinkedInvoice[];
    credits: LinkedInvoice | null;
  }>(sql`
    select invoice, payments, credit_notes as "creditNotes", credits from portal.read_invoice(${id}::uuid)`);
}

/** The event that this invoice was looked at, or in vain; goes with the queries that show it. */
export function auditInvoiceView(db: Db, id: string) {
  return db.execute(sql`select portal.view_invoice(${id}::uuid)`);
}

/** Its order's lines, where they are this invoice's and no other's; else none. */
export function listInvoiceLines(db: Db, id: string) {
  return listOrderLines(db, sql`(select portal.lines_of_invoice(${id}::uuid))`);
}

/** What the shipping of its order came to, where the order's lines are this invoice's: one row, or none. */
export function readInvoiceShipping(db: Db, id: string) {
  return db
    .select({ shipping: orderAmounts.shipping })
    .from(orderAmounts)
    .where(eq(orderAmounts.orderId, sql`(select portal.lines_of_invoice(${id}::uuid))`));
}

/** Its paper: one row, or none. */
export function listInvoiceDocuments(db: Db, id: string) {
  return db
    .select(documentColumns)
    .from(documents)
    .innerJoin(
      invoices,
      and(eq(invoices.kind, documents.kind), eq(invoices.numberKey, documents.numberKey)),
    )
    .leftJoin(orders, eq(orders.id, documents.orderId))
    .where(eq(invoices.id, id));
}

export type PaymentRow = AppliedPayment & {
  /** What of it names no invoice that is shown. */
  unallocated: string | null;
  /** Where it went, as the supplier booked it; the id of an invoice that is shown. */
  allocations: { invoiceNumber: string; invoiceId: string | null; amount: string }[];
};
type PaymentTotals = {
  currency: string;
  count: number;
  amount: string;
  unallocated: string | null;
};
export type PaymentsQuery = {
  from?: string | undefined;
  to?: string | undefined;
  cursor?: Cursor | undefined;
};

/** A page of payments and one more, newest first, with the totals of all of these days: one row. */
export function listPayments(db: Db, { from, to, cursor }: PaymentsQuery) {
  const [day, id] = cursor ?? [null, null];
  return db.execute<{ payments: PaymentRow[]; totals: PaymentTotals[] }>(sql`
    select payments, totals from portal.list_payments(
      ${from ?? null}::date, ${to ?? null}::date, ${day}::date, ${id}::uuid)`);
}

/** What every answer about money says beside it: as of when it is (RFC 3339), and where invoices are paid. */
export function readMoneyTerms(db: Db) {
  return db
    .select({
      asOf: sql<string | null>`${instant(orgs.publishedAt)}`,
      paymentLink: orgs.paymentLink,
      customerCode: customers.code,
    })
    .from(customers)
    .innerJoin(orgs, eq(orgs.id, customers.orgId));
}

/** The newest payment: one row, or none. */
export function readLastPayment(db: Db) {
  return db.execute<{ paidOn: string; currency: string; amount: string }>(sql`
    select m.paid_on::text as "paidOn", m.currency, m.amount::text from portal.payments m
     where m.amount > 0 order by m.paid_on desc, m.id desc limit 1`);
}
