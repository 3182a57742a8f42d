/** What an export is written from: invoices as they are published, as portal.export_rows gives them. */
import type { DateOrder, LeftOutReason } from '../vocabulary.ts';
import type { ExportCodes } from './codes.ts';

/** Figures are decimal text; null is what is not shown, or not known. */
export type ExportLine = {
  itemCode: string | null;
  description: string | null;
  quantity: string | null;
  unit: string | null;
  unitPrice: string | null;
  /** Percent. */
  taxRate: string | null;
  total: string;
};

/** An order's line as it is published, whether or not its total is. */
export type OrderLine = Omit<ExportLine, 'total'> & { lineNumber: number; total: string | null };
type ExportOrder = {
  /** YYYY-MM-DD. */
  placedOn: string;
  lineNumbers: number[];
  /** In their order; null where every invoice of it has them as its own. */
  lines: OrderLine[] | null;
};
/** An order, by what documents call it. */
export type ExportedOrder = ExportOrder & { customerCode: string; number: string };

export type ExportRow = {
  kind: 'invoice' | 'credit_note';
  number: string;
  /** YYYY-MM-DD. */
  issuedOn: string | null;
  dueOn: string | null;
  currency: string | null;
  net: string | null;
  tax: string | null;
  total: string | null;
  paid: string | null;
  orderNumber: string | null;
  poNumber: string | null;
  /** The invoice that a credit note reduces. */
  credits: string | null;
  customer: {
    code: string;
    name: string;
    taxId: string | null;
    country: string | null;
    email: string | null;
  };
  /** The order's, when they add up to the net; null otherwise. */
  lines: ExportLine[] | null;
  /** The order as it is published, where the format tells of it. */
  order?: ExportOrder | undefined;
  /** Why it cannot be booked. */
  leftOut: LeftOutReason | null;
};

/** Whose books an export is for: the customer's, where invoices are bills, or the supplier's own. */
export type Side = 'purchases' | 'sales';

/** The books that are written for. */
export type Books = {
  side: Side;
  supplier: { name: string; email: string | null; address: string | null };
  codes: ExportCodes;
  dates: DateOrder;
};
