import { useLocation } from '../../../lib/router.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { LinkButton } from '../../../ui/button.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import { Listing } from '../../components/listing.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { documentName, seenWords } from '../../components/taking-words.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { ExposurePage, Taking } from '../../types.ts';
import { useList, useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import css from './exposure-report.module.css';

const HOW = { inline: 'viewed', attachment: 'downloaded', zip: 'zip' } as const;

/** Who saw what of a publish, of a customer's part of it, or of one document; withdrawn or not. */
export function ExposureReport({ id }: { id: string }) {
  const { paths, moment, date } = useOrg();
  const { query } = useLocation();
  const part = { customer: query.customer, document: query.document };
  const path = paths.api(`publishes/${encodeURIComponent(id)}/exposure-report`);
  const report = useResource<ExposurePage>(withQuery(path, part));
  const list = useList<Taking, ExposurePage>(
    (cursor) => withQuery(path, { ...part, cursor }),
    (answer) => answer.takings,
  );
  const columns: Column<Taking>[] = [
    { id: 'document', label: t('exposureReport.document'), main: true, cell: documentOf },
    {
      id: 'how',
      label: t('exposureReport.how'),
      aside: true,
      cell: ({ takenAs }) => t(`traceHow.${HOW[takenAs]}`),
    },
    { id: 'when', label: t('exposureReport.when'), cell: ({ at }) => moment(at) },
    {
      id: 'who',
      label: t('exposureReport.who'),
      cell: ({ contact, customer }) => (
        <>
          {contact.name ?? contact.email}
          <span class={css.soft}>
            {contact.name && <>{contact.email}, </>}
            <a href={paths.customer(customer.id)}>{customer.name}</a>
          </span>
        </>
      ),
    },
    {
      id: 'link',
      label: t('exposureReport.link'),
      cell: ({ link }) => (
        <>
          {t(`linkPurposes.${link.purpose}`)} …{link.last4}
          {link.label && <>, {link.label}</>}
          {link.revokedAt !== null && (
            <Badge icon="cross">{t('trace.linkRevoked', { at: date(link.revokedAt) })}</Badge>
          )}
        </>
      ),
    },
    {
      id: 'reference',
      label: t('exposureReport.reference'),
      cell: ({ reference }) => <a href={paths.traceOf(reference)}>{reference}</a>,
    },
  ];
  const name = report.value?.publish.name;
  return (
    <>
      <PageHead
        title={t('exposureReport.title')}
        back={{ href: paths.publish(id), name: name ?? t('publishes.title') }}
        actions={
          <LinkButton icon="download" href={withQuery(`${path}.csv`, part)} download>
            {t('exposureReport.csv')}
          </LinkButton>
        }
      >
        {name && <p>{t('exposureReport.of', { name })}</p>}
        {part.customer && <p>{t('exposureReport.ofPart', { customer: part.customer })}</p>}
        {part.document && (
          <p>{t('exposureReport.ofDocument', { document: part.document.replace(/^\w+:/, '') })}</p>
        )}
        {report.value?.totals.first && <p>{seenWords(report.value.totals, moment)}</p>}
        <p>{t('exposureReport.stays')}</p>
      </PageHead>
      <Listing
        list={list}
        empty={
          <Empty
            title={t('exposureReport.empty.title')}
            text={t('exposureReport.empty.text')}
            icon="eye"
          />
        }
      >
        {(rows) => (
          <Table
            caption={t('exposureReport.title')}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
          />
        )}
      </Listing>
    </>
  );
}

function documentOf({ document }: Taking) {
  return (
    <>
      {documentName(document)}
      {document.orderNumber && (
        <span class={css.soft}>{t('exposureReport.orders', { number: document.orderNumber })}</span>
      )}
    </>
  );
}
