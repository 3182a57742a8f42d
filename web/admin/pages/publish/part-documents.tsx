import type { DocumentState } from '../../../../worker/domain/outcome.ts';
import { formatNumber } from '../../../lib/format.ts';
import { Badge, type Tone } from '../../../ui/badge.tsx';
import { Button, LinkButton } from '../../../ui/button.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Listing } from '../../components/listing.tsx';
import { documentName } from '../../components/taking-words.ts';
import { useOrg, withQuery } from '../../org.ts';
import type {
  PartDocumentList,
  PublishedDocument,
  PublishedPart,
  PublishRow,
} from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { t } from '../../words.ts';
import css from './outcome.module.css';
import type { Withdrawn } from './withdraw-dialog.tsx';

const LOOKS: Record<DocumentState, { tone: Tone; icon: IconName }> = {
  current: { tone: 'good', icon: 'eye' },
  replaced: { tone: 'plain', icon: 'returned' },
  withdrawn: { tone: 'plain', icon: 'cross' },
};

/** What a document of a publish is by now. */
export function DocumentBadge({ state }: { state: DocumentState }) {
  return <Badge {...LOOKS[state]}>{t(`documentStates.${state}`)}</Badge>;
}

/** The documents of a customer's part, each with what became of it. */
export function PartDocuments({
  publish,
  part,
  onAsk,
}: {
  publish: PublishRow;
  part: PublishedPart;
  onAsk: ((asked: Withdrawn) => void) | null;
}) {
  const { paths } = useOrg();
  const list = useList<PublishedDocument, PartDocumentList>(
    (cursor) =>
      withQuery(paths.api(`publishes/${encodeURIComponent(publish.id)}/documents`), {
        customer: part.key,
        cursor,
      }),
    (answer) => answer.documents,
  );
  const columns: Column<PublishedDocument>[] = [
    { id: 'name', label: t('outcome.document'), main: true, cell: documentName },
    {
      id: 'state',
      label: t('outcome.state'),
      aside: true,
      cell: ({ state }) => <DocumentBadge state={state} />,
    },
    { id: 'order', label: t('outcome.order'), cell: ({ orderNumber }) => orderNumber },
    {
      id: 'looks',
      label: t('outcome.looks'),
      numeric: true,
      cell: ({ seen }) => formatNumber(seen.viewed + seen.downloaded),
    },
    {
      id: 'actions',
      label: t('outcome.actions'),
      wide: true,
      cell: (row) => {
        const name = documentName(row);
        return (
          <span class={css.rowActions}>
            <LinkButton href={paths.history(row.kind, row.number)}>
              {t('outcome.history')}
              <span class="unseen"> {name}</span>
            </LinkButton>
            <LinkButton href={withQuery(paths.exposureReport(publish.id), { document: row.key })}>
              {t('outcome.report')}
              <span class="unseen"> {name}</span>
            </LinkButton>
            {onAsk && row.state !== 'withdrawn' && (
              <Button
                kind="danger"
                aria-label={t('outcome.withdrawOne', { name })}
                onClick={() => onAsk({ what: 'document', key: row.key, name })}
              >
                {t('outcome.withdrawPart')}
              </Button>
            )}
          </span>
        );
      },
    },
  ];
  return (
    <Listing list={list} empty={null}>
      {(rows) => (
        <Table
          caption={`${t('outcome.documents')}, ${part.name}`}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.key}
        />
      )}
    </Listing>
  );
}
