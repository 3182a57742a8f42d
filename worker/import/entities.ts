/** What one row is about: which entities it names, by which keys, with which fields. */

import type { CanonicalField, ItemKind } from '../vocabulary.ts';
import type { Mention, Problem, Values } from './items.ts';
import { normaliseKey } from './keys.ts';

/** The columns that belong to each kind of item. A currency is the order's, the invoice's and the payment's. */
export const FIELDS_OF: Record<ItemKind, readonly CanonicalField[]> = {
  customer: ['customer_code', 'customer_name', 'customer_tax_id', 'customer_country'],
  contact: ['contact_name', 'contact_email', 'contact_language'],
  order: [
    'order_number',
    'order_date',
    'order_status',
    'cancelled_on',
    'expected_ship',
    'expected_delivery',
    'order_subtotal',
    'order_tax',
    'order_shipping',
    'order_total',
    'currency',
    'items_count',
    'po_number',
    'delivery_address',
    'delivery_region',
    'delivery_country',
  ],
  order_line: [
    'line_number',
    'line_item_code',
    'line_description',
    'line_quantity',
    'line_unit',
    'line_unit_price',
    'line_tax_rate',
    'line_total',
  ],
  shipment: ['carrier', 'tracking_number', 'shipped_at', 'estimated_delivery'],
  tracking_event: ['tracking_number', 'event_time', 'event_status', 'event_city'],
  document: ['document_kind', 'document_number', 'document_date', 'file_name'],
  invoice: [
    'invoice_number',
    'document_kind',
    'invoice_date',
    'due_date',
    'net',
    'tax',
    'total',
    'paid',
    'credited_invoice',
    'currency',
  ],
  payment: [
    'payment_number',
    'payment_date',
    'payment_amount',
    'payment_method',
    'payment_reference',
    'currency',
  ],
  payment_allocation: ['payment_number', 'invoice_number', 'payment_allocated'],
};

/** A row whose cells have been read. */
export type ReadRow = {
  line: number;
  /** Fields whose cell could be read, as canonical text. */
  values: Values;
  /** One for each cell that could not be read; `field` is always given. */
  bad: Problem[];
  /** The row's order, normalised; null where it names none. */
  orderKey: string | null;
};

/** The number that an order's line takes when its row, on this line of the file, names none. */
type NextLine = (orderKey: string, line: number) => number;

/**
 * The items that a row names. `customerKey` is empty where nothing in the file says whose the
 * row is. Items come parents first.
 */
export function mentionsOf(row: ReadRow, customerKey: string, nextLine: NextLine): Mention[] {
  const { values, orderKey } = row;
  const mentions: Mention[] = [];
  if (customerKey !== '' && isAbout(row, 'customer')) {
    mentions.push(mention(row, 'customer', customerKey, null));
  }
  const email = cellOf(row, 'contact_email');
  if (email !== undefined) {
    mentions.push(mention(row, 'contact', `${customerKey}:${email.toLowerCase()}`, null));
  }
  if (orderKey !== null) {
    mentions.push(mention(row, 'order', orderKey, orderKey));
    if (namesLine(row)) mentions.push(lineOf(row, orderKey, nextLine));
    if (values.tracking_number !== undefined) {
      const key = `${orderKey}:${normaliseKey(values.tracking_number)}`;
      mentions.push(mention(row, 'shipment', key, orderKey));
      const event = eventOf(row, key);
      if (event !== undefined) mentions.push(event);
    }
  }
  const invoice = invoiceOf(row);
  if (invoice !== undefined) mentions.push(invoice);
  mentions.push(...paymentsOf(row));
  const document = documentOf(row);
  if (document !== undefined) mentions.push(document);
  return mentions;
}

/** The cell of a field, read or not; undefined when blank. */
export function cellOf(row: ReadRow, field: CanonicalField): string | undefined {
  const read = row.values[field];
  if (read !== undefined || row.bad.length === 0) return read;
  return row.bad.find((problem) => problem.field === field)?.value;
}

/** Whether a row that names an order says something of a line of it. */
export function namesLine(row: ReadRow): boolean {
  return isAbout(row, 'order_line', 'line_number');
}

function isAbout(row: ReadRow, kind: ItemKind, but?: CanonicalField): boolean {
  return FIELDS_OF[kind].some((field) => field !== but && cellOf(row, field) !== undefined);
}

function mention(row: ReadRow, kind: ItemKind, key: string, orderKey: string | null): Mention {
  const fields: Values = {};
  for (const field of FIELDS_OF[kind]) {
    const value = row.values[field];
    if (value !== undefined) fields[field] = value;
  }
  const problems =
    row.bad.length === 0
      ? []
      : row.bad.filter(({ field }) => field !== undefined && FIELDS_OF[kind].includes(field));
  return { kind, key, orderKey, fields, problems };
}

/** A file's key of an order's line of which nobody can say which of them it is: by its row, and never approved. */
export function unplacedKey(orderKey: string, line: number): string {
  return `${orderKey}#?${line}`;
}

/**
 * A line by its number, else by its place among the order's lines in the file. One whose number cannot be
 * read has a number all the same: it takes no other line's.
 */
