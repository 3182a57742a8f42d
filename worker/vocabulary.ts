/**
 * The words of the product as closed lists: one place for the database's checks, the routes'
 * validators, the web app and the tests. Imports nothing.
 */

export const LOCALES = ['en', 'es', 'pl'] as const;
export type Locale = (typeof LOCALES)[number];

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

export const ORDER_STATUSES = [
  'draft',
  'pending',
  'processing',
  'shipped',
  'delivered',
  'cancelled',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What a customer may filter by; `active` is pending, processing and shipped together. */
export const ORDER_FILTERS = ['all', 'active', 'shipped', 'delivered', 'cancelled'] as const;
export type OrderFilter = (typeof ORDER_FILTERS)[number];

/** How a customer's orders may follow each other; `delivery`: what is expected soonest comes first. */
export const ORDER_SORTS = ['newest', 'oldest', 'delivery', 'total'] as const;
export type OrderSort = (typeof ORDER_SORTS)[number];
export const ACTIVE_ORDER_STATUSES = [
  'pending',
  'processing',
  'shipped',
] as const satisfies readonly OrderStatus[];

/** How an invoice or a credit note stands: derived from what is open of it, never kept. */
export const INVOICE_STATUSES = ['open', 'overdue', 'paid', 'credited'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];
/** What a customer may filter by; `unpaid` is open and overdue together. */
export const INVOICE_FILTERS = ['unpaid', ...INVOICE_STATUSES] as const;
export type InvoiceFilter = (typeof INVOICE_FILTERS)[number];
export const INVOICE_KINDS = ['invoice', 'credit_note'] as const satisfies readonly DocumentKind[];
export type InvoiceKind = (typeof INVOICE_KINDS)[number];

export const SHIPMENT_STATUSES = [
  'label_created',
  'picked_up',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'exception',
  'returned',
  'unknown',
] as const;
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number];
/** On its way, as far as anybody knows. */
export const UNDER_WAY_STATUSES = [
  'label_created',
  'picked_up',
  'in_transit',
  'out_for_delivery',
  'exception',
] as const satisfies readonly ShipmentStatus[];

/** What customers are told that a shipment became. */
export const TOLD_STATUSES = [
  'picked_up',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'exception',
  'returned',
] as const satisfies readonly ShipmentStatus[];
export type ToldStatus = (typeof TOLD_STATUSES)[number];

/** What more there is to say of a shipment's status. */
export const SHIPMENT_SUBSTATUSES = [
  'available_for_pickup',
  'delayed',
  'attempted',
  'cancelled',
  'customs',
] as const;
export type ShipmentSubstatus = (typeof SHIPMENT_SUBSTATUSES)[number];

/** Carriers that are asked where a parcel is; of every other, staff or an import tell. */
export const CARRIERS = ['fedex', 'ups', 'usps'] as const;
export type CarrierCode = (typeof CARRIERS)[number];
/** As they call themselves, in any language. */
export const CARRIER_NAMES: Record<CarrierCode, string> = {
  fedex: 'FedEx',
  ups: 'UPS',
  usps: 'USPS',
};

/** How a call to a service went; `opened`: after too many failures it is left alone for a while. */
export const INTEGRATION_OUTCOMES = ['ok', 'failed', 'throttled', 'opened', 'over_budget'] as const;
export type IntegrationOutcome = (typeof INTEGRATION_OUTCOMES)[number];

/** Who says when a parcel arrives. */
export const ESTIMATE_SOURCES = ['supplier', 'carrier'] as const;

/** Who told of a tracking event. */
export const TRACKING_SOURCES = ['import', 'carrier', 'staff'] as const;

export const ISSUE_KINDS = [
  'damaged',
  'missing',
  'wrong_items',
  'delayed',
  'quality',
  'other',
] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];

export const ISSUE_STATUSES = ['open', 'in_progress', 'waiting_for_customer', 'resolved'] as const;
export type IssueStatus = (typeof ISSUE_STATUSES)[number];
/** What staff filter reports by; `unresolved` is all that is not resolved. */
export const ISSUE_FILTERS = ['unresolved', ...ISSUE_STATUSES] as const;
export type IssueFilter = (typeof ISSUE_FILTERS)[number];
export const ISSUE_AUTHORS = ['customer', 'staff'] as const;
export type IssueAuthor = (typeof ISSUE_AUTHORS)[number];

