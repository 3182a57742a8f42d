import { Badge } from '../../ui/badge.tsx';
import type { InvoiceRow } from '../types.ts';
import { moneyWords } from './words.ts';

type Standing = Pick<InvoiceRow, 'kind' | 'total' | 'status' | 'daysLate'>;

/** Whether it gives: a credit note, or an invoice below zero. */
export const standsAsCredit = ({ kind, total }: Pick<InvoiceRow, 'kind' | 'total'>) =>
  kind === 'credit_note' || total?.startsWith('-') === true;

/** How an invoice or a credit note stands, in words; null where that is not shown. */
export function standingWords(invoice: Standing): string | null {
  const { status, daysLate } = invoice;
  if (status === null) return null;
  if (standsAsCredit(invoice) && (status === 'open' || status === 'credited'))
    return status === 'open' ? moneyWords('badge.left') : moneyWords('badge.used');
  return status === 'overdue'
    ? moneyWords('badge.overdue', { count: daysLate ?? 0 })
    : moneyWords(`badge.${status}`);
}

const LOOKS = {
  open: { tone: 'news', icon: 'clock' },
  overdue: { tone: 'bad', icon: 'warning' },
  paid: { tone: 'good', icon: 'check' },
  credited: { tone: 'plain', icon: 'returned' },
} as const;

/** The same as a badge. */
export function InvoiceBadge({ invoice }: { invoice: Standing }) {
  if (invoice.status === null) return null;
  return <Badge {...LOOKS[invoice.status]}>{standingWords(invoice)}</Badge>;
}
