/** The codes of somebody's books: mapped once, remembered, and asked for where one is missing. */
import type { DateOrder } from '../vocabulary.ts';

export type ExportCodes = {
  /** The supplier as the customer's books call it: a name, or an account's reference. */
  contact?: string | undefined;
  /** Where lines are booked: an account or a nominal code; for QuickBooks' invoices an item. */
  account?: string | undefined;
  /** Where tax is booked, in a format that has no column for it. */
  taxAccount?: string | undefined;
  department?: string | undefined;
  /** By rate in percent, `23` or `8.25`; `mixed` where an invoice has several that cannot be told apart. */
  taxCodes?: Record<string, string> | undefined;
  dates?: DateOrder | undefined;
  // UBL: who is who. An endpoint is a scheme and an id, with a colon between them.
  sellerTaxId?: string | undefined;
  sellerCountry?: string | undefined;
  sellerEndpoint?: string | undefined;
  buyerTaxId?: string | undefined;
  buyerCountry?: string | undefined;
  buyerEndpoint?: string | undefined;
};

export const MIXED = 'mixed';

/** The code for a rate, or none. */
export function taxCode({ taxCodes }: ExportCodes, rate: string | null): string {
  return taxCodes?.[rate ?? MIXED] ?? '';
}
