import { LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { Listing } from '../components/listing.tsx';
import { PageHead } from '../components/page-head.tsx';
import { PublishBadge } from '../components/publish-badge.tsx';
import { useOrg, withQuery } from '../org.ts';
import type { PublishList, PublishRow } from '../types.ts';
import { useList } from '../use-resource.ts';
import { t } from '../words.ts';

/** What was imported, newest first, and what became of it. */
export function Publishes() {
  const { paths, moment } = useOrg();
  const list = useList<PublishRow, PublishList>(
    (cursor) => withQuery(paths.api('publishes'), { cursor }),
    (answer) => answer.publishes,
  );
  const start = (
    <LinkButton kind="primary" icon="upload" href={paths.newImport}>
      {t('publishes.new')}
    </LinkButton>
  );
  const columns: Column<PublishRow>[] = [
    { id: 'name', label: t('publishes.name'), main: true, cell: (row) => row.name },
    {
      id: 'status',
      label: t('publishes.status'),
      aside: true,
      cell: (row) => <PublishBadge status={row.status} />,
    },
    {
      id: 'size',
      label: t('publishes.size'),
      cell: (row) =>
        `${t('publishes.items', { count: row.items })}, ${t('publishes.files', { count: row.files })}`,
    },
    {
      id: 'made',
      label: t('publishes.made'),
      cell: (row) => t('publishes.byAt', { name: row.createdBy, at: moment(row.createdAt) }),
    },
    {
      id: 'decided',
      label: t('publishes.decided'),
      cell: (row) =>
        row.decidedBy && row.decidedAt
          ? t('publishes.byAt', { name: row.decidedBy, at: moment(row.decidedAt) })
          : null,
    },
  ];
  return (
    <>
      <PageHead title={t('publishes.title')} actions={start}>
        <p>{t('publishes.intro')}</p>
      </PageHead>
      <Listing
        list={list}
        empty={
          <Empty
            title={t('publishes.empty.title')}
            text={t('publishes.empty.text')}
            icon="upload"
            action={start}
          />
        }
      >
        {(rows) => (
          <Table
            caption={t('publishes.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            href={(row) => paths.publish(row.id)}
          />
        )}
      </Listing>
    </>
  );
}
