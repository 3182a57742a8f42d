/** The codes of somebody's books: mapped once, remembered, and asked for where one is missing. */
import type { DateOrder, ExportFormat } from '../vocabulary.ts';
import type { Entry } from './entries.ts';
import type { Books } from './export-row.ts';

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

/**
 * What these documents need and nobody has mapped: names of codes, and `taxCodes.23` for a rate. The
 * cells stay empty. Nothing is needed of a generic CSV.
 */
export function unmapped(
  format: ExportFormat,
  { codes, side }: Books,
  entries: readonly Entry[],
): string[] {
  if (format === 'csv' || entries.length === 0) return [];
  const lines = entries.flatMap((entry) => entry.lines);
  const rates = [...new Set(lines.map(({ rate }) => rate ?? MIXED))].sort();
  const missing = (name: 'contact' | 'account' | 'taxAccount' | 'sellerTaxId' | 'sellerCountry') =>
    codes[name] ? [] : [name];
  switch (format) {
    case 'xero':
      return [...missing('account'), ...ratesWithout(codes, rates)];
    case 'quickbooks':
      return [
        ...missing('account'),
        ...(entries.some(({ tax }) => tax !== 0n) ? missing('taxAccount') : []),
      ];
    case 'sage50':
      // The supplier's own books know a customer by its code.
      return [
        ...(side === 'purchases' ? missing('contact') : []),
        ...missing('account'),
        ...ratesWithout(codes, rates),
      ];
    case 'ubl':
      return [...missing('sellerTaxId'), ...missing('sellerCountry')];
  }
}

const ratesWithout = (codes: ExportCodes, rates: readonly string[]) =>
  rates.filter((rate) => !codes.taxCodes?.[rate]).map((rate) => `taxCodes.${rate}`);
