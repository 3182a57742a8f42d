import type { InvoicePage } from '../types.ts';

/** To compare with, where a float will do: what is shown is never made of it. */
const thousandths = (amount: string) => Math.round(Number(amount) * 1000);

/**
 * What an invoice's lines are without, where they come to less than its net: the shipping of its order, or
 * something that nobody here was told of. Null where nothing is known to be missing. Pure.
 */
export function missingInLines({
  lines,
  shipping,
  invoice: { net },
}: Pick<InvoicePage, 'lines' | 'shipping'> & {
  invoice: Pick<InvoicePage['invoice'], 'net'>;
}): { shipping: string | null } | null {
  if (net === null || lines.length === 0) return null;
  let rest = thousandths(net);
  for (const { total } of lines) {
    if (total === null) return null;
    rest -= thousandths(total);
  }
  if (rest <= 0) return null;
  return { shipping: shipping !== null && thousandths(shipping) === rest ? shipping : null };
}
