/** The generic CSV: one row a line, every figure that is shown, ISO days, plain decimals. It leaves nothing out. */
import { type Cell, figure } from '../csv.ts';
import { taxCode } from './codes.ts';
import { entryOf } from './entries.ts';
import type { Books, ExportRow } from './export-row.ts';
import { amount } from './sheet.ts';

export const GENERIC_HEADER = [
  'kind',
  'invoice_number',
  'invoice_date',
  'due_date',
  'order_number',
  'po_number',
  'credited_invoice',
  'customer_code',
  'customer_name',
  'currency',
  'net',
  'tax',
  'total',
  'paid',
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
    row.poNumber,
    row.credits,
    row.customer.code,
    row.customer.name,
    row.currency,
    signed(row.net),
    signed(row.tax),
    signed(row.total),
    row.kind === 'credit_note' && row.paid !== null ? figure(below(row.paid)) : shown(row.paid),
  ];
  const entry = entryOf(row);
  if (entry === null) {
    return [[...head, ...GENERIC_HEADER.slice(head.length).map(() => null)]];
  }
  return entry.lines.map((line) => [
    ...head,
    line.itemCode,
    line.description,
    shown(line.quantity),
    line.unit,
    // As the line's net is: a quantity times its price makes it.
    shown(entry.sign < 0n && line.unitPrice !== null ? opposite(line.unitPrice) : line.unitPrice),
    amount(line.net),
    shown(line.rate),
    amount(line.tax),
    codes.account ?? null,
    taxCode(codes, line.rate),
  ]);
}

const opposite = (text: string) => (/^-|^[0.]+$/.test(text) ? text.replace(/^-/, '') : `-${text}`);
/** What was paid back on a credit note has the sign of its total, however its supplier writes it. */
const below = (text: string) => opposite(text.replace(/^-/, ''));