function lineOf(row: ReadRow, orderKey: string, nextLine: NextLine): Mention {
  const said = row.values.line_number;
  if (said === undefined && cellOf(row, 'line_number') !== undefined) {
    return mention(row, 'order_line', unplacedKey(orderKey, row.line), orderKey);
  }
  const number = said ?? String(nextLine(orderKey, row.line));
  const line = mention(row, 'order_line', `${orderKey}#${number}`, orderKey);
  line.fields.line_number = number;
  return line;
}

/** What happened to a parcel, once: by when and what it was, read or not. */
function eventOf(row: ReadRow, shipmentKey: string): Mention | undefined {
  const time = cellOf(row, 'event_time');
  const status = cellOf(row, 'event_status');
  if (time === undefined || status === undefined) return undefined;
  return mention(row, 'tracking_event', `${shipmentKey}:${time}:${status}`, row.orderKey);
}

/** A payment, and what of it goes to the invoice that the row names. */
function paymentsOf(row: ReadRow): Mention[] {
  const { payment_number: number, invoice_number: invoice } = row.values;
  if (number === undefined) return [];
  const payment = mention(row, 'payment', normaliseKey(number), null);
  if (invoice === undefined) return [payment];
  // No key has a space in it, and numbers often have strokes.
  const key = `${payment.key} / ${normaliseKey(invoice)}`;
  return [payment, mention(row, 'payment_allocation', key, null)];
}

/** Whether a row names its invoice only to say what was paid for it. */
function isOnlyPaid(row: ReadRow): boolean {
  if (row.values.payment_number === undefined) return false;
  const says = FIELDS_OF.invoice.filter((field) => cellOf(row, field) !== undefined);
  return says.every((field) => ['invoice_number', 'document_kind', 'currency'].includes(field));
}

/** An invoice or a credit note, by its own number, else by the number of its document. */
function invoiceOf(row: ReadRow): Mention | undefined {
  const { values } = row;
  const isDocument = isInvoiceKind(values.document_kind);
  const number = values.invoice_number ?? (isDocument ? values.document_number : undefined);
  if (number === undefined || (!isDocument && isOnlyPaid(row))) return undefined;
  const invoice = mention(row, 'invoice', normaliseKey(number), row.orderKey);
  invoice.defaults = { invoice_number: number, document_kind: 'invoice' };
  if (isDocument) {
    if (values.document_date !== undefined) invoice.defaults.invoice_date = values.document_date;
    invoice.problems.push(...twoNumbers(row));
  } else {
    // The kind of another document on the row, say its proof of delivery.
    delete invoice.fields.document_kind;
    invoice.problems = invoice.problems.filter(({ field }) => field !== 'document_kind');
  }
  return invoice;
}

function documentOf(row: ReadRow): Mention | undefined {
  const { values } = row;
  const kindCell = cellOf(row, 'document_kind');
  if ((kindCell ?? values.document_number ?? cellOf(row, 'file_name')) === undefined) {
    return undefined;
  }
  const kind = values.document_kind;
  const number = documentNumber(row);
  const key = `${kind ?? '?'}:${number === undefined ? `?${row.line}` : normaliseKey(number)}`;
  const document = mention(row, 'document', key, row.orderKey);
  if (kindCell === undefined) {
    document.problems.push({ code: 'document_without_kind', line: row.line });
  }
  if (number === undefined) {
    document.problems.push({ code: 'document_without_number', line: row.line });
  } else {
    document.fields.document_number = number;
  }
  if (isInvoiceKind(kind)) document.problems.push(...twoNumbers(row));
  return document;
}

/**
 * A document's number: its own; for an invoice or credit note the invoice's; for an order
 * confirmation the order's; for a packing slip or proof of delivery the order's and the parcel's.
 * Anything but an invoice or credit note may then go by its file's name.
 */
function documentNumber({ values }: ReadRow): string | undefined {
  const { document_kind: kind, order_number: order, tracking_number: tracking } = values;
  if (values.document_number !== undefined) return values.document_number;
  if (isInvoiceKind(kind)) return values.invoice_number;
  if (kind === 'order_confirmation' && order !== undefined) return order;
  if (kind === 'packing_slip' || kind === 'proof_of_delivery') {
    if (order !== undefined && tracking !== undefined) return `${order}/${tracking}`;
  }
  const stem = values.file_name?.replace(/\.[^.]*$/, '');
  return stem && normaliseKey(stem) !== '' ? stem : undefined;
}

function isInvoiceKind(kind: string | undefined): boolean {
  return kind === 'invoice' || kind === 'credit_note';
}

/** One row, one invoice, two numbers: it could be either, or a credit note and what it reduces. */
function twoNumbers({ line, values }: ReadRow): Problem[] {
  const { invoice_number: invoice, document_number: document } = values;
  if (invoice === undefined || document === undefined) return [];
  if (normaliseKey(invoice) === normaliseKey(document)) return [];
  return [
    { code: 'contradiction', line, field: 'document_number', value: document, otherLine: line },
  ];
}
