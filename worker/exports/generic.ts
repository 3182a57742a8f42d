/**
 * The generic CSV: one row a line, every figure that is shown, ISO days, plain decimals. It leaves nothing out:
 * lines stand in it as they are published, whatever is shown of their document.
 */
import { type Cell, figure } from '../csv.ts';
import { ofCents, plain } from './amounts.ts';
import { taxCode } from './codes.ts';
import { type Entry, entryOf } from './entries.ts';
import type { Books, ExportRow, OrderLine } from './export-row.ts';
import { amount } from './sheet.ts';

export const GENERIC_HEADER = [
  'kind',
  'invoice_number',
  'invoice_date',
  'due_date',
  'order_number',
  'order_date',
  'po_number',
  'credited_invoice',
  'customer_code',
  'customer_name',
  'customer_tax_id',
  'customer_country',
  'currency',
  'net',
  'tax',
  'total',
  'paid',
  'line_of',
  'line_number',
  'item_code',
  'description',
  'quantity',
  'unit',
  'unit_price',
  'line_net',
  'line_tax_rate',
  'line_tax',
  'account_code',
  'tax_code',
] as const;

const shown = (text: string | null): Cell => (text === null ? null : figure(text));

/** A document's rows under {@link GENERIC_HEADER}: one a line, or one without a line where it has none. */
export function genericRows(row: ExportRow, { codes }: Books): Cell[][] {
  const isTurned =
    row.kind === 'credit_note' && !(row.total ?? row.net ?? row.tax ?? '-').startsWith('-');
  const signed = (text: string | null): Cell =>
    text === null ? null : figure(isTurned ? opposite(text) : text);
  const head = [
    row.kind,
    row.number,
    row.issuedOn,
    row.dueOn,
    row.orderNumber,
    row.order?.placedOn ?? null,
    row.poNumber,
    row.credits,
    row.customer.code,
    row.customer.name,
    row.customer.taxId,
    row.customer.country,
    row.currency,
    signed(row.net),
    signed(row.tax),
    signed(row.total),
    row.kind === 'credit_note' && row.paid !== null ? figure(below(row.paid)) : shown(row.paid),
  ];
  const lines = linesOf(row, entryOf(row));
  if (lines.length === 0) {
    return [[...head, ...GENERIC_HEADER.slice(head.length).map(() => null)]];
  }
  return lines.map((line) => [
    ...head,
    line.of,
    line.lineNumber,
    line.itemCode,
    line.description,
    shown(line.quantity),
    line.unit,
    shown(line.unitPrice),
    shown(line.total),
    shown(line.rate),
    line.tax,
    line.of === 'document' ? (codes.account ?? null) : null,
    line.of === 'document' && line.isRateKnown ? taxCode(codes, line.rate) : null,
  ]);
}

type GenericLine = Omit<OrderLine, 'lineNumber' | 'taxRate'> & {
  /** Whose figures these are: those of an order may be of several documents, or of none yet. */
  of: 'document' | 'order';
  lineNumber: number | null;
  rate: string | null;
  tax: Cell;
  isRateKnown: boolean;
};

/** The lines that make a document's net; else those of an invoice's order as they are; else one for all of it. */
function linesOf(row: ExportRow, entry: Entry | null): GenericLine[] {
  const ordered = row.order?.lines ?? [];
  if (row.lines !== null && row.lines.length > 0) return ownLines(row.lines, row, entry);
  // What a credit note takes back of an order is not known.
  if (row.kind === 'invoice' && ordered.length > 0) {
    return ordered.map(({ taxRate, ...line }) => ({
      ...line,
      ...published(taxRate),
      of: 'order',
      tax: null,
    }));
  }
  return (entry?.lines ?? []).map(({ net, tax, ...line }) => ({
    ...line,
    of: 'document',
    lineNumber: null,
    total: ofCents(net),
    tax: amount(tax),
    isRateKnown: true,
  }));
}

/** With their share of the tax, where the document's tax is theirs. */
function ownLines(
  lines: NonNullable<ExportRow['lines']>,
  { kind, order }: ExportRow,
  entry: Entry | null,
): GenericLine[] {
  // A line's net is below nothing in a credit note, and so is its price: a quantity times it makes the net.
  const signed = kind === 'credit_note' ? opposite : (text: string) => text;
  const numbers = order?.lineNumbers.length === lines.length ? order.lineNumbers : [];
  const booked = entry?.isByLine ? entry.lines : [];
  return lines.map(({ taxRate, unitPrice, total, ...line }, at) => {
    const taxed = booked[at];
    return {
      ...line,
      of: 'document',
      lineNumber: numbers[at] ?? null,
      unitPrice: unitPrice === null ? null : signed(unitPrice),
      total: signed(total),
      ...(taxed ? { rate: taxed.rate, isRateKnown: true } : published(taxRate)),
      tax: taxed ? amount(taxed.tax) : null,
    };
  });
}

const published = (rate: string | null) => ({
  rate: rate === null ? null : plain(rate),
  isRateKnown: rate !== null,
});

const opposite = (text: string) => (/^-|^[0.]+$/.test(text) ? text.replace(/^-/, '') : `-${text}`);
/** What was paid back on a credit note has the sign of its total, however its supplier writes it. */
const below = (text: string) => opposite(text.replace(/^-/, ''));
