import { formatDay, formatMoney } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { useViewLinks } from '../beside.ts';
import { laterWords } from '../later-words.ts';
import type { CreditNote } from '../types.ts';
import css from './credit-notes.module.css';
import { DownloadLink } from './documents.tsx';

/** What was credited of an order, with the papers that say so. */
export function CreditNotes({ notes, orderId }: { notes: CreditNote[]; orderId: string }) {
  const viewLink = useViewLinks();
  const paperOf = ({ documentId, number }: CreditNote) =>
    documentId === null ? null : { id: documentId, kind: 'credit_note' as const, number, orderId };
  const columns: Column<CreditNote>[] = [
    {
      id: 'number',
      label: t('documentKind.credit_note'),
      main: true,
      cell: (note) => {
        const paper = paperOf(note);
        if (!paper) return note.number;
        // The paper may be among the order's documents too, whose link has this id.
        const { id: _, ...link } = viewLink(paper);
        return (
          <a class={css.paper} {...link}>
            {note.number}
          </a>
        );
      },
    },
    {
      id: 'date',
      label: laterWords('documents.date'),
      cell: ({ issuedOn }) => issuedOn && formatDay(issuedOn),
    },
    {
      id: 'total',
      label: t('orders.total'),
      numeric: true,
      cell: ({ total, currency }) => total && currency && formatMoney(total, currency),
    },
    {
      id: 'download',
      label: t('document.download'),
      aside: true,
      screenOnly: true,
      numeric: true,
      cell: (note) => {
        const paper = paperOf(note);
        return paper && <DownloadLink document={paper} inTable />;
      },
    },
  ];
  return (
    <section class={css.section} aria-labelledby="credit-notes">
      <h2 id="credit-notes">{laterWords('creditNotes.title')}</h2>
      <Table
        caption={laterWords('creditNotes.title')}
        columns={columns}
        rows={notes}
        rowKey={({ id }) => id}
      />
    </section>
  );
}
