/** Invoices as they are booked: signed, line by line, with every cent of tax on a line. */
import {
  absolute,
  cents,
  decimalsIn,
  divided,
  ofCents,
  plain,
  scaled,
  written,
} from './amounts.ts';
import type { ExportLine, ExportRow } from './export-row.ts';

export type EntryLine = Omit<ExportLine, 'taxRate' | 'total' | 'description'> & {
  description: string;
  /** Cents, negative in a credit note. */
  net: bigint;
  tax: bigint;
  /** Percent; null where one invoice has several that cannot be told apart. */
  rate: string | null;
};

/** An invoice, or a credit note, whose amounts are then negative. */
export type Entry = Omit<
  ExportRow,
  'net' | 'tax' | 'total' | 'currency' | 'issuedOn' | 'lines' | 'order'
> & {
  issuedOn: string;
  currency: string;
  /** Cents. */
  net: bigint;
  tax: bigint;
  total: bigint;
  /** -1 where the order's figures stand the other way round. */
  sign: 1n | -1n;
  lines: EntryLine[];
  /** Whether they are the order's, and not one for all of it. */
  isByLine: boolean;
};

/** What of a row can be booked: null for one that is left out. */
export function entryOf(row: ExportRow): Entry | null {
  const { net, tax, total, currency, issuedOn } = row;
  if (
    row.leftOut !== null ||
    net === null ||
    tax === null ||
    total === null ||
    currency === null ||
    issuedOn === null
  ) {
    return null;
  }
  // A supplier writes what it credits with a minus or without.
  const isTurned = row.kind === 'credit_note' && !total.startsWith('-');
  const signed = (text: string) => (isTurned ? -cents(text) : cents(text));
  const whole = { net: signed(net), tax: signed(tax), total: signed(total) };
  const sign = row.kind === 'credit_note' ? -1n : 1n;
  const split = splitLines(row, whole, sign);
  const lines = split ?? [wholeLine(row, whole)];
  const { order: _, ...booked } = row;
  return { ...booked, ...whole, currency, issuedOn, sign, lines, isByLine: split !== null };
}

/** Whether it takes something back: a credit note, or an invoice below nothing. */
export const isCredit = ({ kind, total }: Entry): boolean =>
  total < 0n || (total === 0n && kind === 'credit_note');

/** The same the other way round, for a file of credits, where amounts are what is given back. */
export function turned(entry: Entry): Entry {
  return {
    ...entry,
    net: -entry.net,
    tax: -entry.tax,
    total: -entry.total,
    sign: entry.sign < 0n ? 1n : -1n,
    lines: entry.lines.map((line) => ({ ...line, net: -line.net, tax: -line.tax })),
  };
}

/** One line for all of it. */
export function wholeLine(
  row: Pick<ExportRow, 'number' | 'credits' | 'orderNumber' | 'poNumber'>,
  { net, tax }: { net: bigint; tax: bigint },
): EntryLine {
  return {
    itemCode: null,
    description: [row.number, row.credits, row.orderNumber, row.poNumber]
      .filter(Boolean)
      .join(', '),
    quantity: null,
    unit: null,
    unitPrice: null,
    net,
    tax,
    rate: rateOf(net, tax),
  };
}

/** The order's lines with the invoice's tax on them; null where they do not explain it. */
function splitLines(
  row: ExportRow,
  { net, tax }: { net: bigint; tax: bigint },
  sign: 1n | -1n,
): EntryLine[] | null {
  if (row.lines === null || row.lines.length === 0) return null;
  const nets = row.lines.map((line) => sign * cents(line.total));
  if (nets.reduce((sum, each) => sum + each, 0n) !== net) return null;
  const taxes = splitTax(nets, row.lines, { net, tax });
  if (taxes === null) return null;
  const rate = row.lines[0]?.taxRate === null ? rateOf(net, tax) : null;
  return row.lines.map(({ taxRate, total: _, description, ...line }, at) => ({
    ...line,
    description: description ?? line.itemCode ?? row.number,
    net: nets[at] ?? 0n,
    tax: taxes[at] ?? 0n,
    rate: taxRate === null ? rate : plain(taxRate),
  }));
}

/** Rates are read with as many decimals. */
const RATE_SCALE = 4;
const PERCENT = 100n * 10n ** BigInt(RATE_SCALE);

/**
 * Tax line by line, to the cent: by the lines' own rates where they explain the invoice's tax but for
 * rounding, by their share of the net where no line has one. Null where neither does.
 */
