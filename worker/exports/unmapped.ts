import type { ExportFormat } from '../vocabulary.ts';
import { type ExportCodes, ratesOf, sageCodes, untaxedCategory } from './codes.ts';
import type { Entry } from './entries.ts';
import type { Books } from './export-row.ts';
import { sageLines } from './sage50.ts';
import { sellerOf } from './ubl-parties.ts';

/**
 * What these documents need and nobody has mapped: names of codes, and `taxCodes.23` for a rate. Nor is a
 * code mapped that Sage has no place for. The cells stay empty. Nothing is needed of a generic CSV.
 */
export function unmapped(format: ExportFormat, books: Books, entries: readonly Entry[]): string[] {
  const { side } = books;
  const codes = format === 'sage50' ? sageCodes(books.codes) : books.codes;
  if (format === 'csv' || entries.length === 0) return [];
  const rates = ratesIn(format, entries);
  const missing = (name: 'contact' | 'account' | 'taxAccount') => (codes[name] ? [] : [name]);
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
        ...(codes.department === books.codes.department ? [] : ['department']),
        ...ratesWithout(codes, rates),
      ];
    case 'ubl': {
      const seller = sellerOf(books);
      const isSaid = untaxedCategory(codes) !== null;
      return [...('missing' in seller ? seller.missing : []), ...(isSaid ? [] : ['taxCodes.0'])];
    }
  }
}

/** Every rate there is a code for to give, as {@link ratesOf} orders them. */
export function ratesIn(format: ExportFormat, entries: readonly Entry[]): string[] {
  const lines = entries.flatMap((entry) => (format === 'sage50' ? sageLines(entry) : entry.lines));
  return ratesOf(lines);
}

const ratesWithout = (codes: ExportCodes, rates: readonly string[]) =>
  rates.filter((rate) => !codes.taxCodes?.[rate]).map((rate) => `taxCodes.${rate}`);
