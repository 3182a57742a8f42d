/**
 * The words of the product as closed lists: one place for the database's checks, the routes'
 * validators, the web app and the tests. Imports nothing but its own parts, whose words are had from here.
 */
export * from './vocabulary/audit.ts';
export * from './vocabulary/bounds.ts';
export * from './vocabulary/documents.ts';
export * from './vocabulary/fields.ts';
export * from './vocabulary/invoices.ts';
export * from './vocabulary/issues.ts';
export * from './vocabulary/movements.ts';
export * from './vocabulary/problems.ts';

export const LOCALES = ['en', 'es', 'pl'] as const;
export type Locale = (typeof LOCALES)[number];

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

/** Why a carrier that answered told nothing of a parcel; `other_parcel`: of one that had its number before. */
export const PARCEL_TROUBLES = ['unknown_number', 'bad_number', 'other_parcel'] as const;
export type ParcelTrouble = (typeof PARCEL_TROUBLES)[number];

/** Who says when a parcel arrives. */
export const ESTIMATE_SOURCES = ['supplier', 'carrier'] as const;

/** Who told of a tracking event. */
export const TRACKING_SOURCES = ['import', 'carrier', 'staff'] as const;

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

/** What an approver looks through a review's items for. */
export const REVIEW_SHOWS = [
  'all',
  'problems',
  'blocked',
  'ticks',
  'overrides',
  'excluded',
] as const;
export type ReviewShow = (typeof REVIEW_SHOWS)[number];

/** What an approver looks through a review's customers for. */
export const CUSTOMER_SHOWS = ['all', 'problems', 'first', 'widened', 'excluded'] as const;
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

/** What letters there are: to contacts, and then to the supplier's own people. */
export const LETTER_TEMPLATES = [
  'access-link',
  'documents-ready',
  'news',
  'issue-reply',
  'change-answered',
  'statement-ready',
  'publish-rejected',
  'issue-reported',
  'issue-answered',
] as const;
export type LetterTemplate = (typeof LETTER_TEMPLATES)[number];

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
/** Why an export leaves an invoice out; those from `rates` on are of some formats only. */
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
  'credit',
  'code',
  'number',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** The customer's pages by their addresses; the first pattern that fits is the page. */
export const PORTAL_PAGES = [
  '/',
  '/documents',
  '/invoices',
  '/invoices/:id',
  '/payments',
  '/insights',
  '/details',
  '/exports',
  '/help',
  '/notifications',
  '/orders',
  '/orders/:id',
  '/orders/:id/report',
  '/statement',
  '/issues/:id',
] as const;