function splitTax(
  nets: readonly bigint[],
  lines: readonly ExportLine[],
  { net, tax }: { net: bigint; tax: bigint },
): bigint[] | null {
  const rates = lines.map(({ taxRate }) => taxRate);
  if (rates.every((rate) => rate === null)) {
    if (tax === 0n) return nets.map(() => 0n);
    return net === 0n
      ? null
      : shareOut(
          nets.map((each) => [each * tax, net]),
          tax,
        );
  }
  if (rates.some((rate) => rate === null)) return null;
  const exact = nets.map(
    (each, at) => [each * scaled(rates[at] ?? '0', RATE_SCALE), PERCENT] as const,
  );
  const rounded = exact.reduce((sum, [top, bottom]) => sum + divided(top, bottom), 0n);
  // Half a cent a line is rounding; more is another tax.
  if (absolute(tax - rounded) > BigInt(nets.length)) return null;
  const taxed = exact.filter(([top]) => top !== 0n);
  return taxed.length === 0 && tax !== 0n ? null : shareOut(exact, tax);
}

/** Fractions rounded so that they add up to `sum`: the cents that are left go where most was rounded off. */
function shareOut(
  parts: readonly (readonly [top: bigint, bottom: bigint])[],
  sum: bigint,
): bigint[] {
  const shares = parts.map(([top, bottom]) => divided(top, bottom));
  const left = sum - shares.reduce((all, share) => all + share, 0n);
  const step = left < 0n ? -1n : 1n;
  // What rounding took off each part, in the direction of what is left, in millionths of a cent.
  const rest = parts.map(
    ([top, bottom], at) => step * divided((top - (shares[at] ?? 0n) * bottom) * 1_000_000n, bottom),
  );
  const order = parts
    .map((_, at) => at)
    .filter((at) => parts[at]?.[0] !== 0n)
    .sort((a, b) => Number((rest[b] ?? 0n) - (rest[a] ?? 0n)) || a - b);
  for (let turn = 0n; turn < absolute(left) && order.length > 0; turn += 1n) {
    const at = order[Number(turn % BigInt(order.length))] ?? 0;
    shares[at] = (shares[at] ?? 0n) + step;
  }
  return shares;
}

/** How far a rate may miss the tax, in cents, by its decimals: tax that was rounded line by line. */
const SLACK: readonly [decimals: number, most: bigint, ofNet: bigint][] = [
  [0, 5n, 2_000n],
  [1, 2n, 20_000n],
  [2, 0n, 1n],
];

/** The rate that makes this tax of this net, in percent, with at most 2 decimals; null when there is none. */
export function rateOf(net: bigint, tax: bigint): string | null {
  if (tax === 0n) return '0';
  if (net === 0n || net < 0n !== tax < 0n) return null;
  for (const [decimals, most, ofNet] of SLACK) {
    const unit = 10n ** BigInt(decimals);
    const rate = divided(tax * 100n * unit, net);
    const miss = absolute(divided(net * rate, 100n * unit) - tax);
    const share = absolute(net) / ofNet;
    if (rate !== 0n && miss <= most && miss <= share) return plain(written(rate, decimals));
  }
  return null;
}

/** As many decimals of a price or a quantity as every format takes. */
const PRICE_DECIMALS = 4;

/** A quantity and a price that make the line's net, to the cent: the order's own, else once the net. */
export function priced(line: EntryLine, sign: bigint): { quantity: string; unitPrice: string } {
  const { quantity, unitPrice, net } = line;
  if (
    quantity !== null &&
    unitPrice !== null &&
    scaled(quantity, PRICE_DECIMALS) > 0n &&
    decimalsIn(quantity) <= PRICE_DECIMALS &&
    decimalsIn(unitPrice) <= PRICE_DECIMALS
  ) {
    const price = sign * scaled(unitPrice, PRICE_DECIMALS);
    const made = scaled(quantity, PRICE_DECIMALS) * price;
    if (divided(made, 10n ** BigInt(2 * PRICE_DECIMALS - 2)) === net) {
      return { quantity: plain(quantity), unitPrice: priceText(price) };
    }
  }
  return { quantity: '1', unitPrice: ofCents(net) };
}

/** At least two decimals, and no needless ones. */
function priceText(price: bigint): string {
  const text = plain(written(price, PRICE_DECIMALS));
  return decimalsIn(text) < 2 ? ofCents(divided(price, 10n ** BigInt(PRICE_DECIMALS - 2))) : text;
}
