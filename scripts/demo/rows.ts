import type { Contact, Customer, Order, Paper, ParcelEvent, Payment } from './model.ts';
import { decimal, printRate } from './money.ts';

/** The canonical columns the demo fills, in the order of the file. */
const COLUMNS = [
  'customer_code',
  'customer_name',
  'contact_name',
  'contact_email',
  'contact_language',
  'order_number',
  'order_date',
  'order_status',
  'cancelled_on',
  'expected_delivery',
  'order_subtotal',
  'order_tax',
  'order_shipping',
  'order_total',
  'currency',
  'items_count',
  'po_number',
  'delivery_address',
  'line_number',
  'line_item_code',
  'line_description',
  'line_quantity',
  'line_unit',
  'line_unit_price',
  'line_tax_rate',
  'line_total',
  'document_kind',
  'document_number',
  'document_date',
  'file_name',
  'invoice_number',
  'invoice_date',
  'due_date',
  'net',
  'tax',
  'total',
  'paid',
  'credited_invoice',
  'payment_number',
  'payment_date',
  'payment_amount',
  'payment_allocated',
  'payment_method',
  'payment_reference',
  'carrier',
  'tracking_number',
  'shipped_at',
  'estimated_delivery',
  'event_time',
  'event_status',
  'event_city',
] as const;

/** One row of the index: only the cells it fills. */
export type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

/** Rows as UTF-8 CSV (RFC 4180) under a header, CRLF between them. */
export function toCsv(rows: readonly Row[]): string {
  const cell = (value = '') => (/[",\r\n]/.test(value) ? `"${value.replace(/"/g, '""')}"` : value);
  const lines = rows.map((row) => COLUMNS.map((column) => cell(row[column])).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function whose(customer: Customer): Row {
  return { customer_code: customer.code, customer_name: customer.name };
}

/** A row for one contact of a customer. */
export function contactRow(customer: Customer, contact: Contact): Row {
  return {
    ...whose(customer),
    contact_name: contact.name,
    contact_email: contact.email,
    contact_language: contact.language,
  };
}

function shipmentCells({ shipment }: Order): Row {
  if (!shipment) return {};
  return {
    carrier: shipment.carrier,
    tracking_number: shipment.tracking,
    shipped_at: shipment.shipped,
    estimated_delivery: shipment.estimated,
  };
}

/** A row per line, each repeating what is said of the order; the first also says how it ships. */
export function orderRows(order: Order): Row[] {
  const shared: Row = {
    ...whose(order.customer),
    order_number: order.number,
    order_date: order.placed,
    order_status: order.status,
    ...(order.cancelled && { cancelled_on: order.cancelled }),
    expected_delivery: order.expected,
    order_subtotal: decimal(order.subtotal),
    order_tax: decimal(order.tax),
    order_shipping: decimal(order.shipping),
    order_total: decimal(order.total),
    currency: order.customer.currency,
    items_count: String(order.lines.length),
    po_number: order.purchaseOrder,
    delivery_address: order.customer.delivery.join(', '),
  };
  return order.lines.map((line, place) => ({
    ...shared,
    line_number: String(line.number),
    line_item_code: line.item.code,
    line_description: line.item.description,
    line_quantity: String(line.quantity),
    line_unit: line.item.unit,
    line_unit_price: decimal(line.unitPrice),
    line_tax_rate: printRate(order.customer.tax.rate),
    line_total: decimal(line.total),
    ...(place === 0 ? shipmentCells(order) : {}),
  }));
}

/** The row that ties a file to its order and, for money papers, says what it claims. */
export function paperRow(paper: Paper): Row {
  const { order, invoice } = paper;
  return {
    ...whose(order.customer),
    order_number: order.number,
    document_kind: paper.kind,
    document_number: paper.number,
    document_date: paper.date,
    file_name: paper.fileName,
    ...(invoice && {
      currency: order.customer.currency,
      invoice_number: paper.number,
      invoice_date: paper.date,
      net: decimal(invoice.net),
      tax: decimal(invoice.tax),
      total: decimal(invoice.total),
      ...(paper.credit
        ? { credited_invoice: paper.credit.invoice }
        : { due_date: invoice.due, paid: decimal(invoice.paid) }),
    }),
  };
}

/** A row for each invoice that a payment is for, or one that names none. */
export function paymentRows(payment: Payment): Row[] {
  const shared: Row = {
    ...whose(payment.customer),
    payment_number: payment.number,
    payment_date: payment.date,
    payment_amount: decimal(payment.amount),
    payment_method: payment.method,
    payment_reference: payment.reference,
    currency: payment.customer.currency,
  };
  if (payment.parts.length === 0) return [shared];
  return payment.parts.map(({ invoice, amount }) => ({
    ...shared,
    invoice_number: invoice,
    payment_allocated: decimal(amount),
  }));
}

/** The row for something that happened to an order's shipment. */
export function eventRow(order: Order, { at, status, city }: ParcelEvent): Row {
  if (!order.shipment) throw new Error(`${order.number} was never shipped`);
  return {
    ...whose(order.customer),
    order_number: order.number,
    tracking_number: order.shipment.tracking,
    event_time: at,
    event_status: status,
    event_city: city,
  };
}
