import type { Locale } from '../../vocabulary.ts';

/** A line of the order. Quantities, prices and totals are decimal text; a rate is percent. */
export type DrawnLine = {
  itemCode: string | null;
  description: string | null;
  quantity: string | null;
  unit: string | null;
  unitPrice: string | null;
  taxRate: string | null;
  total: string | null;
};

/**
 * What a drawn document says. Null is not exposed, or not known: it leaves no trace on the paper.
 * Days are `YYYY-MM-DD`, amounts decimal text of any length.
 */
export type DrawnDocument = {
  kind: 'order_confirmation' | 'invoice' | 'credit_note';
  language: Locale;
  supplier: {
    name: string;
    address: string | null;
    contactEmail: string | null;
    contactPhone: string | null;
    /** `#rrggbb` */
    colour: string;
  };
  /** As it was uploaded. One that cannot be drawn leaves the supplier's name alone. */
  logo: { bytes: ArrayBuffer; type: 'image/png' | 'image/svg+xml' } | null;
  customer: { name: string; code: string; taxId: string | null; country: string | null };
  number: string;
  datedOn: string | null;
  order: {
    number: string;
    placedOn: string | null;
    poNumber: string | null;
    expectedDelivery: string | null;
    deliveryAddress: string | null;
  } | null;
  dueOn: string | null;
  /** The invoice that a credit note reduces. */
  credits: string | null;
  lines: DrawnLine[];
  currency: string | null;
  totals: {
    subtotal: string | null;
    tax: string | null;
    shipping: string | null;
    total: string | null;
    paid: string | null;
  };
  /** ISO instant: when all this was published. */
  asOf: string;
  /** The supplier issued the original elsewhere: each page says that this is a copy. */
  isCopy: boolean;
  /** At the foot of every page, where a rendition's stamp stands. */
  stamp: { customerName: string; text: string };
};