export const CHANGE_REQUEST_KINDS = ['contact_details', 'delivery_address'] as const;
export type ChangeRequestKind = (typeof CHANGE_REQUEST_KINDS)[number];
export const CHANGE_REQUEST_STATUSES = ['open', 'accepted', 'declined'] as const;
export type ChangeRequestStatus = (typeof CHANGE_REQUEST_STATUSES)[number];

/** What feedback is about. */
export const FEEDBACK_ABOUT = ['download', 'issue'] as const;
export type FeedbackAbout = (typeof FEEDBACK_ABOUT)[number];

/** What a customer is told of in the portal. */
export const NOTIFICATION_KINDS = [
  'shipment_status',
  'documents_ready',
  'issue_replied',
  'change_answered',
  'statement_ready',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** What a contact may have mail about, or not. Letters that carry a link they asked for are no topic. */
export const MAIL_TOPICS = ['documents', 'tracking', 'issues', 'statements'] as const;
export type MailTopic = (typeof MAIL_TOPICS)[number];

/** What an open page sends to know that its connection still is one, and what it gets. */
export const LIVE_PING = 'ping';
export const LIVE_PONG = 'pong';
/** Why its connection is closed: the session ended, or may have; there are too many of this customer. */
export const LIVE_BYE = 4401;
export const LIVE_TOO_MANY = 4429;

// How CSV files are written, and what only a person can say of one.
export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'windows-1250'] as const;
export type Encoding = (typeof ENCODINGS)[number];

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** ISO dates and Excel's day numbers are understood beside each of them. */
export const DATE_ORDERS = ['ymd', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** What stands before the decimals; the other one may stand between thousands. */
export const DECIMALS = ['.', ','] as const;
export type Decimal = (typeof DECIMALS)[number];

/** What an approver looks through a review's customers for. */
export const CUSTOMER_SHOWS = ['all', 'problems', 'first', 'excluded'] as const;
export type CustomerShow = (typeof CUSTOMER_SHOWS)[number];

/** What a person has to answer, since the file does not. */
export const READING_QUESTIONS = ['encoding', 'columns', 'dates', 'decimals'] as const;
export type ReadingQuestion = (typeof READING_QUESTIONS)[number];

export const IMPORT_STATES = ['uploaded', 'reading', 'staged'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];
export const PUBLISH_STATUSES = ['staged', 'approved', 'rejected', 'withdrawn'] as const;
export type PublishStatus = (typeof PUBLISH_STATUSES)[number];

/** What one staged item can be about. */
export const ITEM_KINDS = [
  'customer',
  'contact',
  'order',
  'order_line',
  'shipment',
  'tracking_event',
  'invoice',
  'payment',
  'payment_allocation',
  'document',
] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** How a staged item compares with what is already approved for its key. */
export const ITEM_CHANGES = ['new', 'changed', 'same', 'revision', 'conflict'] as const;
export type ItemChange = (typeof ITEM_CHANGES)[number];

export const SEVERITIES = ['warning', 'blocking'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const ROLES = ['clerk', 'approver', 'owner'] as const;
export type Role = (typeof ROLES)[number];

export const CONTACT_ACCESS = ['allowed', 'paused', 'ended'] as const;
export type ContactAccess = (typeof CONTACT_ACCESS)[number];

export const LINK_PURPOSES = ['standing', 'notification', 'preview'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** What staff look through their customers for. */
export const CUSTOMER_FILTERS = ['expiring', 'never_opened', 'no_link'] as const;
export type CustomerFilter = (typeof CUSTOMER_FILTERS)[number];

export const LINK_SCOPES = ['all', 'no_financials'] as const;
export type LinkScope = (typeof LINK_SCOPES)[number];

export const DISPOSITIONS = ['attachment', 'inline'] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** How a live document's bytes reach its customer; what is signed or an e-invoice is never altered. */
export const SERVED = ['stamped', 'plain', 'signed', 'e_invoice', 'drawn'] as const;
export type Served = (typeof SERVED)[number];

/** What an inspected file allows. */
export const INSPECTED = ['stampable', 'signed', 'e_invoice'] as const;
export type Inspected = (typeof INSPECTED)[number];

/** How a customer took a document. */
export const TAKEN_AS = ['attachment', 'inline', 'zip'] as const;

export const ALERT_KINDS = [
  'document_missing',
  'document_damaged',
  'audit_broken',
  'mail_died',
  'mail_bounced',
  'mail_complained',
  'carrier_down',
  'statement_broken',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const OUTBOX_STATES = ['queued', 'sent', 'dead'] as const;

/** What the mail provider said of a letter that it took. */
export const MAIL_FATES = [
  'delivered',
  'delayed',
  'bounced',
  'complained',
  'failed',
  'suppressed',
] as const;
export type MailFate = (typeof MAIL_FATES)[number];
/** Why an address is written to no more. */
export const SUPPRESSION_REASONS = [
  'bounced',
  'complained',
  'suppressed',
] as const satisfies readonly MailFate[];
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number];

/** What an AP clerk, and the supplier's own books, can have invoices as. */
export const EXPORT_FORMATS = ['xero', 'quickbooks', 'sage50', 'csv', 'ubl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
/** Why an export leaves an invoice out; the last three are of some formats only. */
export const LEFT_OUT_REASONS = [
  'held',
  'date',
  'currency',
  'total',
  'net',
  'tax',
  'sums',
  'rates',
  'signs',
  'buyer',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/**
 * Every column an index CSV may fill, by its canonical name. A header is matched to one of these
 * (see `import/map`); a cell is checked by the field's type (see `import/check`).
 */
export const CANONICAL_FIELDS = {
  customer_code: 'identifier',
  customer_name: 'text',
  customer_tax_id: 'identifier',
  customer_country: 'text',
  contact_name: 'text',
  contact_email: 'email',
  contact_language: 'locale',
  order_number: 'identifier',
  order_date: 'date',
  order_status: 'order_status',
  cancelled_on: 'date',
  expected_ship: 'date',
  expected_delivery: 'date',
  order_subtotal: 'amount',
  order_tax: 'amount',
  order_shipping: 'amount',
  order_total: 'amount',
  currency: 'currency',
  items_count: 'integer',
  po_number: 'identifier',
  delivery_address: 'text',
  delivery_region: 'text',
  delivery_country: 'text',
  line_number: 'integer',
  line_item_code: 'identifier',
  line_description: 'text',
  line_quantity: 'quantity',
  line_unit: 'text',
  line_unit_price: 'price',
  line_tax_rate: 'rate',
  line_total: 'amount',
  document_kind: 'document_kind',
  document_number: 'identifier',
  document_date: 'date',
  file_name: 'text',
  invoice_number: 'identifier',
  invoice_date: 'date',
  due_date: 'date',
  net: 'amount',
  tax: 'amount',
  total: 'amount',
  paid: 'amount',
  credited_invoice: 'identifier',
  payment_number: 'identifier',
  payment_date: 'date',
  payment_amount: 'amount',
  payment_allocated: 'amount',
  payment_method: 'text',
  payment_reference: 'text',
  carrier: 'text',
  tracking_number: 'identifier',
  shipped_at: 'date',
  estimated_delivery: 'date',
  event_time: 'moment',
  event_status: 'shipment_status',
  event_city: 'text',
} as const;
export type CanonicalField = keyof typeof CANONICAL_FIELDS;
export type FieldType = (typeof CANONICAL_FIELDS)[CanonicalField];

/**
 * Fields that an org may keep from a customer. What is not listed here (numbers, dates, the
 * status, the kind) is the row's identity and always goes with it.
 */
export const EXPOSABLE_FIELDS = [
  'expected_ship',
  'expected_delivery',
  'order_subtotal',
  'order_tax',
  'order_shipping',
  'order_total',
  'items_count',
  'po_number',
  'delivery_address',
  'line_item_code',
  'line_description',
  'line_quantity',
  'line_unit_price',
  'line_tax_rate',
  'line_total',
  'net',
  'tax',
  'total',
  'paid',
  'due_date',
  'payment_amount',
  'payment_method',
  'payment_reference',
  'tracking_number',
  'shipped_at',
  'estimated_delivery',
] as const satisfies readonly CanonicalField[];
export type ExposableField = (typeof EXPOSABLE_FIELDS)[number];

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

/** Audit actions, `noun.past_tense`. */
export const AUDIT_ACTIONS = [
  'link.opened',
  'link.created',
  'link.sent',
  'link.rotated',
  'link.revoked',
  'link.requested',
  'link.refused',
  'session.ended',
  'portal.previewed',
  'home.viewed',
  'orders.listed',
  'order.viewed',
  'documents.listed',
  'invoices.listed',
  'invoice.viewed',
  'payments.listed',
  'insights.viewed',
  'help.viewed',
  'updates.followed',
  'feedback.given',
  'document.viewed',
  'document.downloaded',
  'document.missing',
  'issues.listed',
  'issue.reported',
  'issue.photo_added',
  'issue.viewed',
  'issue.answered',
  'issue.reopened',
  'request.refused',
  'publish.created',
  'publish.approved',
  'publish.rejected',
  'publish.withdrawn',
  'import.uploaded',
  'publish.part_withdrawn',
  'import.staged',
  'import.collected',
  'file.uploaded',
  'file.removed',
  'file.opened',
  'item.ticked',
  'item.overridden',
  'item.excluded',
  'stamp.traced',
  'alert.raised',
  'alert.resolved',
  'files.collected',
  'exposure.changed',
  'exposure.reported',
  'contact.access_changed',
  'contact.added',
  'member.added',
  'member.changed',
  'profile.removed',
  'settings.changed',
  'mail.sent',
  'mail.died',
  'mail.requeued',
  'mail.bounced',
  'mail.complained',
  'suppression.lifted',
  'check.requested',
  'shipment.event_added',
  'audit.exported',
  'issue.replied',
  'issue.noted',
  'issue.status_changed',
  'issue.assigned',
  'details.viewed',
  'preferences.changed',
  'change.requested',
  'change.accepted',
  'change.declined',
  'mail.unsubscribed',
  'notifications.listed',
  'notifications.read',
  'statement.viewed',
  'statement.downloaded',
  'statement.drawn',
  'statement.redrawn',
  'exports.viewed',
  'export.downloaded',
  'export.mapped',
  'shipment.status_changed',
  'order.status_changed',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

// Bounds that more than one floor needs. Units are in the name.
export const SESSION_IDLE_SECONDS = 30 * 60;
export const CSV_MAX_BYTES = 20_000_000;
export const CSV_MAX_ROWS = 100_000;
export const PDF_MAX_BYTES = 25_000_000;
export const LOGO_MAX_BYTES = 200 * 1024;
export const PAGE_SIZE = 20;
/** What the address where an invoice can be paid may name, each in braces. */
export const PAYMENT_LINK_NAMES = [
  'invoice_number',
  'balance',
  'currency',
  'customer_code',
] as const;
export const PAYMENT_LINK_MAX_CHARACTERS = 1000;
/** The longest search of a customer's that is sent on. */
export const SEARCH_MAX_CHARACTERS = 100;
export const ISSUE_DESCRIPTION_MIN_CHARACTERS = 10;
export const ISSUE_DESCRIPTION_MAX_CHARACTERS = 1000;
export const ISSUE_MESSAGE_MAX_CHARACTERS = 4000;
export const ISSUE_PHOTOS_MAX = 5;
export const PHOTO_MAX_BYTES = 10_000_000;
/** Documents that one request may name for a ZIP: their ids have to fit an address. */
export const ZIP_MAX_SELECTED = 100;
/** Of what a customer asks to have changed, and of why staff decline it. */
export const CHANGE_NAME_MAX_CHARACTERS = 200;
export const CHANGE_ADDRESS_MAX_CHARACTERS = 500;
export const CHANGE_NOTE_MAX_CHARACTERS = 1000;
/** A statement of more years is asked for in parts. */
export const STATEMENT_MAX_YEARS = 10;
/** Invoices of one export; more are for a shorter period. */
export const EXPORT_MAX_INVOICES = 5_000;
/** Customers that one request may send links to. */
export const BULK_MAX_CUSTOMERS = 200;
