export const DOCUMENT_KINDS = [
  'order_confirmation',
  'invoice',
  'packing_slip',
  'proof_of_delivery',
  'credit_note',
  'statement',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Document kinds that show amounts: a link of scope `no_financials` never sees one. */
export const FINANCIAL_DOCUMENT_KINDS = [
  'order_confirmation',
  'invoice',
  'credit_note',
  'statement',
] as const satisfies readonly DocumentKind[];
