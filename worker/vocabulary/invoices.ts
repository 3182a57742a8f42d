import type { DocumentKind } from './documents.ts';

/** How an invoice or a credit note stands: derived from what is open of it, never kept. */
export const INVOICE_STATUSES = ['open', 'overdue', 'paid', 'credited'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];
/** What a customer may filter by; `unpaid` is open and overdue together. */
export const INVOICE_FILTERS = ['unpaid', ...INVOICE_STATUSES] as const;
export type InvoiceFilter = (typeof INVOICE_FILTERS)[number];
export const INVOICE_KINDS = ['invoice', 'credit_note'] as const satisfies readonly DocumentKind[];
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

/** What the address where an invoice can be paid may name, each in braces. */
export const PAYMENT_LINK_NAMES = [
  'invoice_number',
  'balance',
  'currency',
  'customer_code',
] as const;
export const PAYMENT_LINK_MAX_CHARACTERS = 1000;
