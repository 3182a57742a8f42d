import type { ReviewItem } from '../../types.ts';

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
      return said.line_description ?? said.line_item_code ?? said.line_number ?? key;
    case 'shipment':
      return said.tracking_number ?? key;
    case 'tracking_event':
    case 'payment':
    case 'payment_allocation':
      return key;
    case 'invoice':
      return said.invoice_number ?? key;
    case 'document':
      return said.document_number ?? key;
  }
}
