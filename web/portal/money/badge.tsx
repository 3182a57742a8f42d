import { Badge } from '../../ui/badge.tsx';
import type { InvoiceRow } from '../types.ts';
import { moneyWords } from './words.ts';

type Standing = Pick<InvoiceRow, 'kind' | 'status' | 'daysLate'>;

/** How an invoice or a credit note stands, in words; null where that is not shown. */
export function standingWords({ kind, status, daysLate }: Standing): string | null {
  if (status === null) return null;
  if (kind === 'credit_note')
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
