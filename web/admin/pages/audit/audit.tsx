import { useLocation } from '../../../lib/router.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { filterOf } from '../../audit-filter.ts';
import { About, Detail, When } from '../../components/audit-event.tsx';
import { eventWords } from '../../components/event-words.ts';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { AuditEvent, AuditList } from '../../types.ts';
import { useList } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { AuditFilters } from './audit-filters.tsx';
import { SealNote } from './seal-note.tsx';

/** Who did what, newest first; by person, customer, action, subject and day, on the page or as a file. */
export function Audit() {
  const { paths } = useOrg();
  const filter = filterOf(useLocation().query);
  const list = useList<AuditEvent, AuditList>(
    (cursor) => withQuery(paths.api('audit'), { ...filter, cursor }),
    (answer) => answer.events,
  );
  const isFiltered = Object.keys(filter).length > 0;
  const columns: Column<AuditEvent>[] = [
    { id: 'what', label: t('audit.what'), main: true, cell: eventWords },
    { id: 'when', label: t('audit.when'), cell: (event) => <When at={event.at} /> },
    { id: 'about', label: t('audit.about'), cell: (event) => <About event={event} /> },
    { id: 'detail', label: t('audit.detail'), cell: (event) => <Detail event={event} /> },
  ];
  return (
    <>
      <PageHead
        title={t('audit.title')}
        actions={
          <LinkButton icon="download" download href={withQuery(paths.api('audit.csv'), filter)}>
            {t('audit.export')}
          </LinkButton>
        }
      >
        <p>{t('audit.intro')}</p>
        <SealNote />
      </PageHead>
      <AuditFilters filter={filter} rows={list.rows} />
      <Listing
        list={list}
        empty={
          isFiltered ? (
            <Empty title={t('audit.noMatch.title')} text={t('audit.noMatch.text')} icon="search" />
          ) : (
            <Empty title={t('audit.empty.title')} text={t('audit.empty.text')} icon="eye" />
          )
        }
      >
        {(rows) => (
          <Table
            caption={t('audit.title')}
            columns={columns}
            rows={rows}
            rowKey={(event) => event.id}
          />
        )}
      </Listing>
    </>
  );
}
