/** The codes of somebody's books: mapped once, remembered, and asked for where one is missing. */
import type { DateOrder, ExportFormat } from '../vocabulary.ts';

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

/**
 * What UBL says of lines without tax (UNCL 5305). The others of the list say more than we know: `K` names
 * the day and the country of a delivery (BR-IC-11, BR-IC-12).
 */
export const UNTAXED_CATEGORIES = ['Z', 'E', 'AE', 'G'] as const;
export type UntaxedCategory = (typeof UNTAXED_CATEGORIES)[number];

/** Sage's tax codes, and what it counts departments with. */
const SAGE_TAX_CODE = /^T\d{1,2}$/;
const SAGE_DEPARTMENT = /^\d{1,3}$/;
/** What Sage knows an account by, a customer's, a supplier's or a nominal one. */
const SAGE_REFERENCE = /^[^ ]{1,8}$/u;

export const isSageReference = (text: string): boolean => SAGE_REFERENCE.test(text);

/** The category of lines without tax, `Z` where none is mapped; null for a code that UBL does not say. */
export function untaxedCategory(codes: ExportCodes): UntaxedCategory | null {
  const code = taxCode(codes, '0').toUpperCase() || 'Z';
  return UNTAXED_CATEGORIES.find((each) => each === code) ?? null;
}

/** Codes that a format has no place for, by their names: what its program would book as something else. */
export function wrongCodes(format: ExportFormat, codes: ExportCodes): Record<string, string> {
  if (format === 'ubl' && untaxedCategory(codes) === null) {
    return { 'taxCodes.0': `one of ${UNTAXED_CATEGORIES.join(', ')}` };
  }
  return format === 'sage50' ? wrongInSage(codes) : {};
}

function wrongInSage({ contact, account, department, taxCodes = {} }: ExportCodes) {
  const reference = 'at most 8 characters, without spaces';
  return {
    ...(contact !== undefined && !isSageReference(contact) && { contact: reference }),
    ...(account !== undefined && !isSageReference(account) && { account: reference }),
    ...(department !== undefined &&
      !SAGE_DEPARTMENT.test(department) && { department: 'a number from 0 to 999' }),
    ...Object.fromEntries(
      Object.entries(taxCodes)
        .filter(([, code]) => !SAGE_TAX_CODE.test(code))
        .map(([rate]) => [`taxCodes.${rate}`, 'T0 to T99']),
    ),
  };
}

/** The codes without those that Sage has no place for: one may be kept from before they were refused. */
export function sageCodes(codes: ExportCodes): ExportCodes {
  const wrong = wrongInSage(codes);
  const isTaken = ([name]: [string, unknown]) => !(name in wrong);
  const { taxCodes = {}, ...others } = codes;
  return {
    ...Object.fromEntries(Object.entries(others).filter(isTaken)),
    taxCodes: Object.fromEntries(
      Object.entries(taxCodes).filter(([rate]) => !(`taxCodes.${rate}` in wrong)),
    ),
  };
}

/** The rates of lines, each once: the lowest first, and {@link MIXED} behind them. */
export function ratesOf(lines: readonly { rate: string | null }[]): string[] {
  const rates = new Set(lines.map(({ rate }) => rate ?? MIXED));
  const height = (rate: string) => (rate === MIXED ? Number.POSITIVE_INFINITY : Number(rate));
  return [...rates].sort((a, b) => (height(a) < height(b) ? -1 : 1));
}

/** The code for a rate, or none. */
export function taxCode({ taxCodes }: ExportCodes, rate: string | null): string {
  return taxCodes?.[rate ?? MIXED] ?? '';
}
