import type { ReviewItem } from '../../types.ts';
import { fieldValue } from '../../words.ts';

/** What a person would call the item. */
export function titleOf({ kind, key, fields, before }: ReviewItem): string {
  const said = { ...before, ...fields };
  switch (kind) {
    case 'customer':
      return said.customer_name ?? key;
    case 'contact':
      return said.contact_email ?? key;
    case 'order':
      return said.order_number ?? key;
    case 'order_line':
      return said.line_description ?? said.line_item_code ?? said.line_number ?? rowOf(key);
    case 'shipment':
      return said.tracking_number ?? key;
    case 'tracking_event':
      return said.event_status && said.event_time
        ? `${fieldValue('event_status', said.event_status)}, ${fieldValue('event_time', said.event_time)}`
        : (said.tracking_number ?? key);
    case 'payment':
      return said.payment_number ?? key;
    case 'payment_allocation':
      return said.payment_number && said.invoice_number
        ? `${said.payment_number} → ${said.invoice_number}`
        : key;
    case 'invoice':
      return said.invoice_number ?? key;
    case 'document':
      return said.document_number ?? key;
  }
}

/** Of the key of a line without a number, what a person can find it by: not the import behind it. */
function rowOf(key: string): string {
  return key.replace(/(#\?\d+):.*$/, '$1');
}
