export const SEVERITIES = ['warning', 'blocking'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Why a staged item needs a look or cannot pass. Words for them are in the web locales. */
export const PROBLEMS = {
  // found in the file itself
  ragged_row: 'blocking',
  cell_too_long: 'blocking',
  no_key: 'warning',
  totals_row: 'warning',
  excel_damage: 'blocking',
  bad_date: 'blocking',
  bad_time: 'blocking',
  bad_amount: 'blocking',
  bad_number: 'blocking',
  bad_currency: 'blocking',
  bad_email: 'blocking',
  bad_language: 'warning',
  unknown_status: 'blocking',
  unknown_event_status: 'blocking',
  unknown_document_kind: 'blocking',
  document_without_kind: 'blocking',
  document_without_number: 'blocking',
  customer_code_missing: 'blocking',
  order_missing: 'blocking',
  contradiction: 'blocking',
  number_of_two_kinds: 'blocking',
  line_unplaced: 'blocking',
  tracking_number_unlikely: 'warning',
  // found against what is already approved, or what else is staged
  customer_unknown: 'blocking',
  customer_not_published: 'blocking',
  order_not_published: 'blocking',
  order_date_missing: 'blocking',
  currency_missing: 'blocking',
  payment_date_missing: 'blocking',
  payment_amount_missing: 'blocking',
  payment_not_published: 'blocking',
  allocation_amount_missing: 'blocking',
  invoice_of_other_customer: 'blocking',
  invoice_unknown: 'warning',
  allocated_too_much: 'warning',
  credited_too_much: 'warning',
  currency_differs: 'warning',
  totals_do_not_add_up: 'warning',
  paid_differs: 'warning',
  conflict: 'blocking',
  revision: 'warning',
  withdrawn_before: 'warning',
  file_missing: 'blocking',
  file_ambiguous: 'blocking',
  // found in a document's file
  file_not_inspected: 'blocking',
  pdf_encrypted: 'blocking',
  pdf_damaged: 'blocking',
  pdf_no_pages: 'blocking',
  pdf_too_many_pages: 'blocking',
  pdf_too_complex: 'blocking',
  pdf_active_content: 'blocking',
  pdf_embedded_files: 'blocking',
  pdf_trailing_bytes: 'blocking',
  stamp_failed: 'blocking',
  // found by its text
  of_other_customer: 'blocking',
  file_live_elsewhere: 'blocking',
  no_text: 'warning',
  number_not_found: 'warning',
  customer_not_found: 'warning',
  total_not_found: 'warning',
  kind_not_exposed: 'warning',
  address_used_by_other_customer: 'warning',
  address_at_foreign_domain: 'warning',
} as const satisfies Record<string, Severity>;
export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]; // sound: a const record's keys

/** Blocking problems that an approver may answer for, with a reason. */
export const OVERRIDABLE_PROBLEMS = [
  'pdf_active_content',
  'pdf_embedded_files',
  'pdf_trailing_bytes',
  'of_other_customer',
  'file_live_elsewhere',
] as const satisfies readonly ProblemCode[];
